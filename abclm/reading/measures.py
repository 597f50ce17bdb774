"""The measures of a piece, from its meters, its pickup and its keys."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
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
    changes, keyed = [tick for tick, _ in meters], [tick for tick, _ in keys]
    found: list[Measure] = []
    start = 0
    while start < end or not found:
        place = bisect_right(changes, start)
        meter = meters[place - 1][1]
        length = measure_ticks(meter) if found or not pickup else pickup
        if place < len(meters):
            length = min(length, changes[place] - start)
        key = keys[bisect_right(keyed, start + length // 2 - 1) - 1][1]
        found.append(Measure(start, length, meter, key))
        start += length
        if len(found) > _MOST:
            return None
    if pickup and len(found) > 1:
        found = _completed(found, end, pickup)
    found[-1] = replace(found[-1], right=Ending.FINAL)
    return tuple(found)


def _completed(found: list[Measure], end: int, pickup: int) -> list[Measure]:
    """Measures of which the last one, without the pickup, is full.

    If the music does not leave room for that, a measure of rest follows.
    """
    last = found[-1]
    short = last.length - pickup
    if short <= 0 or last.length != measure_ticks(last.meter):
        return found
    if last.start + short >= end:
        return [*found[:-1], replace(last, length=short)]
    return [*found, replace(last, start=last.end, length=short)]
