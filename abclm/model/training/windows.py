"""The data of a training or evaluation step: ids, cues, and the ids that follow.

Every tune's ids are followed by `END_OF_TUNE`. Random generators are seeded with numbers such as
(seed, epoch, step), so a resumed run needs no stored generator.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abclm.errors import TrainingError
from abclm.model.settings import Windows
from abclm.model.training.repertoire import ReadTune, Repertoire
from abclm.model.training.schedule import pack
from abclm.model.vocabulary import END_OF_TUNE, Ids

__all__ = [
    "TuneStream",
    "WindowBatch",
    "contiguous_windows",
    "epoch_batches",
    "evaluation_batches",
    "random_windows",
    "tune_batches",
    "whole_tunes",
]

_POOL = 16
"""The number of batches whose tunes are sorted by length together."""


@dataclass(frozen=True)
class WindowBatch:
    """The data that the network reads in one step."""

    inputs: Ids
    """Shape `(batch, time)`; `END_OF_TUNE` before a tune."""
    cues: NDArray[np.int32]
    """The cues at each input; shape `(batch, time, cues)`."""
    targets: Ids
    """The ids that follow; shape `(batch, time)`."""
    mask: NDArray[np.bool_]
    """Which targets count; the others pad a row. Shape `(batch, time)`."""

    @property
    def characters(self) -> int:
        """The number of targets that count."""
        return int(self.mask.sum())


@dataclass(frozen=True)
class TuneStream:
    """Tunes one after the other, each followed by `END_OF_TUNE`."""

    ids: Ids
    """Shape `(time,)`."""
    cues: NDArray[np.int32]
    """The cues after each id; shape `(time, cues)`."""

    @staticmethod
    def of(tunes: Sequence[ReadTune]) -> "TuneStream":
        """All ``tunes`` in order, at least one."""
        end = np.array([END_OF_TUNE], np.int32)
        ids = [part for tune in tunes for part in (tune.ids, end)]
        cues = [part for tune in tunes for part in (tune.cues[1:], tune.cues[:1])]
        return TuneStream(np.concatenate(ids), np.concatenate(cues))

    def __len__(self) -> int:
        """The number of ids."""
        return len(self.ids)

    def reaching(self, length: int) -> "TuneStream":
        """The stream, continued from its start if it is shorter than ``length``.

        The tunes of an epoch may be shorter in their keys than as written.
        """
        again = -(-length // len(self))
        if again <= 1:
            return self
        ids, cues = np.concatenate([self.ids] * again), np.concatenate([self.cues] * again)
        return TuneStream(ids[:length], cues[:length])

    def cut(self, starts: NDArray[np.intp], window: int) -> WindowBatch:
        """The windows that begin at ``starts``."""
        places = starts[:, np.newaxis] + np.arange(window + 1)
        ids = self.ids[places]
        mask = np.ones((len(starts), window), np.bool_)
        return WindowBatch(ids[:, :-1], self.cues[places[:, :-1]], ids[:, 1:], mask)


def epoch_batches(
    repertoire: Repertoire,
    windows: Windows,
    shape: tuple[int, int],
    *,
    steps: int,
    seed: tuple[int, int],
    first: int = 0,
) -> Iterator[WindowBatch]:
    """Yield the batches of one epoch, from its step ``first`` on.

    Args:
        repertoire: the tunes; their order is drawn again for every epoch.
        windows: how to cut them.
        shape: ``(batch, time)`` of the windows; with whole tunes, a step has that many characters.
        steps: the number of steps in the epoch.
        seed: the run's seed and the number of the epoch.
        first: the number of steps to skip, those taken before an interrupt.
    """
    rng = np.random.default_rng((*seed, 0))
    if windows == "tunes":
        yield from itertools.islice(tune_batches(repertoire, shape, rng), first, steps)
        return
    stream = TuneStream.of(repertoire.draw(rng))
    if windows == "contiguous":
        stream = stream.reaching(steps * shape[0] * shape[1] + 1)
        yield from itertools.islice(contiguous_windows(stream, *shape), first, steps)
        return
    for step in range(first, steps):
        yield random_windows(stream, *shape, np.random.default_rng((*seed, step + 1)))


def tune_batches(
    repertoire: Repertoire, shape: tuple[int, int], rng: np.random.Generator
) -> Iterator[WindowBatch]:
    """Yield batches of whole tunes without end, each tune from a state of zero as in decoding.

    A batch has as many characters as windows of ``shape``, and tunes of similar length. When all
    tunes have been read, their order is drawn again.
    """
    characters = shape[0] * shape[1]
    while True:
        pool: list[ReadTune] = []
        gathered = 0
        for tune in repertoire.draw(rng):
            pool.append(tune)
            gathered += len(tune) + 1
            if gathered >= _POOL * characters:
                yield from _shuffled(pool, characters, rng)
                pool, gathered = [], 0
        yield from _shuffled(pool, characters, rng)


def _shuffled(
    tunes: Sequence[ReadTune], characters: int, rng: np.random.Generator
) -> Iterator[WindowBatch]:
    """Yield ``tunes`` in batches of similar length, the batches in random order."""
    in_order = sorted(tunes, key=len)
    batches = pack([len(tune) + 1 for tune in in_order], characters)
    for index in rng.permutation(len(batches)).tolist():
        yield whole_tunes([in_order[place] for place in batches[index]])


def random_windows(
    stream: TuneStream, batch_size: int, window: int, rng: np.random.Generator
) -> WindowBatch:
    """Cut windows out of ``stream``.

    Half of them are cut anywhere, half at the start of a tune, at the `END_OF_TUNE` before it.
    Decoding starts there with a state of zero, which a window cut anywhere hardly ever has: a
    network that never saw it writes broken headers.

    Returns:
        A batch of shape ``(batch_size, window)``; ``inputs[:, 1:] == targets[:, :-1]``.

    Raises:
        TrainingError: the stream is shorter than one window and the id after it.
    """
    _check_length(stream, window)
    starts = rng.integers(0, len(stream) - window, batch_size)
    tune_starts = np.flatnonzero(stream.ids[: len(stream) - window] == END_OF_TUNE)
    if len(tune_starts):
        starts[: batch_size // 2] = rng.choice(tune_starts, batch_size // 2)
    return stream.cut(starts, window)


def contiguous_windows(stream: TuneStream, batch_size: int, window: int) -> Iterator[WindowBatch]:
    """Cut the stream into ``batch_size`` parts, each read window by window.

    Row b of each batch continues row b of the previous batch. The characters left over at the end
    of the parts are not read in this epoch.

    Yields:
        Batches of shape ``(batch_size, window)``.

    Raises:
        TrainingError: the tunes together are too short for one batch.
    """
    steps = (len(stream) - 1) // (batch_size * window)
    if steps < 1:
        raise TrainingError(
            f"{len(stream)} characters are too few for {batch_size} parts of windows of {window}: "
            "choose a smaller window or batch size"
        )
    starts = np.arange(batch_size) * steps * window
    for step in range(steps):
        yield stream.cut(starts + step * window, window)


def evaluation_batches(tunes: Sequence[ReadTune], characters: int) -> Iterator[WindowBatch]:
    """Yield every tune once, from a state of zero, with tunes of similar length together.

    Args:
        tunes: in any order.
        characters: the largest batch, as rows times time; a longer tune is a batch of its own.
    """
    rows: list[ReadTune] = []
    for tune in sorted(tunes, key=len):
        if rows and (len(rows) + 1) * (len(tune) + 1) > characters:
            yield whole_tunes(rows)
            rows = []
        rows.append(tune)
    if rows:
        yield whole_tunes(rows)


def whole_tunes(tunes: Sequence[ReadTune]) -> WindowBatch:
    """A batch with one of ``tunes`` in each row, from its first character to its end."""
    shape = (len(tunes), max(len(tune) for tune in tunes) + 1)
    inputs = np.full(shape, END_OF_TUNE, np.int32)
    targets = np.full(shape, END_OF_TUNE, np.int32)
    cues = np.zeros((*shape, tunes[0].cues.shape[1]), np.int32)
    mask = np.zeros(shape, np.bool_)
    for row, tune in enumerate(tunes):
        inputs[row, 1 : len(tune) + 1] = tune.ids
        cues[row, : len(tune) + 1] = tune.cues
        targets[row, : len(tune)] = tune.ids
        mask[row, : len(tune) + 1] = True
    return WindowBatch(inputs, cues, targets, mask)


def _check_length(stream: TuneStream, window: int) -> None:
    if len(stream) <= window:
        raise TrainingError(
            f"{len(stream)} characters are too few for windows of {window}: "
            "train on more tunes or choose a smaller window"
        )
