"""Features of form: the sections, and the bars that return, exactly or nearly."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from abclm.evaluate.features.averages import UNKNOWN, known, mean
from abclm.notation.tune.hearing import (
    MOMENTS,
    bar_five_is_bar_one,
    distinct_bars,
    mean_over_sections,
    rhyme,
    sounding_grid,
)
from abclm.notation.tune.line import MelodicBar, MelodicLine

__all__ = ["form_features"]

Features = dict[str, float]
_Compare = Callable[[MelodicBar, MelodicBar], float]

_NEIGHBOURS: Final = tuple((place, place + 1) for place in range(7))
_EVENT: Final = {
    "bars 5-6 like 1-2": ((0, 4), (1, 5)),
    "bars 7-8 like 3-4": ((2, 6), (3, 7)),
    "bar 2 like 1": ((0, 1),),
    "bar 3 like 1": ((0, 2),),
    "bar 4 like 2": ((1, 3),),
    "bar 7 like 5": ((4, 6),),
    "bar 8 like 4": ((3, 7),),
    "bars like the one before": _NEIGHBOURS,
}
_RHYTHM: Final = {
    "rhythm of bars 5-6 like 1-2": ((0, 4), (1, 5)),
    "rhythm of bar 2 like 1": ((0, 1),),
    "rhythm of bar 3 like 1": ((0, 2),),
    "rhythm like the bar before": _NEIGHBOURS,
}
_CONTOUR: Final = {
    "contour of bar 2 like 1": ((0, 1),),
    "contour of bar 3 like 1": ((0, 2),),
    "contour of bar 4 like 3": ((2, 3),),
    "contour like the bar before": _NEIGHBOURS,
}
"""Pairs of bars of a section, from 0; each feature is the mean likeness of its pairs."""

_LIKE, _UNLIKE = 0.6, 0.4
"""A bar with at least the first likeness is a variant of another, below the second it is new."""
_MOTIF = 4
"""The number of notes in a motif."""
_LONGEST = 260
"""The number of notes among which repeats are looked for."""


def form_features(line: MelodicLine) -> Features:
    """Return the features of form; ``line`` must have full bars and sections."""
    looks = _Looks(line)
    return {
        **_sizes(line),
        **_inside(line, _EVENT, looks.event),
        **_inside(line, _RHYTHM, _same_rhythm),
        **_inside(line, _CONTOUR, looks.contour),
        "bar 5 is bar 1": known(bar_five_is_bar_one(line)),
        "bars 5-6 are bars 1-2": _both_return(line),
        **_across(line, looks),
        **_news(line, looks),
        **_motifs(line),
    }


class _Looks:
    """What sounds in each bar, and how alike two bars are by that."""

    def __init__(self, line: MelodicLine) -> None:
        grid = [sounding_grid(bar, [note.pitch for note in bar.notes]) for bar in line.bars]
        pitches = np.array(grid, np.int64)
        self._event = (pitches[:, None] == pitches).mean(axis=-1)
        self._steps = [sounding_grid(bar, [note.step for note in bar.notes]) for bar in line.bars]

    def event(self, first: MelodicBar, second: MelodicBar) -> float:
        """Return the similarity of `abclm.notation.tune.hearing.similarity`."""
        return float(self._event[_place(first), _place(second)])

    def contour(self, first: MelodicBar, second: MelodicBar) -> float:
        """Return the similarity after shifting one bar by the best number of scale steps."""
        pairs = zip(self._steps[_place(first)], self._steps[_place(second)], strict=True)
        return Counter(after - before for before, after in pairs).most_common(1)[0][1] / MOMENTS

    def nearest_earlier(self, bars: Sequence[MelodicBar]) -> list[float]:
        """Return for each of ``bars`` after the first its likeness to the nearest earlier one."""
        places = [_place(bar) for bar in bars]
        return [
            float(self._event[place, places[:number]].max())
            for number, place in enumerate(places[1:], 1)
        ]


def _place(bar: MelodicBar) -> int:
    return bar.notes[0].bar


def _same_rhythm(first: MelodicBar, second: MelodicBar) -> float:
    """Return the onsets that both bars have, divided by those that either has."""
    one, other = ({note.onset for note in bar.notes} for bar in (first, second))
    return len(one & other) / len(one | other)


def _sizes(line: MelodicLine) -> Features:
    sections = line.sections
    return {
        "sections": len(sections),
        "bars": sum(map(len, sections)),
        "bars of A": len(sections[0]),
        "bars of B": len(sections[1]) if len(sections) > 1 else 0,
        "starts with a pickup": line.bars[0].pickup,
        "notes per bar": len(line.notes) / len(line.bars),
    }


def _inside(
    line: MelodicLine, table: dict[str, tuple[tuple[int, int], ...]], compare: _Compare
) -> Features:
    return {
        name: known(mean_over_sections(line, compare, places)) for name, places in table.items()
    }


def _both_return(line: MelodicLine) -> float:
    long = [[bar.figure for bar in section] for section in line.sections if len(section) >= 8]
    return mean(section[:2] == section[4:6] for section in long)


def _across(line: MelodicLine, looks: _Looks) -> Features:
    """Return features that compare the later sections with the first."""
    first, *later = line.sections

    def last(count: int) -> float:
        return mean(
            looks.event(first[-back], section[-back])
            for section in later
            for back in range(1, 1 + min(count, len(first), len(section)))
        )

    known_bars = {bar.figure for bar in first}
    long = [section for section in later if min(len(first), len(section)) > 1]
    return {
        "last bar of B like A's": last(1),
        "last two bars of B like A's": known(rhyme(line)),
        "last four bars of B like A's": last(4),
        "last bar but one of B is A's": mean(first[-2].figure == one[-2].figure for one in long),
        "first bar of B like A's": mean(looks.event(first[0], section[0]) for section in later),
        "bars of B that stand in A": mean(
            mean(bar.figure in known_bars for bar in section) for section in later
        ),
        **_second_above_first(line),
    }


def _second_above_first(line: MelodicLine) -> Features:
    names = ("B above A", "top of B above A's", "notes per bar in B over A", "rhythm of B like A's")
    if len(line.sections) < 2:
        return dict.fromkeys(names, UNKNOWN)
    first, second = line.sections[:2]
    low, high = (
        [note.pitch for bar in section for note in bar.notes] for section in (first, second)
    )
    values = (
        mean(high) - mean(low),
        max(high) - max(low),
        len(high) / len(second) - len(low) / len(first),
        mean(map(_same_rhythm, first, second)),
    )
    return dict(zip(names, values, strict=True))


def _news(line: MelodicLine, looks: _Looks) -> Features:
    nearest = looks.nearest_earlier(line.full_bars)
    return {
        "distinct bars": known(distinct_bars(line)),
        "bars like an earlier one, mean": mean(nearest),
        "bars like no earlier one": mean(value < _UNLIKE for value in nearest),
        "bars that vary an earlier one": mean(_LIKE <= value < 1 for value in nearest),
        "longest repeat": _longest_repeat(line),
    }


def _longest_repeat(line: MelodicLine) -> float:
    """Return the length of the longest run that occurs twice without overlap, as a share."""
    kinds: dict[tuple[int, int], int] = {}
    notes = line.notes[:_LONGEST]
    heard = np.array([kinds.setdefault((note.pitch, note.duration), len(kinds)) for note in notes])
    longest = 0
    for lag in range(1, len(heard)):
        breaks = np.flatnonzero(np.concatenate([[True], heard[lag:] != heard[:-lag], [True]]))
        longest = max(longest, min(lag, int(np.diff(breaks).max()) - 1))
    return longest / len(heard)


def _motifs(line: MelodicLine) -> Features:
    """Return the shares of four-note motifs heard before, at the same pitch and at another."""
    seen: dict[tuple[int, ...], set[int]] = {}
    same = moved = 0
    notes = line.notes
    for start in range(len(notes) - _MOTIF + 1):
        motif = notes[start : start + _MOTIF]
        intervals = [after.step - before.step for before, after in pairwise(motif)]
        places = seen.setdefault((*intervals, *(note.duration for note in motif)), set())
        same += motif[0].step in places
        moved += bool(places) and motif[0].step not in places
        places.add(motif[0].step)
    count = max(1, len(notes) - _MOTIF + 1)
    return {"motifs heard again": same / count, "motifs heard again elsewhere": moved / count}
