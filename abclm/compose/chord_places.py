"""The place of each slot in its section or phrase, by which chords are learnt and chosen."""

from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Final

from abclm.compose.chord_grid import Start, beat_of, has_fermata
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.line import MelodicLine

__all__ = ["bar_places", "phrase_places"]

_LONG_NOTE: Final = 1.75
"""A note of at least so many beats ends a phrase of a hymn that has no fermatas."""


def bar_places(starts: Sequence[Start], written: Sequence[Bar], line: MelodicLine) -> list[str]:
    """Return the place of each slot of a dance, with ``+`` after the first slot of a bar.

    ``close`` for the last slot of a section, ``end`` for others of the last bar, ``pre`` in the bar
    before it, else the number of the bar, from 1 to 8.
    """
    numbers = _numbers(written, line)
    places = []
    for one, following in zip(starts, [*starts[1:], None], strict=False):
        later = "+" if one.number else ""
        if _ends(written, one.bar):
            closes = following is None or following.bar != one.bar
            places.append("close" if closes else f"end{later}")
        elif one.bar + 1 < len(written) and _ends(written, one.bar + 1):
            places.append(f"pre{later}")
        else:
            places.append(f"{(numbers[one.bar] - 1) % 8 + 1}{later}")
    return places


def phrase_places(
    starts: Sequence[Start], written: Sequence[Bar], line: MelodicLine, begins: Sequence[int]
) -> list[str]:
    """Return the place of each slot of a hymn in its phrase.

    A phrase ends at a fermata, a long note or the end of a section: ``end``, before it ``pre`` and
    ``pre2``; ``1`` after it; ``mid`` elsewhere.

    Args:
        starts: the slots.
        written: the bars.
        line: the melody.
        begins: the times at which the bars begin, in ticks.
    """
    ends = _phrase_ends(line, written, begins)
    places = ["mid"] * len(starts)
    last = -1
    for at, one in enumerate(starts):
        following = starts[at + 1] if at + 1 < len(starts) else None
        final = following is None or (following.bar != one.bar and _ends(written, one.bar))
        if not (final or any(one.start <= time < one.stop for time in ends)):
            continue
        for back, name in enumerate(("end", "pre", "pre2")):
            if at - back > last:
                places[at - back] = name
        if last + 1 < at - 2:
            places[last + 1] = "1"
        last = at
    return places


def _numbers(written: Sequence[Bar], line: MelodicLine) -> list[int]:
    """The number of each bar in its section as played: a second ending counts like the first."""
    numbers: list[int] = []
    shift, first = 0, 0
    for bar, melodic in zip(written, line.bars, strict=True):
        if melodic.place <= 1:
            shift, first = 0, 0
        if bar.before.ending:
            if bar.before.ending[0] == 1:
                first = melodic.place
            elif first:
                shift = melodic.place - first
        numbers.append(max(1, melodic.place - shift))
    return numbers


def _ends(written: Sequence[Bar], at: int) -> bool:
    """Whether a section ends with the bar, for the first or a later time."""
    return written[at].after.ends_section


def _phrase_ends(line: MelodicLine, written: Sequence[Bar], begins: Sequence[int]) -> list[int]:
    """The onsets of notes that end a phrase, in ticks: those with a fermata, else long ones."""
    marked: list[int] = []
    for at, bar in enumerate(written):
        now = Fraction(0)
        for event in bar.events:
            if has_fermata(event):
                marked.append(begins[at] + int(now * line.ticks))
            now += event.duration
    if marked:
        return marked
    usual = median(note.duration for note in line.notes)
    return [
        begins[note.bar] + note.onset
        for note in line.notes
        if note.duration
        >= max(1.5 * usual, _LONG_NOTE * float(beat_of(line.bars[note.bar].meter)) * line.ticks)
    ]
