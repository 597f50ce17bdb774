"""What may be written next in the body of a tune: canonical music that can still end properly.

The cursor knows what ABC allows; a grammar lists its successors under a plan. For each character
that canonical music may have at a position, the cursor gives the next state, and the metre and the
sections decide whether a valid ending can be reached from it. So no tune runs into a dead end:
bars are whole, repeats and endings close, and a double bar comes at the end.

What may follow does not depend on the letter of a note, so one character stands for all those in
its group of `_ALIKE`. Pitches are left to `abclm.constraint.pitch_rules`.
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Final

from abclm.constraint.header import canonical_keys
from abclm.constraint.metre import MARKS_OF_BROKEN, Aims, Metre, Moment
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.state import State
from abclm.notation.syntax.tables import ORNAMENTS, TUPLET_TIMES

__all__ = ["END", "Grammar"]

_ALIKE: Final = ("abcdefg", "ABCDEFG", "^_=", ORNAMENTS)
"""Groups of characters that may come at the same positions, with the same continuations."""

_GROUPS: Final = {one: alike for alike in _ALIKE for one in alike}
_REPRESENTATIVES: Final = {ord(one): ord(alike[0]) for alike in _ALIKE for one in alike}

_MOST_MARKS: Final = 2
"""Octave marks of a note; the notes of the shipped corpus have one at most."""
_MOST_GRACES: Final = 4
"""Notes in a group of grace notes; one group of the shipped corpus's 3,211 has more."""
_HIGH, _LOW, _ACCIDENTAL, _ORNAMENT = (alike[0] for alike in _ALIKE)
_NOTE: Final = _HIGH + _LOW
_MARK: Final = {_HIGH: "'", _LOW: ","}
END: Final = ""
"""The end of the tune."""


def _representative(text: str) -> str:
    """``text`` with each character replaced by the representative of its group."""
    return text.translate(_REPRESENTATIVES)


class Grammar:
    """What may be written in the bars of a tune; subclasses decide where bars may end.

    Args:
        metre: meter, unit note length, and what the vocabulary can spell.
    """

    most_in_chord = 4
    """Notes in a chord: the most in the shipped corpus, and the strings of a fiddle."""

    def __init__(self, metre: Metre) -> None:
        self.metre = metre
        self._keys = [key for key in canonical_keys() if metre.characters.issuperset(key)]
        self._begun: dict[str, list[tuple[str, int]]] = {}
        for text, length in metre.lengths.items():
            for end in range(len(text)):
                self._begun.setdefault(text[:end], []).append((text[end], length))
        self._tuplets = [notes for notes in TUPLET_TIMES if str(notes) in metre.characters]
        self._steps: dict[State, Callable[[Cursor], Iterator[str]]] = {
            State.SECTION: self._after_section,
            State.FRESH: self._after_blank,
            State.SYMBOL: self._after_symbol,
            State.ACCIDENTAL: lambda _cursor: iter(_NOTE),
            State.NOTE: self._after_note,
            State.LENGTH: self._after_length,
            State.TIE: self._after_tie,
            State.BROKEN: self._events,
            State.TUPLET: self._after_tuplet,
            State.BRACKET: self._after_bracket,
            State.FIELD: self._after_field,
            State.GROUP: self._after_group,
            State.BAR_LINE: self._after_bar_line,
            State.ENDING: self._events,
        }

    def successors(self, cursor: Cursor) -> list[str]:
        """The characters that may come at ``cursor``; an empty string is the end of the tune."""
        step = self._steps.get(cursor.state)
        found = step(cursor) if step is not None else ()
        known = self.metre.characters
        return [one for one in found if not one or not known.isdisjoint(self.alike(cursor, one))]

    def alike(self, cursor: Cursor, character: str) -> str:
        """All characters that may come at ``cursor`` exactly where ``character`` may."""
        if not character or cursor.state is State.FIELD:
            return character
        return _GROUPS.get(character, character)

    def key(self, cursor: Cursor) -> Hashable:
        """The part of ``cursor`` on which its successors depend."""
        state, text, time = cursor.state, cursor.text, cursor.time
        if state in _TIMELESS:
            if state is State.SYMBOL:
                return state, text == "}"
            return state, text if state is State.FIELD else _representative(text), cursor.around
        if state in _OPEN_LENGTH:
            text = _representative(text[0]) + text[1:] if state is State.NOTE else text
            length = (time.gone, time.in_tuplet, time.share, time.paired, time.rest, time.member)
            return state, text, cursor.around, length, time.tuplet, self._form_key(cursor)
        if state is State.BRACKET:
            text = _representative(text)
        elif state not in _TEXTUAL:
            text = ""
        paired = time.plain if time.broken else 0
        moment = time.used, time.tuplet, time.following, paired, time.begun
        return state, text, cursor.pitches.tied, moment, self._form_key(cursor)

    def longest(self, cursor: Cursor, begun: str) -> str:
        """The longest length that fits the last event and is spelled with ``begun`` first."""
        before, aims = Moment.before(cursor), self.aims(cursor)
        fitting = [
            text
            for text, length in self.metre.lengths.items()
            if text.startswith(begun) and self.metre.takes_length(before, length, aims)
        ]
        return max(fitting, key=self.metre.lengths.__getitem__, default=begun)

    def aims(self, cursor: Cursor) -> Aims:
        """The lengths that the current bar may have."""
        raise NotImplementedError

    def _form_key(self, cursor: Cursor) -> Hashable:
        raise NotImplementedError

    def _after_section(self, cursor: Cursor) -> Iterator[str]:
        raise NotImplementedError

    def _after_bar_line(self, cursor: Cursor) -> Iterator[str]:
        raise NotImplementedError

    def _bar_lines(self, cursor: Cursor) -> Iterator[str]:
        """The characters that may begin a bar line after an event."""
        raise NotImplementedError

    def _takes_event(self, cursor: Cursor) -> bool:
        return self.metre.takes_event(Moment.at(cursor), self.aims(cursor))

    def _events(self, cursor: Cursor) -> Iterator[str]:
        """The characters that may begin an event."""
        moment, aims = Moment.at(cursor), self.aims(cursor)
        if not self.metre.takes_event(moment, aims):
            return
        yield from _NOTE
        if cursor.pitches.tied:
            return
        yield from (_ACCIDENTAL, _ORNAMENT)
        if self._can_spell("{}"):
            yield "{"
        if self._can_spell("[]"):
            yield "["
        if not cursor.time.broken:
            yield "z"
        if not moment.pending and any(self._fitting_tuplets(moment, aims)):
            yield "("

    def _after_blank(self, cursor: Cursor) -> Iterator[str]:
        """After a blank comes an event or, if the bar is full, its bar line."""
        moment = Moment.at(cursor)
        if moment.pending or self._takes_event(cursor):
            yield from self._events(cursor)
        elif cursor.time.begun:
            yield from self._bar_lines(cursor)

    def _after_symbol(self, cursor: Cursor) -> Iterator[str]:
        yield from (*_NOTE, _ACCIDENTAL)
        if cursor.text == "}":
            yield _ORNAMENT

    def _after_note(self, cursor: Cursor) -> Iterator[str]:
        text = cursor.text
        if len(text) <= _MOST_MARKS:
            yield _MARK[_representative(text[0])]
        yield from self._after_length(cursor)

    def _after_length(self, cursor: Cursor) -> Iterator[str]:
        """The rest of a length, or what may follow the event as written so far."""
        before, aims = Moment.before(cursor), self.aims(cursor)
        text = "" if cursor.state is State.NOTE else cursor.text
        offered: set[str] = set()
        for character, length in self._begun.get(text, ()):
            if character not in offered and self.metre.takes_length(before, length, aims):
                offered.add(character)
                yield character
        written = cursor.time.written
        if written and self.metre.takes_length(before, written, aims):
            yield from self._after_event(cursor, can_tie=not cursor.around)

    def _after_event(self, cursor: Cursor, *, can_tie: bool) -> Iterator[str]:
        """What may follow a complete event."""
        yield from self._events(cursor)
        moment, aims = Moment.at(cursor), self.aims(cursor)
        if moment.pending:
            return
        takes_event = self.metre.takes_event(moment, aims)
        if takes_event:
            yield " "
        if self.metre.can_break(moment):
            for mark in MARKS_OF_BROKEN:
                if self.metre.takes_event(moment.broken(mark), aims):
                    yield mark
        if can_tie and (takes_event or self._may_end_bar(cursor.feed("-"))):
            yield "-"
        yield from self._bar_lines(cursor)

    def _may_end_bar(self, tied: Cursor | None) -> bool:
        """Whether a bar line may follow a tie."""
        return tied is not None and any(self._bar_lines(tied))

    def _after_tie(self, cursor: Cursor) -> Iterator[str]:
        yield from self._events(cursor)
        if self._takes_event(cursor):
            yield " "
        yield from self._bar_lines(cursor)

    def _fitting_tuplets(self, moment: Moment, aims: Aims) -> Iterator[str]:
        for notes in self._tuplets:
            if self.metre.takes_event(self.metre.tuplet(moment, notes), aims):
                yield str(notes)

    def _after_tuplet(self, cursor: Cursor) -> Iterator[str]:
        if cursor.text:
            yield from self._events(cursor)
        else:
            yield from self._fitting_tuplets(Moment.at(cursor), self.aims(cursor))

    def _after_bracket(self, cursor: Cursor) -> Iterator[str]:
        if cursor.text == "K":
            yield ":"
            return
        yield from self._after_group(cursor)
        free = not (cursor.text or cursor.pitches.tied or Moment.at(cursor).pending)
        if free and self._keys and self._can_spell("K:]"):
            yield "K"

    def _after_field(self, cursor: Cursor) -> Iterator[str]:
        name, _, value = cursor.text.partition(":")
        if name != "K" or cursor.around != "[":
            return
        yield from sorted({key[len(value)] for key in self._keys if _begins(key, value)})
        if value in self._keys:
            yield "]"

    def _after_group(self, cursor: Cursor) -> Iterator[str]:
        """The next character of a chord or of grace notes."""
        text, is_chord = _representative(cursor.text), cursor.around != "{"
        if text.endswith(_ACCIDENTAL):
            yield from _NOTE
            return
        notes = text.count(_HIGH) + text.count(_LOW)
        if notes < (self.most_in_chord if is_chord else _MOST_GRACES):
            yield from (*_NOTE, _ACCIDENTAL)
        marks = len(text) - max(text.rfind(_HIGH), text.rfind(_LOW)) - 1
        if notes and marks < _MOST_MARKS:
            yield _MARK[text[len(text) - marks - 1]]
        if is_chord and notes > 1:
            yield "]"
        elif not is_chord and notes:
            yield "}"

    def _can_spell(self, text: str) -> bool:
        return self.metre.characters.issuperset(text)


def _begins(key: str, value: str) -> bool:
    return len(key) > len(value) and key.startswith(value)


_OPEN_LENGTH: Final = frozenset({State.NOTE, State.LENGTH})
_TIMELESS: Final = frozenset({State.SYMBOL, State.ACCIDENTAL, State.GROUP, State.FIELD})
"""States in which the successors depend only on the text of the open item."""
_TEXTUAL: Final = frozenset({State.BAR_LINE, State.SECTION, State.TUPLET})
