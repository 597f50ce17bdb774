"""Remembers the bars of a tune by their position in its form, while the tune is being written.

Where one phrase answers another, a bar returns at the same position in the later phrase.
`BarMemory` is updated at every character, alongside an `abclm.notation.cursor.cursor.Cursor`. It
stores the text of each bar, the index at which each event begins, and the notes as staff steps.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.form import SECOND_ENDING, Form
from abclm.notation.cursor.pitch import OCTAVE_MARKS
from abclm.notation.cursor.state import State
from abclm.notation.syntax.tables import ORNAMENTS, STEPS

__all__ = ["PICKUP", "BarMemory", "BarPlace", "RememberedBar"]

PICKUP: Final = -1
"""The bar number of a section's pickup; the first full bar is 0."""

BarPlace = tuple[int, int, int]
"""Section and bar, both counted from 0, then 1 in a second ending or 0 elsewhere."""

_EVENTS: Final = frozenset("ABCDEFGabcdefgzx")
_PREFIXES: Final = frozenset(f"{ORNAMENTS}{{^_=([")
"""Characters that belong to the event after them."""
_SIGNS: Final = frozenset("|:]\n")


class RememberedBar(NamedTuple):
    """A complete bar.

    Attributes:
        text: the bar as written, without bar lines.
        starts: maps the onset of each event, in ticks from the start of the bar, to the index in
            ``text`` where the event begins, decorations and accidentals included.
        steps: maps the onset of each note, in ticks, to its staff step; rests are absent.
        length: duration in ticks.
    """

    text: str
    starts: dict[int, int]
    steps: dict[int, int]
    length: int


class BarMemory(NamedTuple):
    """The bars written so far. Immutable.

    Attributes:
        place: position of the bar being written, or of the next bar.
        text: the text of that bar so far.
        pieces: onset and index in ``text`` of each of its events.
        notes: onset and staff step of each of its notes.
        prefix: index in ``text`` where the next event's prefix begins, or -1.
        recent: whether the last character belongs to a note that octave marks may follow.
        done: the complete bars, by position.
        last: position of the previous bar.
        pickup: whether sections start with a pickup, as the first one does.
    """

    place: BarPlace = (0, 0, 0)
    text: str = ""
    pieces: tuple[tuple[int, int], ...] = ()
    notes: tuple[tuple[int, int], ...] = ()
    prefix: int = -1
    recent: bool = False
    done: Mapping[BarPlace, RememberedBar] = {}
    last: BarPlace | None = None
    pickup: bool = False

    def after(self, character: str, before: Cursor, now: Cursor) -> "BarMemory":
        """Return the memory after one more character of the body.

        Args:
            character: the character.
            before: the cursor before it.
            now: the cursor after it.
        """
        if before.in_music:
            if character in _SIGNS:
                return self._ended(before, now)
            if not self.text and character.isdigit():
                return self._replace(place=self._place(now.form))
        text = self.text + character
        if _begins_event(character, before, now):
            return self._with_event(text, character, now.time.gone)
        if character in OCTAVE_MARKS and self.recent:
            moment, step = self.notes[-1]
            notes = (*self.notes[:-1], (moment, step + OCTAVE_MARKS[character]))
            return self._replace(text=text, notes=notes)
        if now.state is State.GROUP and now.around == "[" and character in STEPS:
            # The last note written in a chord counts; it is usually the highest.
            moment = now.time.gone
            others = tuple(note for note in self.notes if note[0] != moment)
            notes = (*others, (moment, STEPS[character]))
            return self._replace(text=text, notes=notes, recent=True)
        prefix = self.prefix
        if prefix < 0 and before.in_music and character in _PREFIXES:
            prefix = len(self.text)
        return self._replace(text=text, prefix=prefix, recent=False)

    @property
    def begins(self) -> bool:
        """Whether the bar is still empty."""
        return not self.text

    @property
    def step(self) -> int | None:
        """The staff step of the last note in this bar, or else in the previous one."""
        if self.notes:
            return self.notes[-1][1]
        before = self.done.get(self.last) if self.last is not None else None
        return next(reversed(before.steps.values()), None) if before is not None else None

    def _with_event(self, text: str, character: str, moment: int) -> "BarMemory":
        start = self.prefix if self.prefix >= 0 else len(self.text)
        notes = self.notes
        if character in STEPS:
            notes = (*notes, (moment, STEPS[character]))
        return self._replace(
            text=text,
            pieces=(*self.pieces, (moment, start)),
            notes=notes,
            prefix=-1,
            recent=character in STEPS,
        )

    def _ended(self, before: Cursor, now: Cursor) -> "BarMemory":
        """Return the memory after a character of a bar line."""
        if not self.text:
            return self._at(now.form)
        place = self.place
        if place[1] <= 0:
            short = now.form.sections == before.form.sections and not now.form.number
            place = (place[0], PICKUP if short else 0, place[2])
        bar = RememberedBar(self.text, dict(self.pieces), dict(self.notes), before.time.used)
        done = {**self.done, place: bar}
        pickup = self.pickup or place == (0, PICKUP, 0)
        return BarMemory(done=done, last=place, pickup=pickup)._at(now.form)

    def _at(self, form: Form) -> "BarMemory":
        """Return the memory at a bar line; a pickup before the first ``|:`` does not count."""
        alone = self.last == (0, PICKUP, 0) and form.repeated and not form.pickup
        here = self._replace(pickup=False) if alone else self
        return here._replace(place=here._place(form))

    def _place(self, form: Form) -> BarPlace:
        """The position of the next bar."""
        second = form.ending == SECOND_ENDING
        begun = form.bars == 0 and form.pickup == 0
        if begun and form.sections and self.pickup and not second:
            return (form.sections, PICKUP, 0)
        return (form.sections, form.number, int(second))


def _begins_event(character: str, before: Cursor, now: Cursor) -> bool:
    if before.state is State.BRACKET:
        return now.state is State.GROUP
    return character in _EVENTS and (before.in_music or before.state is State.TUPLET)
