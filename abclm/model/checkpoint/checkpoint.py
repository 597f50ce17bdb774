"""A checkpoint: a folder with `config.json`, `weights.safetensors` and `history.csv`."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import abclm
from abclm.errors import CheckpointError, InputError
from abclm.files import write_atomically
from abclm.model.checkpoint.config_values import corpus_of, results_of, settings_of, usual_of
from abclm.model.checkpoint.stored import read_stored
from abclm.model.checkpoint.tensor_file import bytes_of, read_tensors
from abclm.model.checkpoint.weights import weight_shapes
from abclm.model.cues.reader import CUES_VERSION
from abclm.model.settings import NetworkSettings, TrainingSettings
from abclm.model.text import Usual
from abclm.model.vocabulary import Vocabulary
from abclm.untrusted.strict_json import read_json
from abclm.untrusted.values import text_of, texts_of

__all__ = [
    "CONFIG",
    "CURVES",
    "HISTORY",
    "WEIGHTS",
    "Checkpoint",
    "CheckpointConfig",
    "find_checkpoint",
    "list_checkpoints",
    "load_checkpoint",
    "load_config",
    "save_config",
    "shipped_checkpoints",
]

CONFIG_FORMAT = 2
"""The number of the format of `config.json`."""
CONFIG = "config.json"
WEIGHTS = "weights.safetensors"
HISTORY = "history.csv"
CURVES = "curves.svg"

_CONFIG_BYTES: Final = 4 * 2**20
"""A thousand times the shipped configuration; a larger file is not one."""
_WEIGHTS_BYTES: Final = 2**30
"""Almost fifty times the shipped network in float32."""
_LARGEST: Final = float(np.finfo(np.float16).max)
"""Weights are written as float16, in which larger numbers would overflow."""
_FLOATS: Final = frozenset({np.dtype(np.float16), np.dtype(np.float32)})


@dataclass(frozen=True)
class CheckpointConfig:
    """The contents of a checkpoint's `config.json`."""

    name: str
    """The name of the checkpoint."""
    network: NetworkSettings
    """The shape of the network."""
    vocabulary: Vocabulary
    """The characters, in the order of their ids."""
    training: TrainingSettings
    """How it was trained."""
    corpus: dict[str, Any] = field(default_factory=dict)
    """The training corpus: name, tunes, characters, sha256, …"""
    usual: Usual = field(default_factory=Usual)
    """The keys and rhythms that the network knows."""
    licence: str = ""
    """The terms under which the weights may be used."""
    command: str = ""
    """The command line that trained it."""
    results: dict[str, Any] = field(default_factory=dict)
    """Measured results: `held_out_bits_per_character`, `epoch`, `characters_seen`, …"""

    def __post_init__(self) -> None:
        if self.network.vocabulary_size != self.vocabulary.size:
            raise InputError(
                f"the network has {self.network.vocabulary_size} ids, "
                f"the vocabulary {self.vocabulary.size}"
            )


@dataclass(frozen=True)
class Checkpoint:
    """A trained network, ready for decoding."""

    path: Path
    """Its folder."""
    config: CheckpointConfig
    """Its configuration."""
    weights: dict[str, NDArray[np.float32]]
    """The weights by the names of `weight_shapes`, always float32."""
    sha256: str
    """The hash of the weights as stored, which identifies the checkpoint."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The characters that the network knows."""
        return self.config.vocabulary


def load_checkpoint(path: Path) -> Checkpoint:
    """Load the checkpoint in the folder ``path``.

    Raises:
        CheckpointError: the folder or a file is missing, damaged or of another format.
    """
    config = load_config(path)
    shapes = weight_shapes(config.network)
    file = read_tensors(path / WEIGHTS, min(bytes_of(shapes.values()), _WEIGHTS_BYTES))
    for name, shape in shapes.items():
        if name not in file.tensors:
            raise CheckpointError(f"{path / WEIGHTS}: has no {name}")
        reason = _why_not(file.tensors[name], shape)
        if reason:
            raise CheckpointError(f"{path / WEIGHTS}: {name} {reason}")
    weights = {name: file.tensors[name].astype(np.float32) for name in shapes}
    return Checkpoint(path, config, weights, file.sha256)


def load_config(path: Path) -> CheckpointConfig:
    """Load the configuration of the checkpoint in the folder ``path``, without its weights.

    Raises:
        CheckpointError: the folder or its `config.json` is missing, damaged or of another format.
    """
    file = path / CONFIG
    if not path.is_dir():
        raise CheckpointError(f"{path}: no such checkpoint: it must be a folder with a {CONFIG}")
    try:
        values = read_json(read_stored(file, _CONFIG_BYTES))
        if not isinstance(values, dict):
            raise CheckpointError(f"{file}: not the configuration of a checkpoint")
        _check_format(file, values)
        return _config(values)
    except InputError as error:
        raise CheckpointError(f"{file}: {error}") from error
    except ValueError as error:
        raise CheckpointError(f"{file}: damaged: not JSON: {error}") from error


def save_config(path: Path, config: CheckpointConfig) -> None:
    """Write ``config`` as the `config.json` of the folder ``path``.

    Raises:
        OutputError: the file cannot be written.
    """
    values = {
        "format": CONFIG_FORMAT,
        "cues_version": CUES_VERSION,
        "name": config.name,
        "licence": config.licence,
        "corpus": config.corpus,
        "command": config.command,
        "network": asdict(config.network),
        "training": asdict(config.training),
        "results": config.results,
        "usual": _without_nothing(asdict(config.usual), {"voices", "units"}),
        "vocabulary": list(config.vocabulary.characters),
    }
    text = json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # A file name on the command line may hold bytes that are not UTF-8; they are escaped.
    write_atomically(path / CONFIG, text.encode("utf-8", "backslashreplace"))


def find_checkpoint(name: str, folders: Sequence[Path]) -> Path:
    """Find the folder of the checkpoint ``name``: a path, or a name in ``folders``.

    Raises:
        CheckpointError: there is none; the message lists the checkpoints that exist.
    """
    path = Path(name)
    for candidate in (path, *(folder / name for folder in folders)):
        if (candidate / CONFIG).is_file():
            return candidate
    if path.is_dir():
        raise CheckpointError(f"{name}: not a checkpoint: it has no {CONFIG}")
    names = sorted({found.name for found in list_checkpoints(folders)})
    there_are = f"there are: {', '.join(names)}" if names else "there is none yet: abclm train"
    raise CheckpointError(f'no checkpoint "{name}"; {there_are}')


def list_checkpoints(folders: Sequence[Path]) -> list[Path]:
    """The folders of all checkpoints in ``folders``, by name; the first with a name is taken."""
    found: dict[str, Path] = {}
    for folder in folders:
        for config in sorted(folder.glob(f"*/{CONFIG}")):
            found.setdefault(config.parent.name, config.parent)
    return [found[name] for name in sorted(found)]


def shipped_checkpoints() -> Path:
    """The folder of the checkpoints that come with abclm: in the wheel, or atop a clone."""
    package = Path(abclm.__file__).parent
    inside = package / "checkpoints"
    return inside if inside.is_dir() else package.parent / "checkpoints"


def _why_not(tensor: NDArray[Any], shape: tuple[int, ...]) -> str:
    """Why ``tensor`` cannot be a weight of ``shape``; empty if it can."""
    if tensor.shape != shape:
        return f"has the shape {tensor.shape}, {CONFIG} says {shape}"
    if tensor.dtype not in _FLOATS:
        return "is not of floating-point numbers"
    if tensor.dtype != np.float16 and max(tensor.max(), -tensor.min()) > _LARGEST:
        return f"has a number beyond {_LARGEST:,.0f}, the largest there is"
    return ""


def _check_format(file: Path, values: Mapping[str, Any]) -> None:
    number = values.get("format")
    if not isinstance(number, int) or isinstance(number, bool):
        raise CheckpointError(f"{file}: not the configuration of a checkpoint: format {number!r}")
    if number > CONFIG_FORMAT:
        raise CheckpointError(
            f"{file}: has format {number}, this abclm reads {CONFIG_FORMAT}: update abclm"
        )
    if number < CONFIG_FORMAT or values.get("cues_version") != CUES_VERSION:
        name = values.get("name", file.parent.name)
        raise CheckpointError(
            f"{file}: the checkpoint {name!r} was trained by another version of abclm, which read "
            "tunes differently: train it again, or use that version"
        )


def _config(values: Mapping[str, Any]) -> CheckpointConfig:
    return CheckpointConfig(
        name=text_of(values, "name"),
        network=settings_of(NetworkSettings, values, "network"),
        vocabulary=Vocabulary(texts_of(values, "vocabulary")),
        training=settings_of(TrainingSettings, values, "training"),
        corpus=corpus_of(values, "corpus"),
        usual=usual_of(values, "usual"),
        licence=text_of(values, "licence"),
        command=text_of(values, "command"),
        results=results_of(values, "results"),
    )


def _without_nothing(table: dict[str, Any], keys: AbstractSet[str]) -> dict[str, Any]:
    """The table without those of ``keys`` whose values are empty."""
    return {name: value for name, value in table.items() if value or name not in keys}
