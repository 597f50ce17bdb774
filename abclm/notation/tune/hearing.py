"""Measures of what a listener notices in a tune: its form, repetition, endings and slips.

Most functions take a melodic line and return one number, or None if it is undefined for the tune.
Yes or no is 1.0 or 0.0, so that the mean over tunes is the share of them.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import fmean

from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.line import MelodicBar, MelodicLine, MelodicNote
from abclm.notation.tune.music import Tune

__all__ = [
    "MOMENTS",
    "bar_five_is_bar_one",
    "count_notes",
    "distinct_bars",
    "endings_agree",
    "final_tonic",
    "has_eight_bar_sections",
    "last_degrees",
    "mean_over_sections",
    "needless_accidental",
    "question_and_answer",
    "rhyme",
    "section_bars",
    "section_ends",
    "similarity",
    "sounding_grid",
    "tritone",
]

MOMENTS = 24
"""Moments per bar at which two bars are compared: eighths and triplets fall on them."""

_EIGHT = frozenset({8, 16})
"""Lengths in bars of a section that counts as one or as two of eight bars."""
_TRITONE = 6


def final_tonic(line: MelodicLine) -> float:
    """Whether the last note is the tonic, unaltered."""
    last = line.notes[-1]
    return float(last.degree == 1 and not last.chromatic)


def endings_agree(line: MelodicLine) -> float | None:
    """Whether all sections end on the same note; None with one section."""
    ends = {note.pitch for note in section_ends(line)}
    return float(len(ends) == 1) if len(line.sections) > 1 else None


def bar_five_is_bar_one(line: MelodicLine) -> float | None:
    """The share of sections of eight bars or more whose bar 5 has the notes of bar 1."""
    return mean_over_sections(line, _same, [(0, 4)])


def question_and_answer(line: MelodicLine) -> float | None:
    """How similar bars 5 and 6 are to bars 1 and 2, in sections of eight bars or more."""
    return mean_over_sections(line, similarity, [(0, 4), (1, 5)])


def rhyme(line: MelodicLine) -> float | None:
    """How similar the last two bars of the later sections are to those of the first."""
    first, *later = line.sections or [()]
    pairs = [
        (first[-back], section[-back])
        for section in later
        for back in (1, 2)
        if min(len(first), len(section)) >= 2
    ]
    return _mean(similarity(*pair) for pair in pairs)


def distinct_bars(line: MelodicLine) -> float | None:
    """The share of distinct bars among the full ones."""
    figures = [bar.figure for bar in line.full_bars]
    return len(set(figures)) / len(figures) if figures else None


def tritone(line: MelodicLine) -> float:
    """Whether a note leaps to the next by a tritone, anywhere."""
    steps = (after.pitch - before.pitch for before, after in pairwise(line.notes))
    return float(any(abs(step) == _TRITONE for step in steps))


def needless_accidental(line: MelodicLine) -> float:
    """Whether an accidental says what already holds, anywhere (see `MelodicBar.needless`)."""
    return float(any(bar.needless for bar in line.bars))


def last_degrees(line: MelodicLine, count: int = 4) -> list[tuple[int, ...]]:
    """Return the scale degrees of the last ``count`` notes of each section, or fewer."""
    degrees: dict[int, list[int]] = {}
    for bar in line.bars:
        degrees.setdefault(bar.section, []).extend(note.degree for note in bar.notes)
    return [tuple(found[-count:]) for found in degrees.values() if found]


def section_ends(line: MelodicLine) -> list[MelodicNote]:
    """The last note of each section."""
    return [section[-1].notes[-1] for section in line.sections]


def mean_over_sections(
    line: MelodicLine,
    compare: Callable[[MelodicBar, MelodicBar], float],
    places: Sequence[tuple[int, int]],
) -> float | None:
    """Return the mean of ``compare`` over pairs of bars, in all sections of eight bars or more.

    Args:
        line: the melodic line of a tune.
        compare: a function of two bars.
        places: the indices of the pairs in their section, from 0, all below 8.
    """
    long = [section for section in line.sections if len(section) >= 8]
    return _mean(compare(section[one], section[other]) for section in long for one, other in places)


def similarity(first: MelodicBar, second: MelodicBar) -> float:
    """The share of `MOMENTS` at which the same pitch sounds in both bars, 0 to 1."""
    grids = (sounding_grid(bar, [note.pitch for note in bar.notes]) for bar in (first, second))
    return sum(map(int.__eq__, *grids)) / MOMENTS


def sounding_grid(bar: MelodicBar, values: Sequence[int]) -> list[int]:
    """Return the value of the note that sounds at each moment of a bar; 0 before the first.

    A moment that falls on the start of a note belongs to that note.

    Args:
        bar: a bar.
        values: one value for each of its notes, in order.

    Returns:
        `MOMENTS` values.
    """
    grid = [0] * MOMENTS
    if not bar.duration:
        return grid
    for note, value in zip(bar.notes, values, strict=True):
        start = _moment(note.onset, bar.duration)
        stop = min(MOMENTS, _moment(note.onset + note.duration, bar.duration))
        grid[start:stop] = [value] * (stop - start)
    return grid


def count_notes(tune: Tune) -> int:
    """Return the number of notes of a tune as written, for bits per note.

    All notes of a chord count, and so do both of two tied notes; rests and grace notes do not.
    """
    return sum(len(event.pitches) for event in tune.events)


def section_bars(tune: Tune) -> list[int]:
    """Return the number of bars of each section, played once through.

    A section ends at a double bar or a repeat. A short bar at its start is a pickup and belongs to
    the bar before it; a section with nothing else is not counted. Of several endings the one for
    the first time counts.
    """
    counts: list[int] = []
    count, begins, first_time = 0, True, True
    for bar in bars(tune):
        if bar.before.ending:
            first_time = 1 in bar.before.ending
        count += first_time and not (begins and _is_short(bar))
        begins = bar.after.ends_section and not bar.after.ending
        if begins:
            counts.append(count)
            count, first_time = 0, True
    return [count for count in counts if count]


def has_eight_bar_sections(tune: Tune) -> bool:
    """Whether every section has eight bars, or sixteen, which are two sections of eight."""
    counts = section_bars(tune)
    return bool(counts) and set(counts) <= _EIGHT


def _is_short(bar: Bar) -> bool:
    return bar.meter.bar is not None and bar.duration < bar.meter.bar


def _same(first: MelodicBar, second: MelodicBar) -> float:
    return float(first.figure == second.figure)


def _moment(time: int, duration: int) -> int:
    """The first moment of a bar of ``duration`` at ``time`` or after it."""
    return -(-MOMENTS * time // duration)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return fmean(found) if found else None
