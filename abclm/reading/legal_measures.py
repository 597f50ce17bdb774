"""Repeats and endings as ABC requires them: what opens closes, a first ending has a second."""

from collections.abc import Sequence
from dataclasses import replace

from abclm.reading.score import Ending, Measure, Remark

__all__ = ["legal_measures"]


def legal_measures(measures: Sequence[Measure]) -> tuple[list[Measure], list[Remark]]:
    """Return the measures without repeats and endings that lack their counterpart.

    A repeat that closes without one that opens goes back to the last double bar in many programs,
    so the start is written where that is not the same.
    """
    legal = list(measures)
    if not any(one.opens or one.closes or one.endings for one in legal):
        return legal, []
    remarks = [*_drop_lone_endings(legal), *_drop_open_repeats(legal)]
    _open_where_unclear(legal)
    return legal, remarks


def _drop_lone_endings(measures: list[Measure]) -> list[Remark]:
    dropped: list[int] = []
    first: int | None = None
    for index, measure in enumerate(measures):
        endings = measure.endings
        if not endings:
            continue
        if 1 in endings:
            if first is not None:
                dropped.append(first)
            first = index if 2 not in endings else None
        elif first is None and endings[0] == 2:
            dropped.append(index)
        else:
            first = None
    if first is not None:
        dropped.append(first)
    for index in dropped:
        measures[index] = replace(measures[index], endings=())
    return [
        Remark(f"the ending in measure {index + 1} has no counterpart and was left out")
        for index in sorted(dropped)
    ]


def _drop_open_repeats(measures: list[Measure]) -> list[Remark]:
    dropped: list[int] = []
    opened: int | None = None
    for index, measure in enumerate(measures):
        if measure.opens:
            if opened is not None:
                dropped.append(opened)
            opened = index
        if measure.closes:
            opened = None
    if opened is not None:
        dropped.append(opened)
    for index in dropped:
        measures[index] = replace(measures[index], opens=False)
    return [
        Remark(f"the repeat that opens in measure {index + 1} never closes and was left out")
        for index in dropped
    ]


def _open_where_unclear(measures: list[Measure]) -> None:
    """Open the repeats that close without an opening, where a double bar stands between."""
    start, divided = 0, False
    for index, measure in enumerate(measures):
        if measure.opens:
            start, divided = index, False
        if measure.closes:
            if divided and not measures[start].opens:
                measures[start] = replace(measures[start], opens=True)
            start, divided = index + 1, False
        elif measure.right is not Ending.PLAIN:
            divided = True
