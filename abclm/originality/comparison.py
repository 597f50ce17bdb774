"""How much of a tune occurs in one tune of the training corpus: the metric "copying"."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.notation.tune.bar_shapes import NO_APPROACH, BarShape, bar_shapes
from abclm.notation.tune.music import Tune

__all__ = ["BarShapeIndex", "Bars", "Figures", "Originality", "Run", "Verdict", "figures"]

HALF = 0.5
"""A tune with half of its bars in one training tune is the same tune."""
_FEW_BARS = 4
"""With fewer distinct bars, too many are alike by chance."""


class Verdict(Enum):
    """What a share means, judged by what different real tunes share."""

    USUAL = "within what real tunes share"
    UNUSUAL = "more than 95 of 100 real tunes share"
    SAME = "a setting of the same tune"
    FEW = "too few bars to say"


@dataclass(frozen=True, slots=True)
class Figures:
    """The copying of many tunes: median, 95th percentile, and the share at or over one half."""

    median: float
    p95: float
    half: float


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive bars that also occur in a training tune, in any key.

    Attributes:
        bars, notes: the length of the run.
        title: the title of the training tune.
    """

    bars: int = 0
    notes: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Originality:
    """What a tune has in common with the training corpus.

    Attributes:
        share: share of its distinct bars that occur in the training tune `title`.
        title: the training tune with most of them; empty if none has any.
        shared, distinct: the numbers of bars whose ratio is the share.
        run: the longest run of bars that also occurs in a training tune.
        verdict: what the share means.
    """

    share: float
    title: str
    shared: int
    distinct: int
    run: Run
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """The findings as JSON values."""
        return {**asdict(self), "share": round(self.share, 4), "verdict": self.verdict.value}


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of all training tunes one after the other, as arrays of equal length.

    Attributes:
        inner, approach, notes, full: as in `BarShape`.
        starts: the index of each tune's first bar, and finally the number of bars.
    """

    inner: NDArray[np.uint32]
    approach: NDArray[np.int8]
    notes: NDArray[np.uint8]
    full: NDArray[np.bool_]
    starts: NDArray[np.uint32]

    @staticmethod
    def of(tunes: Sequence[Sequence[BarShape]]) -> "Bars":
        """Build the arrays from the bar shapes of each tune."""
        flat = [shape for tune in tunes for shape in tune]
        starts = np.cumsum([0, *map(len, tunes)])
        return Bars(
            np.array([shape.inner for shape in flat], np.uint32),
            np.array([shape.approach for shape in flat], np.int8),
            np.array([min(shape.notes, 255) for shape in flat], np.uint8),
            np.array([shape.full for shape in flat], np.bool_),
            starts.astype(np.uint32),
        )

    def keys(self) -> NDArray[np.int64]:
        """Each bar's shape and approach as one number, shape ``(bars,)``."""
        return _keys(self.inner.astype(np.int64), self.approach.astype(np.int64))

    def tunes(self) -> NDArray[np.int64]:
        """The index of each bar's tune, shape ``(bars,)``."""
        counts = self.starts[1:].astype(np.int64) - self.starts[:-1]
        return np.repeat(np.arange(len(counts)), counts)


class BarShapeIndex:
    """Finds the training tune that shares most with a tune.

    Two bars are the same if they have the same durations and intervals and are approached by the
    same interval. Only full bars count: short ones, such as pickups, are alike everywhere.

    Args:
        corpus: name and sha256 of the corpus.
        titles: the titles of its training tunes.
        data: their bars.
        human: the copying of real tunes, each against all *other* tunes: those with the same title,
            or with half of its bars or more, count as settings of the same tune.
        leave_one_out: the copying of real tunes, each against all training tunes but itself.
    """

    def __init__(
        self,
        corpus: tuple[str, str],
        titles: Sequence[str],
        data: Bars,
        human: Figures | None = None,
        leave_one_out: Figures | None = None,
    ) -> None:
        self.corpus = corpus
        self.titles = tuple(titles)
        self.data = data
        self.human = human or Figures(0.0, 0.0, 0.0)
        self.leave_one_out = leave_one_out or Figures(0.0, 0.0, 0.0)
        keys, tunes = data.keys(), data.tunes()
        many = max(1, len(titles))
        self._keys, self._tunes = np.divmod(np.unique((keys * many + tunes)[data.full]), many)
        self._places = np.argsort(data.inner, kind="stable")
        self._inner = data.inner[self._places]
        self._all_keys = keys
        # A run ends with its tune: no bar follows the last one of a tune.
        self._follows = np.ones(len(keys) + 1, np.bool_)
        self._follows[data.starts] = False

    def judge(self, tune: Tune) -> Originality:
        """Return what ``tune`` has in common with the corpus."""
        shapes = bar_shapes(tune)
        counts, distinct = self.shared(shapes)
        most = int(counts.max(initial=0))
        share = most / distinct if distinct else 0.0
        title = self.titles[int(counts.argmax())] if most else ""
        verdict = self._verdict(share) if distinct >= _FEW_BARS else Verdict.FEW
        return Originality(share, title, most, distinct, self._run(shapes), verdict)

    def shared(self, shapes: Sequence[BarShape]) -> tuple[NDArray[np.int64], int]:
        """Count the distinct full bars that each training tune shares, and all distinct full bars.

        Returns:
            The counts, shape ``(tunes,)``, and the number of distinct full bars in ``shapes``.
        """
        wanted = np.array(sorted({_key(shape) for shape in shapes if shape.full}), np.int64)
        first = np.searchsorted(self._keys, wanted, "left")
        stop = np.searchsorted(self._keys, wanted, "right")
        spans = [self._tunes[a:b] for a, b in zip(first, stop, strict=True) if a < b]
        found = np.concatenate(spans) if spans else np.zeros(0, np.int64)
        return np.bincount(found, minlength=len(self.titles)), len(wanted)

    def _run(self, shapes: Sequence[BarShape]) -> Run:
        best = (0, 0, 0)
        places, bars, notes = (np.zeros(0, np.int64) for _ in range(3))
        inner = np.array([shape.inner for shape in shapes], np.uint32)
        first = np.searchsorted(self._inner, inner, "left")
        stop = np.searchsorted(self._inner, inner, "right")
        for shape, low, high in zip(shapes, first, stop, strict=True):
            # The approach to the first bar of a run does not matter; that to the others does.
            here = self._places[low:high]
            begun = np.full(len(here), 1), np.full(len(here), shape.notes)
            if len(places) and len(here):
                before = np.minimum(np.searchsorted(places, here - 1), len(places) - 1)
                continues = (places[before] == here - 1) & self._follows[here]
                continues &= self._all_keys[here] == _key(shape)
                begun = (
                    begun[0] + np.where(continues, bars[before], 0),
                    begun[1] + np.where(continues, notes[before], 0),
                )
            places, (bars, notes) = here, begun
            if len(here):
                longest = int(np.argmax(notes))
                best = max(best, (int(notes[longest]), int(bars[longest]), -int(here[longest])))
        if not best[1]:
            return Run()
        tune = int(np.searchsorted(self.data.starts, -best[2], "right")) - 1
        return Run(best[1], best[0], self.titles[tune])

    def _verdict(self, share: float) -> Verdict:
        if share >= HALF:
            return Verdict.SAME
        return Verdict.USUAL if share <= self.human.p95 else Verdict.UNUSUAL


def figures(shares: Sequence[float]) -> Figures:
    """Compute median, 95th percentile, and the share at or over one half; zeros if empty."""
    if not len(shares):
        return Figures(0.0, 0.0, 0.0)
    values = np.asarray(shares, np.float64)
    median, p95 = (float(np.quantile(values, at)) for at in (0.5, 0.95))
    return Figures(median, p95, float(np.mean(values >= HALF)))


def _key(shape: BarShape) -> int:
    return shape.inner << 8 | (shape.approach + NO_APPROACH + 1)


def _keys(inner: NDArray[np.int64], approach: NDArray[np.int64]) -> NDArray[np.int64]:
    return inner << 8 | (approach + NO_APPROACH + 1)
