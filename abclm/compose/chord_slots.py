"""The stretches of a tune under one chord, each with its melody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from abclm.compose.chord_grid import BEATS, Start, grid_of, starts_of
from abclm.compose.chord_places import bar_places, phrase_places
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.line import MelodicLine, melodic_line
from abclm.notation.tune.line_notes import tonic_class
from abclm.notation.tune.music import BodyField, Tune

__all__ = ["Part", "Slot", "slots_of"]


class Part(NamedTuple):
    """The part of a melody note that sounds within a slot.

    Attributes:
        pitch: semitones above the tonic, 0 to 11.
        share: its length as a share of the slot's.
        strength: 0 if it sounds at the start of the slot or is the longest of a section's last
            slot, 1 if it begins in the middle, else 2.
    """

    pitch: int
    share: float
    strength: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the melody under one chord.

    Attributes:
        bar: index of the bar in which it begins.
        onset: where it begins in that bar, in whole notes.
        token: the note or rest that begins there.
        key: the key in force.
        parts: the melody.
        size, level: as in `Start`.
        place: its place in the section or phrase; the tables are learnt for each.
        opens: whether a section, a repeat or an ending starts here, where a symbol is restated.
        ending: the number of the ending that starts here; 0 if none does.
        section: index of its section.
    """

    bar: int
    onset: Fraction
    token: Token
    key: Key
    parts: tuple[Part, ...]
    size: int
    level: int
    place: str
    opens: bool
    ending: int
    section: int


def slots_of(tune: Tune, grid: str | None = None) -> list[Slot]:
    """Return the slots of the first voice of ``tune``, in written order.

    A slot begins with a note or a rest: one inside a held note is joined to the slot before it.

    Args:
        tune: a tune whose key has a tonic; without one, or without notes, there are no slots.
        grid: `BEATS` or `HALVES`; by default `grid_of` the tune.
    """
    line = melodic_line(tune)
    if line is None or tune.key is None:
        return []
    grid = grid or grid_of(tune)
    written = bars(tune.voices[0].tune)
    begins = [*accumulate((bar.duration for bar in line.bars), initial=0)]
    starts = [*starts_of(line, written, grid, begins)]
    if grid == BEATS:
        places = phrase_places(starts, written, line, begins)
    else:
        places = bar_places(starts, written, line)
    keys = _keys(written, tune.key)
    sounding = _Sounding(line, begins)
    found: list[Slot] = []
    for at, (one, place) in enumerate(zip(starts, places, strict=True)):
        before = starts[at - 1].bar if at else None
        opens = before != one.bar and _opens(written, line, before, one.bar)
        ending = written[one.bar].before.ending
        found.append(
            Slot(
                bar=one.bar,
                onset=Fraction(one.start - begins[one.bar], line.ticks),
                token=one.token,
                key=keys[one.bar],
                parts=sounding.within(one, closes=place == "close"),
                size=one.size,
                level=one.level,
                place=place,
                opens=opens,
                ending=ending[0] if opens and ending else 0,
                section=line.bars[one.bar].section,
            )
        )
    return _from_first_note(found)


class _Sounding:
    """The notes of a line by time, in ticks from the start of the tune."""

    def __init__(self, line: MelodicLine, begins: Sequence[int]) -> None:
        self._notes = [
            (begins[note.bar] + note.onset, note.duration, note.above_tonic) for note in line.notes
        ]
        self._next = 0

    def within(self, one: Start, *, closes: bool) -> tuple[Part, ...]:
        """The parts of notes that sound within a slot; slots are asked for in order."""
        notes = self._notes
        while self._next < len(notes) and sum(notes[self._next][:2]) <= one.start:
            self._next += 1
        parts = []
        for onset, duration, pitch in notes[self._next :]:
            if onset >= one.stop:
                break
            overlap = min(one.stop, onset + duration) - max(one.start, onset)
            strength = 2 - (2 * onset == one.start + one.stop) if onset > one.start else 0
            parts.append(Part(pitch, overlap / (one.stop - one.start), strength))
        if closes and parts:
            longest = max(range(len(parts)), key=lambda at: (parts[at].share, -at))
            parts[longest] = parts[longest]._replace(strength=0)
        return tuple(parts)


def _from_first_note(slots: list[Slot]) -> list[Slot]:
    """The slots without the bars before the first that begins with a note.

    In ``z2 d2|GABc|`` the first bar is a pickup written with rests.
    """
    begins = {slot.bar for slot in slots if not slot.onset and slot.parts}
    first = min(begins, default=0)
    kept = [slot for slot in slots if slot.bar >= first]
    if kept and len(kept) < len(slots):
        kept[0] = replace(kept[0], opens=True)
    return kept


def _keys(written: Sequence[Bar], key: Key) -> list[Key]:
    """The key in force in each bar; a change inside a bar holds from its start."""
    keys: list[Key] = []
    for bar in written:
        for item in bar.items:
            if isinstance(item, BodyField) and item.name == "K":
                new = parse_key(item.value)
                key = new if new is not None and tonic_class(new) is not None else key
        keys.append(key)
    return keys


def _opens(written: Sequence[Bar], line: MelodicLine, before: int | None, bar: int) -> bool:
    """Whether a section, a repeat or an ending starts with a bar, or with a pickup before it."""
    boundary = written[bar].before
    changes = before is None or line.bars[before].section != line.bars[bar].section
    return changes or boundary.ends_section or bool(boundary.ending)
