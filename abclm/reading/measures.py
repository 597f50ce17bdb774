"""The measures of a piece, from its meters, its pickup and its keys."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from abclm.reading.meter_features import measure_ticks
from abclm.reading.score import Ending, Measure

__all__ = ["lay_measures"]

_MOST: Final = 60_000
"""More measures than this are not laid out."""


def lay_measures(
    end: int, meters: Sequence[tuple[int, str]], pickup: int, keys: Sequence[tuple[int, str]]
) -> tuple[Measure, ...] | None:
    """Measures from tick 0 to ``end`` at least; None if there would be too many.

    Args:
        end: the end of the last note.
        meters: from which tick on each is in force; the first from 0 on. A change inside a
            measure cuts it short.
        pickup: the length of the first measure, 0 if it is full.
        keys: the same for the values of ``K:``; a change inside a measure waits for the nearest
            bar line.
    """
    changes = [tick for tick, _ in meters]
    found: list[Measure] = []
    start = 0
    while start < end or not found:
        place = bisect_right(changes, start) - 1
        meter = meters[place][1]
        length = measure_ticks(meter)
        if not found and pickup:
            length = pickup
        if place + 1 < len(meters) and changes[place + 1] < start + length:
            length = changes[place + 1] - start
        middle = start + length // 2
        key = [name for tick, name in keys if tick < middle or tick == 0][-1]
        last = Ending.FINAL if start + length >= end else Ending.PLAIN
        found.append(Measure(start, length, meter, key, right=last))
        start += length
        if len(found) > _MOST:
            return None
    return tuple(found)
