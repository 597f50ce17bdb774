"""`training.safetensors`: all that a run needs to go on exactly where it stopped."""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from abclm.errors import CheckpointError, TrainingError
from abclm.model.checkpoint.checkpoint import CheckpointConfig
from abclm.model.checkpoint.tensor_file import TensorFile, Tensors, read_tensors, save_tensors
from abclm.model.training.backend import import_keras
from abclm.untrusted.strict_json import read_json

__all__ = ["STATE", "TrainingPosition", "fingerprint", "load_state", "save_state"]

STATE = "training.safetensors"

# These may differ when a run goes on: they leave its trajectory as it is.
_FREE_TO_CHANGE = ("max_minutes", "patience", "sample_every", "save_minutes")


@dataclass
class TrainingPosition:
    """How far a run has come."""

    epoch: int = 0
    """Epochs completed."""
    step: int = 0
    """Steps taken, all epochs together."""
    characters: int = 0
    """Learnt from in those steps."""
    epoch_characters: int = 0
    """Learnt from in the current epoch."""
    nats: float = 0.0
    """Sum over the steps of the current epoch of their mean loss."""
    training_seconds: float = 0.0
    """Spent on steps in the current epoch."""
    seconds: float = 0.0
    """Since the start, pauses left out."""
    best: float | None = None
    """The lowest held-out bits per character so far."""
    epochs_since_best: int = 0
    """Completed after the one that brought it."""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            whole = isinstance(getattr(TrainingPosition, name), int)
            if not isinstance(value, int if whole else int | float | None):
                raise TypeError(f"{name} must be a number, not {value!r:.40}")


def fingerprint(
    config: CheckpointConfig, texts: Iterable[str], held_out: Iterable[str]
) -> dict[str, Any]:
    """What must be equal for a run to go on: settings, vocabulary and texts."""
    training = {
        name: value
        for name, value in asdict(config.training).items()
        if name not in _FREE_TO_CHANGE
    }
    identity = {
        **{f"network.{name}": value for name, value in asdict(config.network).items()},
        **{f"training.{name}": value for name, value in training.items()},
        "vocabulary": text_sha256(config.vocabulary.characters),
        "corpus": text_sha256(texts),
        "corpus.held_out": text_sha256(held_out),
    }
    # As it comes back from the file: lists for tuples.
    return dict(json.loads(json.dumps(identity)))


def text_sha256(texts: Iterable[str]) -> str:
    """The hash of ``texts``, their order and their borders."""
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def save_state(
    path: Path,
    variables: Sequence[tuple[str, Any]],
    position: TrainingPosition,
    identity: dict[str, Any],
) -> None:
    """Write the state of a run to the file ``path``, whole or not at all.

    Args:
        path: the file.
        variables: Keras variables, each with its name in the file.
        position: how far the run has come.
        identity: see `fingerprint`.

    Raises:
        OutputError: it cannot be written.
    """
    keras = import_keras()
    tensors: Tensors = {
        name: np.asarray(keras.ops.convert_to_numpy(variable)) for name, variable in variables
    }
    notes = {"position": json.dumps(asdict(position)), "identity": json.dumps(identity)}
    save_tensors(path, tensors, dtype=None, notes=notes)


def load_state(
    path: Path, variables: Sequence[tuple[str, Any]], identity: dict[str, Any]
) -> TrainingPosition:
    """Put the state in the file ``path`` into ``variables``.

    Raises:
        TrainingError: the file is missing or damaged, or the run had other settings or texts.
    """
    file, then, position = _read(path)
    _check_identity(path.parent, then, identity)
    for name, variable in variables:
        if name not in file.tensors or file.tensors[name].size != math.prod(variable.shape):
            raise TrainingError(f"{path}: was written by other versions of abclm or Keras: {name}")
    for name, variable in variables:
        variable.assign(file.tensors[name].reshape(variable.shape))
    return position


def _read(path: Path) -> tuple[TensorFile, dict[str, Any], TrainingPosition]:
    """The tensors of a state, what it belongs to, and how far the run had come."""
    try:
        file = read_tensors(path)
        identity = dict(read_json(file.notes["identity"]))
        return file, identity, TrainingPosition(**read_json(file.notes["position"]))
    except CheckpointError as error:
        raise TrainingError(f"nothing to resume: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError(f"{path}: not the state of a training run") from error


def _check_identity(folder: Path, then: dict[str, Any], now: dict[str, Any]) -> None:
    for name in sorted(now):
        if then.get(name) == now[name]:
            continue
        if name.startswith(("corpus", "vocabulary")):
            raise TrainingError(
                f"{folder}: was trained on other tunes: resume with the same corpus, "
                "or train into another folder with --out"
            )
        raise TrainingError(
            f"{folder}: was trained with {name} {then.get(name)}, not {now[name]}: resume with "
            "the same settings, or train into another folder with --out"
        )
