"""What a training step and an evaluation step see: windows of ids, and the ids that follow them.

Every tune's ids are followed by `END_OF_TUNE`. Randomness is drawn from numbers such as (seed,
epoch, step), so a run that is resumed needs no stored generator.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abclm.errors import TrainingError
from abclm.model.settings import Windows
from abclm.model.vocabulary import END_OF_TUNE, Ids

__all__ = [
    "EvaluationBatch",
    "concatenate",
    "contiguous_windows",
    "epoch_windows",
    "evaluation_batches",
    "random_windows",
]


@dataclass(frozen=True)
class EvaluationBatch:
    """Whole tunes, one in a row, each from its first character to its end."""

    inputs: Ids
    """`END_OF_TUNE`, then the tune; shape `(batch, time)`."""
    targets: Ids
    """The tune, then `END_OF_TUNE`; shape `(batch, time)`."""
    mask: NDArray[np.bool_]
    """Where `targets` belong to the tune; the rest fills the row up. Shape `(batch, time)`."""


def concatenate(tunes: Sequence[Ids]) -> Ids:
    """All tunes, in their order, each followed by `END_OF_TUNE`."""
    end = np.array([END_OF_TUNE], np.int32)
    parts = [part for tune in tunes for part in (tune, end)]
    return np.concatenate([np.zeros(0, np.int32), *parts]).astype(np.int32, copy=False)


def epoch_windows(
    tunes: Sequence[Ids],
    windows: Windows,
    shape: tuple[int, int],
    *,
    steps: int,
    seed: tuple[int, int],
    first: int = 0,
) -> Iterator[tuple[Ids, Ids]]:
    """The windows of one epoch, from its step ``first`` on.

    Args:
        tunes: ids without `END_OF_TUNE`; their order is drawn anew for every epoch.
        windows: how to cut them.
        shape: `(batch, time)` of the inputs and of the targets.
        steps: the steps of the epoch.
        seed: the run's seed and the number of the epoch.
        first: the steps to leave out, those taken before an interrupt.
    """
    order = np.random.default_rng((*seed, 0)).permutation(len(tunes))
    shuffled = [tunes[index] for index in order]
    if windows == "contiguous":
        yield from itertools.islice(contiguous_windows(shuffled, *shape), first, steps)
        return
    ids = concatenate(shuffled)
    for step in range(first, steps):
        yield random_windows(ids, *shape, np.random.default_rng((*seed, step + 1)))


def random_windows(
    ids: Ids, batch_size: int, window: int, rng: np.random.Generator
) -> tuple[Ids, Ids]:
    """Windows cut out of ``ids``, and the ids that follow each of their characters.

    Half of them are cut anywhere, half where a tune starts, at the `END_OF_TUNE` before it. A tune
    is written from there with a state of zero, which a window cut anywhere hardly ever shows: a
    network that never saw it writes broken headers.

    Returns:
        Inputs and targets of shape ``(batch_size, window)``;
        ``inputs[:, 1:] == targets[:, :-1]``.

    Raises:
        TrainingError: ``ids`` are shorter than one window and the id after it.
    """
    _check_length(ids, window)
    starts = rng.integers(0, len(ids) - window, batch_size)
    tune_starts = np.flatnonzero(ids[: len(ids) - window] == END_OF_TUNE)
    if len(tune_starts):
        starts[: batch_size // 2] = rng.choice(tune_starts, batch_size // 2)
    cut = ids[starts[:, np.newaxis] + np.arange(window + 1)]
    return cut[:, :-1], cut[:, 1:]


def contiguous_windows(
    tunes: Sequence[Ids], batch_size: int, window: int
) -> Iterator[tuple[Ids, Ids]]:
    """The tunes, in their order, as ``batch_size`` streams that are read on window by window.

    Row b of each batch goes on where row b of the batch before it ended; the characters left over
    at the end of the streams are not read in this epoch.

    Yields:
        Inputs and targets of shape ``(batch_size, window)``.

    Raises:
        TrainingError: the tunes together are too short for one batch.
    """
    ids = concatenate(tunes)
    steps = (len(ids) - 1) // (batch_size * window)
    if steps < 1:
        raise TrainingError(
            f"{len(ids)} characters are too few for {batch_size} streams of windows of {window}: "
            "choose a smaller window or batch size"
        )
    length = steps * window
    starts = np.arange(batch_size) * length
    for step in range(steps):
        cut = ids[starts[:, np.newaxis] + step * window + np.arange(window + 1)]
        yield cut[:, :-1], cut[:, 1:]


def evaluation_batches(tunes: Sequence[Ids], characters: int) -> Iterator[EvaluationBatch]:
    """Every tune once, from a state of zero, with tunes of like length together.

    Args:
        tunes: ids without `END_OF_TUNE`.
        characters: the largest batch, as rows times time; a longer tune is a batch of its own.
    """
    rows: list[Ids] = []
    for tune in sorted(tunes, key=len):
        if rows and (len(rows) + 1) * (len(tune) + 1) > characters:
            yield _evaluation_batch(rows)
            rows = []
        rows.append(tune)
    if rows:
        yield _evaluation_batch(rows)


def _evaluation_batch(tunes: Sequence[Ids]) -> EvaluationBatch:
    shape = (len(tunes), max(len(tune) for tune in tunes) + 1)
    inputs = np.full(shape, END_OF_TUNE, np.int32)
    targets = np.full(shape, END_OF_TUNE, np.int32)
    mask = np.zeros(shape, np.bool_)
    for row, tune in enumerate(tunes):
        inputs[row, 1 : len(tune) + 1] = tune
        targets[row, : len(tune)] = tune
        mask[row, : len(tune) + 1] = True
    return EvaluationBatch(inputs, targets, mask)


def _check_length(ids: Ids, window: int) -> None:
    if len(ids) <= window:
        raise TrainingError(
            f"{len(ids)} characters are too few for windows of {window}: "
            "train on more tunes or choose a smaller window"
        )
