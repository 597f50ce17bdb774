"""`training.safetensors`: everything that a run needs to continue exactly where it stopped."""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from abclm.errors import CheckpointError, TrainingError
from abclm.model.checkpoint.checkpoint import CheckpointConfig
from abclm.model.checkpoint.tensor_file import TensorFile, Tensors, read_tensors, save_tensors
from abclm.model.settings import NetworkSettings, TrainingSettings
from abclm.model.training.backend import import_keras
from abclm.untrusted.strict_json import read_json

__all__ = ["STATE", "TrainingPosition", "fingerprint", "load_state", "save_state"]

STATE = "training.safetensors"

_DEFAULTS = {
    f"{part}.{field.name}": field.default
    for part, kind in (("network", NetworkSettings), ("training", TrainingSettings))
    for field in fields(kind)
}
# These may change when a run is resumed: they do not affect the weights of its epochs.
_FREE_TO_CHANGE = ("max_minutes", "patience", "sample_every", "save_minutes")


@dataclass
class TrainingPosition:
    """The progress of a run."""

    epoch: int = 0
    """Epochs completed."""
    step: int = 0
    """Steps taken, all epochs together."""
    characters: int = 0
    """Characters read in those steps."""
    epoch_characters: int = 0
    """Characters read in the current epoch."""
    nats: float = 0.0
    """Sum of the mean losses of the current epoch's steps."""
    right: float = 0.0
    """Sum of the accuracies of the current epoch's steps."""
    training_seconds: float = 0.0
    """Time spent on steps in the current epoch."""
    seconds: float = 0.0
    """Time since the start, without pauses."""
    best: float | None = None
    """The lowest held-out bits per character so far."""
    epochs_since_best: int = 0
    """Epochs completed since the one with the best result."""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            whole = isinstance(getattr(TrainingPosition, name), int)
            if not isinstance(value, int if whole else int | float | None):
                raise TypeError(f"{name} must be a number, not {value!r:.40}")

    @property
    def characters_per_second(self) -> float:
        """The speed since the current epoch began."""
        return self.epoch_characters / max(1e-9, self.training_seconds)

    def count_step(self, characters: int, *, nats: float, right: float, seconds: float) -> None:
        """Count a step: its characters, mean loss, accuracy and duration."""
        self.step += 1
        self.characters += characters
        self.epoch_characters += characters
        self.nats += nats
        self.right += right
        self.training_seconds += seconds

    def end_epoch(self) -> None:
        """Count an epoch, and begin the sums of the next one."""
        self.epoch += 1
        self.epoch_characters = 0
        self.nats = self.right = self.training_seconds = 0.0


def fingerprint(
    config: CheckpointConfig, texts: Iterable[str], held_out: Iterable[str]
) -> dict[str, Any]:
    """What must be equal for a run to be resumed: settings, vocabulary and texts."""
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
    # As read back from the file: lists for tuples.
    return dict(json.loads(json.dumps(identity)))


def text_sha256(texts: Iterable[str]) -> str:
    """The hash of ``texts``, including their order and boundaries."""
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
    """Write the state of a run to the file ``path``, completely or not at all.

    Args:
        path: the file.
        variables: Keras variables, each with its name in the file.
        position: the progress of the run.
        identity: see `fingerprint`.

    Raises:
        OutputError: the file cannot be written.
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
    """Assign the state in the file ``path`` to ``variables``, and return the progress.

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
    """The tensors of a state, its `fingerprint`, and the progress of the run."""
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
        # A setting that did not exist yet had what is now its default.
        before = then.get(name, _DEFAULTS.get(name))
        if before == now[name]:
            continue
        if name.startswith(("corpus", "vocabulary")):
            raise TrainingError(
                f"{folder}: was trained on other tunes: resume with the same corpus, "
                "or train into another folder with --out"
            )
        raise TrainingError(
            f"{folder}: was trained with {name} {before}, not {now[name]}: resume with "
            "the same settings, or train into another folder with --out"
        )
