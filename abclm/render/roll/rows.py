"""The rows of a piano roll: which bars stand in each, with their lines and beats."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from abclm.notation.play.sounding import PlayedBar
from abclm.notation.tune.bars import pickup_offset

__all__ = ["Line", "Row", "rows_of"]

_BARS: Final = 8
"""The bars of a row, if their notes are not too narrow or too wide."""
_NARROWEST, _WIDEST = 64.0, 320.0
"""Pixels for a whole note."""
_MOST_BEATS: Final = 64
"""In one bar; more would be a grey area."""


class Line(NamedTuple):
    """A bar line: its moment, the number of the bar that begins, and whether a section does."""

    onset: Fraction
    number: int | None
    is_section: bool


class Row(NamedTuple):
    """A row from ``start`` to ``end``, in whole notes, with its bar lines and beats."""

    start: Fraction
    end: Fraction
    lines: tuple[Line, ...]
    beats: tuple[Fraction, ...]


def rows_of(bars: Sequence[PlayedBar], end: Fraction, width: float) -> tuple[list[Row], float]:
    """Return the rows, and the pixels of a whole note.

    A row ends with a bar; a bar longer than a row is cut.

    Args:
        bars: the bars of a voice in playing order.
        end: where the music ends.
        width: of a row in pixels.
    """
    lengths = sorted(bar.bar.duration for bar in bars if bar.bar.duration)
    usual = lengths[len(lengths) // 2] if lengths else Fraction(1)
    pickup = bars[0].bar.duration if bars and pickup_offset(bars[0].bar) else Fraction(0)
    longest = usual * _BARS + pickup
    whole = min(_WIDEST, max(_NARROWEST, width / float(longest)))
    longest = min(longest, Fraction(width / whole).limit_denominator(64))
    cuts = _cuts([bar.onset for bar in bars], end, longest)
    lines = _lines(bars, end)
    onsets = [line.onset for line in lines]
    beats = [moment for bar in bars for moment in _beats(bar)]
    rows = [
        Row(
            start,
            stop,
            tuple(lines[bisect_left(onsets, start) : bisect_left(onsets, stop)]),
            tuple(beats[bisect_right(beats, start) : bisect_left(beats, stop)]),
        )
        for start, stop in pairwise(cuts)
    ]
    closing = Line(end, None, is_section=True)
    return [*rows[:-1], rows[-1]._replace(lines=(*rows[-1].lines, closing))], whole


def _cuts(onsets: Sequence[Fraction], end: Fraction, longest: Fraction) -> list[Fraction]:
    """The moments at which rows begin, and the end."""
    cuts = [Fraction(0)]
    last = Fraction(0)
    for onset in [*onsets[1:], end]:
        if onset - cuts[-1] > longest and last > cuts[-1]:
            cuts.append(last)
        while onset - cuts[-1] > longest:
            cuts.append(cuts[-1] + longest)
        last = onset
    return [*cuts, end]


def _lines(bars: Sequence[PlayedBar], end: Fraction) -> list[Line]:
    """The line at the start of each bar; a pickup at the start is bar 0."""
    first = 0 if bars and pickup_offset(bars[0].bar) else 1
    lines: list[Line] = []
    number = first
    for bar in bars:
        if bar.onset < end:
            lines.append(Line(bar.onset, number, bar.bar.before.ends_section))
        number += bar.bar.measures
    return lines


def _beats(played: PlayedBar) -> list[Fraction]:
    """The moments of the beats inside a bar."""
    bar, meter = played.bar, played.bar.meter
    if meter.bar is None:
        beat = Fraction(1, 4)
    else:
        beat = Fraction(3 if meter.compound else 1, meter.beat_unit)
    first = played.onset - pickup_offset(bar)
    count = int(bar.duration / beat) + 1
    if count > _MOST_BEATS * bar.measures:
        return []
    return [
        moment
        for place in range(1, count + int(pickup_offset(bar) / beat) + 1)
        if played.onset < (moment := first + place * beat) < played.onset + bar.duration
    ]
