"""Sets of three tunes that follow well: one rhythm, related keys, growing energy, one range."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from abclm.compose.set_features import SetFeatures, key_step, pitch_name

__all__ = ["SetProposal", "propose_sets"]

Scores = NDArray[np.float32]

_KEYS: Final = 1.0
_ENERGY: Final = 0.5
_RANGE: Final = 0.5
_LEADS: Final = 0.3
"""What related keys, growing energy, a shared range and a close first note are worth."""
_UNRELATED: Final = -1.0
"""The score of keys that are not related."""
_HIGHER: Final = 1.0
"""The semitones of mean pitch from which a tune is called higher."""
_BUSIER: Final = 0.1
"""The notes per beat from which a tune is called busier."""
_SHARED: Final = 0.85
"""The part of the compass of two tunes that both have for their range to be called the same."""
_STEP: Final = 2
"""Semitones: up to so many, the first note of a tune is close to the last of the one before."""
_CLOSE: Final = 12
"""The number of tunes before and after each that are tried."""


@dataclass(frozen=True, slots=True)
class SetProposal:
    """Three tunes to be played one after the other.

    Attributes:
        tunes: their features, in order.
        reasons: for the second and the third tune, why it follows the one before.
        score: how well they follow; higher is better.
    """

    tunes: tuple[SetFeatures, ...]
    reasons: tuple[tuple[str, ...], ...]
    score: float

    @property
    def numbers(self) -> str:
        """The reference numbers as ``--tune`` takes them, such as ``4,12,7``."""
        return ",".join(str(tune.number) for tune in self.tunes)

    def as_dict(self) -> dict[str, Any]:
        """The set for JSON."""
        why = ((), *self.reasons)
        return {
            "tune": self.numbers,
            "rhythm": self.tunes[0].rhythm,
            "score": round(self.score, 3),
            "tunes": [
                {
                    "number": tune.number,
                    "title": tune.title,
                    "key": str(tune.key),
                    "range": f"{pitch_name(tune.low)}-{pitch_name(tune.high)}",
                    "notes_per_beat": round(tune.density, 2),
                    "why": list(reasons),
                }
                for tune, reasons in zip(self.tunes, why, strict=True)
            ],
        }


def propose_sets(
    tunes: Sequence[SetFeatures], count: int = 1, start: int | None = None
) -> list[SetProposal]:
    """Return the best sets of three of ``tunes``, the best first; no two share a tune.

    All tunes of a set have one rhythm, and no two of them the same title.

    Args:
        tunes: the tunes to choose from, each number once.
        count: the most sets to return.
        start: the number of the tune with which every set starts; they share only that.
    """
    groups: dict[str, list[SetFeatures]] = {}
    for tune in tunes:
        groups.setdefault(tune.rhythm, []).append(tune)
    found = [one for group in groups.values() for one in _Group(group).best(start)]
    found.sort(key=_order)
    chosen: list[SetProposal] = []
    used: set[int] = set()
    for score, three in found:
        numbers = {tune.number for tune in three} - {start}
        if len(chosen) < count and not numbers & used:
            used |= numbers
            reasons = tuple(_reasons(*pair) for pair in pairwise(three))
            chosen.append(SetProposal(three, reasons, score))
    return chosen


def _order(found: tuple[float, tuple[SetFeatures, ...]]) -> tuple[bool, float, list[int]]:
    """The place of a set among others: tunes that only share a meter come last."""
    score, tunes = found
    return not tunes[0].named, -round(score, 5), [tune.number for tune in tunes]


class _Group:
    """Tunes of one rhythm, and how well each follows each."""

    def __init__(self, tunes: Sequence[SetFeatures]) -> None:
        self._tunes = tunes
        keys = sorted({str(tune.key): tune.key for tune in tunes}.items())
        steps = [[key_step(before, after)[0] for _, after in keys] for _, before in keys]
        self._steps = np.array(steps, np.float32)
        names = [name for name, _ in keys]
        self._keys = np.array([names.index(str(tune.key)) for tune in tunes])
        titles = [tune.plain_title or f"X:{tune.number}" for tune in tunes]
        known = {title: place for place, title in enumerate(titles)}
        self._titles = np.array([known[title] for title in titles])
        self._low = np.array([tune.low for tune in tunes], np.float32)
        self._high = np.array([tune.high for tune in tunes], np.float32)
        self._first = np.array([tune.first for tune in tunes], np.float32)
        self._last = np.array([tune.last for tune in tunes], np.float32)
        mean = np.array([tune.mean for tune in tunes], np.float32)
        density = np.array([tune.density for tune in tunes], np.float32)
        self._energy = _standard(mean) + _standard(density)

    def best(self, start: int | None) -> Iterator[tuple[float, tuple[SetFeatures, ...]]]:
        """Yield good sets with their scores: around each tune as the second one, the best."""
        tunes = self._tunes
        if len(tunes) < 3:
            return
        firsts = [place for place, tune in enumerate(tunes) if tune.number == start]
        if start is not None and not firsts:
            return
        every = np.arange(len(tunes))
        for middle in range(len(tunes)):
            before = self._follow(every, np.array([middle]))
            after = self._follow(np.array([middle]), every)
            for first in firsts or _largest(before):
                for last in _largest(after):
                    if self._titles[first] == self._titles[last]:
                        continue
                    score = float(before[first] + after[last])
                    if np.isfinite(score):
                        yield score, (tunes[first], tunes[middle], tunes[last])

    def _follow(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> Scores:
        """Return how well tunes follow tunes; one of the two arrays has one element."""
        keys = self._steps[self._keys[before], self._keys[after]]
        shared = np.minimum(self._high[before], self._high[after]) - np.maximum(
            self._low[before], self._low[after]
        )
        compass = np.maximum(self._high[before], self._high[after]) - np.minimum(
            self._low[before], self._low[after]
        )
        energy = np.clip((self._energy[after] - self._energy[before]) / 2, -1, 1)
        leap = np.abs(self._first[after] - self._last[before])
        score = (
            np.where(keys > 0, _KEYS * keys, _UNRELATED)
            + _ENERGY * energy
            + _RANGE * np.clip(shared / np.maximum(compass, 1), 0, 1)
            + _LEADS * (leap <= _STEP)
        )
        same = self._titles[before] == self._titles[after]
        result: Scores = np.where(same, -np.inf, score).astype(np.float32)
        return result


def _largest(scores: Scores) -> list[int]:
    """Return the places of the largest scores, equals by their place."""
    return list(map(int, np.argsort(-scores, kind="stable")[:_CLOSE]))


def _standard(values: Scores) -> Scores:
    """Return values in standard deviations from their mean."""
    spread = float(values.std())
    result: Scores = (values - values.mean()) / (spread or 1.0)
    return result


def _reasons(before: SetFeatures, after: SetFeatures) -> tuple[str, ...]:
    """Say why a tune follows another."""
    reasons = [key_step(before.key, after.key)[1]]
    if after.mean - before.mean >= _HIGHER:
        reasons.append(f"higher by {_count(after.mean - before.mean)} on average")
    if after.density - before.density >= _BUSIER:
        reasons.append(f"busier ({before.density:.1f} to {after.density:.1f} notes a beat)")
    shared = min(before.high, after.high) - max(before.low, after.low)
    compass = max(before.high, after.high) - min(before.low, after.low)
    if shared >= _SHARED * compass:
        reasons.append(f"same range ({pitch_name(after.low)} to {pitch_name(after.high)})")
    if abs(after.first - before.last) <= _STEP:
        reasons.append(f"starts close to the last note ({pitch_name(before.last)})")
    return tuple(filter(None, reasons))


def _count(semitones: float) -> str:
    return "1 semitone" if round(semitones) == 1 else f"{semitones:.0f} semitones"
