"""A judge of phrases: how much likelier a phrase is in a real tune than in one of the model's.

A network that writes one character after another sees its own output only through its state. The
judge looks at whole phrases. It is a logistic regression over the words of
`abclm.compose.phrase_features`, trained on the training tunes against tunes by the network alone;
its answer is the logarithm of a ratio of probabilities. Choosing among the network's candidates in
proportion to that ratio brings them nearer to real tunes: sampling importance resampling (Rubin
1987); Azadi et al. 2019, "Discriminator rejection sampling", used a classifier for it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from abclm.errors import CheckpointError
from abclm.model.checkpoint.tensor_file import bytes_of, read_tensors, save_tensors
from abclm.untrusted.strict_json import read_json

__all__ = ["JUDGE", "Judge", "fit_judge", "load_judge", "save_judge"]

JUDGE: Final = "judge.safetensors"
"""The name of the file in a checkpoint's folder."""

_BUCKETS: Final = 1 << 17
"""The number of weights; a word's is found by its hash. In float16 they take 256 KiB."""
_RATE: Final = 0.05
"""The learning rate at the first step; it falls to zero along half a cosine."""
_DECAY: Final = (0.9, 0.999)
"""Adam's usual decay rates (Kingma and Ba, 2015)."""


@dataclass(frozen=True)
class Judge:
    """The weights of the words of a phrase.

    Attributes:
        weights: by the hash of a word, shape ``(131072,)``.
        bias: added to their sum.
    """

    weights: NDArray[np.float32]
    bias: float

    def weigh(self, features: Iterable[str]) -> float:
        """The natural logarithm of how much likelier a phrase is in a real tune.

        Args:
            features: the phrase's features; see `abclm.compose.phrase_features.phrase_features`.
        """
        buckets = _buckets(features)
        return float(self.weights[buckets].astype(np.float64).sum()) + self.bias

    def revised(self, again: "Judge", share: float) -> "Judge":
        """Add ``share`` of a judge that was trained on tunes chosen by this one."""
        return Judge(
            self.weights + np.float32(share) * again.weights, self.bias + share * again.bias
        )


def fit_judge(
    real: Sequence[Iterable[str]],
    own: Sequence[Iterable[str]],
    *,
    penalty: float = 10.0,
    steps: int = 400,
) -> Judge:
    """Train a judge that tells ``real`` phrases from the network's ``own``.

    Logistic regression with a quadratic penalty and equal weight for both sides, by Adam over all
    phrases at once; the result is the same for the same phrases.

    Args:
        real: the features of each phrase of real tunes, at least one.
        own: the features of each phrase of the network's tunes, at least one.
        penalty: half of it times the squared norm of the weights is added to the total loss. From
            10 on the ratio is calibrated on held-out phrases (`checkpoints/README.md`).
        steps: number of Adam steps.
    """
    rows = [_buckets(features) for features in (*real, *own)]
    columns = np.concatenate(rows)
    places = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    targets = np.repeat([1.0, 0.0], [len(real), len(own)])
    shares = np.repeat([0.5 / len(real), 0.5 / len(own)], [len(real), len(own)]) * len(rows)
    weights, bias = np.zeros(_BUCKETS), 0.0
    mean, square = np.zeros(_BUCKETS + 1), np.zeros(_BUCKETS + 1)
    for step in range(1, steps + 1):
        logits = np.bincount(places, weights[columns], len(rows)) + bias
        errors = shares * (1 / (1 + np.exp(-logits)) - targets)
        slope = np.bincount(columns, errors[places], _BUCKETS) + penalty * weights
        gradient = np.append(slope, errors.sum()) / len(rows)
        mean = _DECAY[0] * mean + (1 - _DECAY[0]) * gradient
        square = _DECAY[1] * square + (1 - _DECAY[1]) * gradient**2
        rate = _RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
        change = rate * (mean / (1 - _DECAY[0] ** step))
        change /= np.sqrt(square / (1 - _DECAY[1] ** step)) + 1e-8
        weights -= change[:-1]
        bias -= float(change[-1])
    return Judge(weights.astype(np.float32), bias)


def save_judge(path: Path, judge: Judge) -> None:
    """Write ``judge`` to ``path``, completely or not at all.

    Raises:
        OutputError: the file cannot be written.
    """
    about = {"judge": json.dumps({"bias": judge.bias})}
    save_tensors(path, {"weights": judge.weights}, dtype=np.float16, notes=about)


def load_judge(path: Path) -> Judge:
    """Load the judge in the file ``path``.

    Raises:
        CheckpointError: the file is missing, damaged or of another format.
    """
    file = read_tensors(path, bytes_of([(_BUCKETS,)]))
    try:
        bias = float(read_json(file.notes["judge"])["bias"])
        stored = file.tensors["weights"]
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: not a judge: {error}") from error
    weights = stored.astype(np.float32)
    if stored.dtype.kind != "f" or stored.shape != (_BUCKETS,) or not np.isfinite(bias):
        raise CheckpointError(f"{path}: not a judge: its weights have another type or shape")
    return Judge(weights, bias)


def _buckets(features: Iterable[str]) -> NDArray[np.int64]:
    """The index of each word's weight, without duplicates."""
    return np.array(sorted({crc32(word.encode()) % _BUCKETS for word in features}), np.int64)
