"""Tensors on disk: a safetensors file that verifies itself.

Weights, the judge and the index of originality are such files. Each carries a hash of its own
tensors, so it and the `config.json` beside it never have to be replaced in one step. Its sizes are
looked at before anything is read into memory.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from abclm.errors import CheckpointError
from abclm.files import write_atomically
from abclm.model.checkpoint.stored import read_stored
from abclm.untrusted.strict_json import read_json

__all__ = [
    "FORMAT",
    "TensorFile",
    "Tensors",
    "bytes_of",
    "read_tensors",
    "save_tensors",
]

FORMAT = 1
"""The format number of a checkpoint: of `config.json` and of the files of tensors."""

Tensors = dict[str, NDArray[Any]]

_KEY = "abclm"
_EXPONENT = np.uint16(0x7C00)
"""All of its bits are set in a float16 that is NaN or infinite (IEEE 754)."""
_MOST_BYTES = 4 * 2**30
"""The largest file that is read into memory if the reader states no size."""
_HEADER_BYTES = 2**20
"""Names, types and shapes of the tensors, and notes about them: a few KiB in the shipped files."""


@dataclass(frozen=True)
class TensorFile:
    """What such a file holds."""

    tensors: Tensors
    """By name, with the number type they are stored in."""
    sha256: str
    """Over names, number types, shapes and bytes; two files with equal tensors have the same."""
    notes: dict[str, str]
    """The other metadata of the file."""


def save_tensors(
    path: Path,
    tensors: Mapping[str, NDArray[Any]],
    dtype: DTypeLike | None = np.float16,
    notes: Mapping[str, str] | None = None,
) -> str:
    """Write ``tensors`` to ``path``, completely or not at all.

    Args:
        path: the file, which is replaced if it exists.
        tensors: the tensors by name.
        dtype: the number type on disk; None keeps that of each tensor.
        notes: further metadata, as text.

    Returns:
        The sha256 of the tensors as written.

    Raises:
        OutputError: the file cannot be written.
    """
    from safetensors.numpy import save  # noqa: PLC0415 - only those who read or write weights pay

    stored = {name: np.asarray(tensors[name], dtype, order="C") for name in sorted(tensors)}
    digest = _hash(stored)
    about = {"format": FORMAT, "sha256": digest, "notes": dict(notes or {})}
    if notes:
        about["notes_sha256"] = _hash_notes(notes)
    # Only one key: safetensors writes several in random order, and equal weights should make
    # equal files.
    write_atomically(path, save(stored, {_KEY: json.dumps(about, sort_keys=True)}))
    return digest


def bytes_of(shapes: Iterable[tuple[int, ...]]) -> int:
    """The size of the largest file with tensors of ``shapes`` in float32 or smaller types."""
    return _HEADER_BYTES + sum(4 * math.prod(shape) for shape in shapes)


def read_tensors(path: Path, most: int = _MOST_BYTES) -> TensorFile:
    """Read the tensors of the file ``path``, and check their hash.

    Args:
        path: the file.
        most: its maximum size in bytes.

    Raises:
        CheckpointError: it is missing, too large, cut short, not safetensors, of a newer format or
            changed, or a number in it is NaN or infinite.
    """
    data = read_stored(path, most)
    tensors, about = _load(path, data), _about(path, data)
    digest = _hash(tensors)
    if about.get("sha256") != digest:
        raise CheckpointError(f"{path}: damaged: its numbers do not match their checksum")
    notes = about.get("notes", {})
    if not isinstance(notes, dict):
        raise CheckpointError(f"{path}: damaged: its notes are not an object")
    # Files written before abclm hashed the notes lack this key.
    if about.get("notes_sha256", _hash_notes(notes)) != _hash_notes(notes):
        raise CheckpointError(f"{path}: damaged: its notes do not match their checksum")
    for name, tensor in tensors.items():
        if tensor.dtype.kind == "f" and not _is_finite(tensor):
            raise CheckpointError(f"{path}: {name} has a number that is NaN or infinite")
    return TensorFile(tensors, digest, notes)


def _load(path: Path, data: bytes) -> Tensors:
    from safetensors import SafetensorError  # noqa: PLC0415 - as above
    from safetensors.numpy import load  # noqa: PLC0415 - as above

    if int.from_bytes(data[:8], "little") > min(len(data), _HEADER_BYTES):
        raise CheckpointError(f"{path}: damaged, or not a weights file: its header has no end")
    try:
        tensors: Tensors = load(data)
    except SafetensorError as error:
        raise CheckpointError(f"{path}: damaged, or not a weights file: {error}") from error
    except KeyError as error:
        raise CheckpointError(f"{path}: has numbers of type {error}, not numpy's") from error
    except (MemoryError, OverflowError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: has a tensor that numpy cannot hold: {error}") from error
    return tensors


def _is_finite(tensor: NDArray[np.floating[Any]]) -> bool:
    if tensor.dtype != np.float16:
        return bool(np.isfinite(tensor).all())
    # Bitwise, since numpy takes a dozen times as long with float16.
    exponent = tensor.view(np.uint16) & _EXPONENT
    return bool((exponent != _EXPONENT).all())


def _about(path: Path, data: bytes) -> dict[str, Any]:
    """Our part of the header: 8 bytes of length, then JSON (the safetensors format)."""
    length = int.from_bytes(data[:8], "little")
    try:
        metadata = read_json(data[8 : 8 + length]).get("__metadata__", {})
        about = dict(read_json(metadata[_KEY]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: was not written by abclm train") from error
    if about.get("format") != FORMAT:
        raise CheckpointError(
            f"{path}: has format {about.get('format')}, this abclm reads {FORMAT}: update abclm"
        )
    return about


def _hash_notes(notes: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(notes, sort_keys=True).encode()).hexdigest()


def _hash(tensors: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype.str} {tensor.shape}\n".encode())
        digest.update(np.ascontiguousarray(tensor).data)
    return digest.hexdigest()
