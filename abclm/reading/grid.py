"""Times of a file become exact notated times: the division of each beat is chosen by evidence.

Every quarter note is divided into as many parts as its onsets ask for, by a penalised likelihood:
an onset off the grid costs by its distance, a division by its fineness, and so does a change
between twos and threes. The best sequence of divisions is found by dynamic programming, for
several sizes of the noise, and the noise that explains most is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.errors import InputError
from abclm.reading.score import QUARTER

__all__ = ["Grid", "divisions_of", "find_grid"]

_EXACT: Final = 0.008
"""With noise of less than this share of a quarter note, the file was written and not played."""

_DIVISIONS: Final = (
    (1, 0.0), (2, 0.5), (4, 1.2), (8, 2.8), (16, 5.0), (32, 8.0),
    (3, 2.0), (6, 3.0), (12, 4.5), (24, 7.0), (48, 9.0),
    (5, 5.5), (10, 7.5), (7, 7.0), (9, 8.0),
)  # fmt: skip
"""The parts a quarter note may have, and the cost of each in nats."""
_FAMILIES: Final = {3: 1, 6: 1, 12: 1, 24: 1, 48: 1, 5: 2, 10: 2, 7: 3, 9: 4, 1: -1}
"""What kind of division it is (powers of two are 0); -1 goes with all."""
_PLAYED: Final = (0.003, 0.01, 0.02, 0.035, 0.05, 0.075)
"""Standard deviations of onsets to try, in quarter notes, beside that of rounding to a tick."""
_OUTLIER: Final = 12.0
"""The most that a single onset off the grid costs."""
_MERGED: Final = 6.0
"""The cost of two onsets that lie apart and fall together."""
_LOST_MOVE: Final = 12.0
"""The cost of a note that falls together with the one before it in its part."""
_CHANGE: Final = 1.0
"""The cost of going from one family to another."""
_SLOT: Final = 0.8
"""An onset costs this times the logarithm of the division it stands in."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The divisions of the beats.

    Attributes:
        divisions: of each quarter note from the first on, 1 where nothing begins in it.
        noise: the standard deviation of the onsets from the grid, in quarter notes.
        margin: how far before a beat an onset still belongs to it, in quarter notes.
    """

    divisions: tuple[int, ...]
    noise: float
    margin: float

    @property
    def exact(self) -> bool:
        """Whether the file was written and not played."""
        return self.noise < _EXACT

    def division(self, time: float) -> int:
        """The division of the beat in which ``time``, in quarter notes, lies."""
        beat = int(time + self.margin)
        return self.divisions[beat] if 0 <= beat < len(self.divisions) else 1

    def snap(self, time: float) -> int:
        """The ticks of a score nearest to ``time``, in quarter notes."""
        beat = max(0, int(time + self.margin))
        parts = self.division(time)
        return beat * QUARTER + max(0, round((time - beat) * parts)) * (QUARTER // parts)


def divisions_of(grid: str | None) -> frozenset[int]:
    """The parts that a quarter note may have by ``--grid``; all if that is not given.

    ``16`` allows eighths and sixteenths, ``16+24`` the triplets of both too.

    Raises:
        InputError: it is not such a value.
    """
    known = [parts for parts, _ in _DIVISIONS]
    if grid is None:
        return frozenset(known)
    allowed = {1}
    for text in grid.split("+"):
        shortest = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
        if shortest // 4 not in known or shortest % 4:
            values = ", ".join(str(4 * parts) for parts in sorted(known))
            raise InputError(f"--grid {grid}: is not made of {values} with + between them")
        allowed |= {parts for parts in known if shortest // 4 % parts == 0}
    return frozenset(allowed)


def find_grid(
    onsets: Sequence[float],
    tick: float,
    parts: frozenset[int],
    moves: Sequence[tuple[float, float]] = (),
) -> Grid:
    """Choose the divisions for ``onsets``.

    Args:
        onsets: distinct times in quarter notes, in order, none negative.
        tick: the length of a tick of the file, in quarter notes.
        parts: the divisions that are allowed, from `divisions_of`.
        moves: pairs of onsets, the second of a note that follows the first in its part, so that
            both cannot fall together.
    """
    times = np.asarray(onsets, dtype=np.float64)
    rounding = max(0.0005, tick * 0.3)
    noises = sorted({rounding, *(noise for noise in _PLAYED if noise > rounding)})
    allowed = [(one, cost) for one, cost in _DIVISIONS if one in parts]
    pairs = np.asarray(moves, dtype=np.float64).reshape(-1, 2)
    found = [_with_noise(times, noise, allowed, pairs) for noise in noises]
    return min(found, key=lambda pair: pair[0])[1]


def _with_noise(
    times: NDArray[np.float64],
    noise: float,
    allowed: list[tuple[int, float]],
    moves: NDArray[np.float64],
) -> tuple[float, Grid]:
    """The best grid for one size of the noise, after its cost in nats."""
    margin = min(2 * noise, 0.08)
    beats = np.floor(times + margin).astype(np.int64)
    firsts = np.flatnonzero(np.diff(beats, prepend=-1))
    costs = np.empty((len(firsts), len(allowed)))
    gaps = np.diff(times, append=np.inf)
    apart = (np.diff(beats, append=-1) == 0) & (gaps > max(2.5 * noise, 0.02))
    from_to = np.floor(moves + margin).astype(np.int64)
    rows = np.searchsorted(beats[firsts], from_to[:, 0])
    for column, (parts, cost) in enumerate(allowed):
        places = np.maximum(0, np.round((times - beats) * parts))
        distance = (times - beats - places / parts) / noise
        each = np.minimum(distance * distance / 2, _OUTLIER) + _SLOT * np.log(parts)
        each += _MERGED * (apart & (np.diff(places, append=-1) == 0))
        costs[:, column] = np.add.reduceat(each, firsts) + cost
        np.add.at(costs[:, column], rows[_merged(moves, from_to, parts)], _LOST_MOVE)
    total, chosen = _best_path(costs, [_FAMILIES.get(parts, 0) for parts, _ in allowed])
    divisions = [1] * (int(beats[-1]) + 1)
    for first, column in zip(firsts, chosen, strict=True):
        divisions[beats[first]] = allowed[column][0]
    return total + len(times) * float(np.log(noise)), Grid(tuple(divisions), noise, margin)


def _merged(moves: NDArray[np.float64], beats: NDArray[np.int64], parts: int) -> NDArray[np.bool_]:
    """Which of the pairs, that lie in these beats, fall together if beats have so many parts."""
    places = np.maximum(0, np.round((moves - beats) * parts)) + beats * parts
    return np.asarray(places[:, 0] >= places[:, 1])


def _best_path(costs: NDArray[np.float64], families: list[int]) -> tuple[float, list[int]]:
    """The cheapest choice of a column for each row, after its cost."""
    family = np.array(families)
    differ = (family[:, None] != family) & (family[:, None] >= 0) & (family >= 0)
    change = _CHANGE * differ
    total, before = costs[0], []
    for row in costs[1:]:
        ways = total[:, None] + change
        best = ways.argmin(axis=0)
        before.append(best)
        total = ways[best, np.arange(len(row))] + row
    path = [int(total.argmin())]
    for best in reversed(before):
        path.append(int(best[path[-1]]))
    return float(total.min()), path[::-1]
