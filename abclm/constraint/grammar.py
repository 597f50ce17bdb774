"""The canonical body of a tune as an automaton: from each character to those that may follow.

A `Position` says where a walk is, and `Grammar.steps` what may come next: every step from which the
tune can still end well, so no walk ends in a dead end. What a walk writes is canonical: whole bars,
repeats and endings that close, a double bar at the end (see `abclm.notation.write.writer`; the time
in the bars is `abclm.constraint.metre`'s).

Letters of notes lead to the same position whichever they are; a step is made for one of them and
holds for all of `ALIKE`.
"""

from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from abclm.constraint.header import canonical_keys
from abclm.constraint.metre import Metre
from abclm.constraint.place import BROKEN, Place, to_ticks
from abclm.notation.syntax.tables import TUPLET_TIMES
from abclm.notation.syntax.values import read_length

__all__ = ["ALIKE", "Grammar", "Lexis", "Position", "Step", "all_alike", "representative"]

ALIKE: Final = ("abcdefg", "ABCDEFG", "^_=", "~TH")
"""Characters that lead to the same position, and which walks tell apart only by their pitch."""

_ALIKE: Final = {alike[0]: alike for alike in ALIKE}
_REPRESENTATIVES: Final = {character: alike[0] for alike in ALIKE for character in alike}

_MOST_MARKS = 2
_MOST_GRACES = 4
_MOST_IN_CHORD = 4
_ACCIDENTAL, _DECORATION, _HIGH, _LOW = "^", "~", "a", "A"
_MARK: Final = {_HIGH: "'", _LOW: ","}


def representative(character: str) -> str:
    """The character that stands for ``character`` and all that lead where it does."""
    return _REPRESENTATIVES.get(character, character)


def all_alike(character: str) -> str:
    """``character`` and all that lead where it does."""
    return _ALIKE.get(character, character)


class Lexis(IntEnum):
    """What the last characters have begun."""

    SECTION = 0
    """A section, at the start of a line; ``text`` is ``end`` where the tune may end instead."""
    REPEAT_SIGN = 1
    """The ``|`` of the ``|:`` that opens a section."""
    FRESH = 2
    """Nothing: a sound must come, with whatever may stand before it."""
    BEFORE_NOTE = 3
    """Grace notes or a decoration, which a note must follow; ``text`` is the last of them."""
    ACCIDENTAL = 4
    """An accidental; ``text`` and ``around`` are those of the grace notes or chord it is in."""
    NOTE = 5
    """A note; ``text`` is its letter and its octave marks."""
    LENGTH = 6
    """The length of a note, a rest or a chord, as ``around`` says; ``text`` is what there is."""
    TIE = 7
    TUPLET = 8
    BRACKET = 9
    """A chord or an inline field."""
    FIELD = 10
    """A change of key; ``text`` is what there is of the value."""
    GROUP = 11
    """A chord or grace notes, as ``around`` says; ``text`` is a letter for each note."""
    BAR_LINE = 12
    """``|``, which more signs may follow."""
    COLON = 13
    CLOSE = 14
    """``:|``."""
    DOUBLE = 15
    """``||``."""
    FINAL = 16
    """``|]``, and the line end after it as ``text``."""
    AFTER = 17
    """A sound that is whole, its length too."""
    DONE = 18
    """All: nothing follows."""


class Position(NamedTuple):
    """Where a walk is: what was begun, its text so far, what is around it, the place in time."""

    lexis: Lexis
    place: Place
    text: str = ""
    around: str = ""


Step = tuple[str, Position]
"""A character, empty for the end of the tune, and where it leads."""


class Grammar:
    """What may be written where, for tunes in one metre.

    Args:
        metre: meter, unit note length, form, and what the vocabulary can spell.
    """

    def __init__(self, metre: Metre) -> None:
        self.metre = metre
        self._keys = [key for key in canonical_keys() if metre.characters.issuperset(key)]
        self._begun: dict[str, list[tuple[str, int]]] = {}
        for text, length in metre.lengths.items():
            for end in range(len(text)):
                self._begun.setdefault(text[:end], []).append((text[end], length))
        self._tuplets = [notes for notes in TUPLET_TIMES if str(notes) in metre.characters]
        self._steps: dict[Lexis, Callable[[Position], Iterator[Step]]] = {
            Lexis.SECTION: self._after_section,
            Lexis.REPEAT_SIGN: self._after_repeat_sign,
            Lexis.FRESH: lambda position: self._sounds(position.place),
            Lexis.BEFORE_NOTE: self._before_note,
            Lexis.ACCIDENTAL: self._after_accidental,
            Lexis.NOTE: self._after_note,
            Lexis.LENGTH: self._after_length,
            Lexis.TIE: self._after_tie,
            Lexis.TUPLET: self._after_tuplet,
            Lexis.BRACKET: self._after_bracket,
            Lexis.FIELD: self._after_field,
            Lexis.GROUP: self._after_group,
            Lexis.BAR_LINE: self._after_bar_line,
            Lexis.COLON: self._after_colon,
            Lexis.CLOSE: self._after_close,
            Lexis.DOUBLE: self._after_double,
            Lexis.FINAL: self._after_final,
            Lexis.AFTER: lambda position: self._after_sound(position.place, can_tie=True),
            Lexis.DONE: lambda _position: iter(()),
        }

    def steps(self, position: Position) -> list[Step]:
        """Every way on from ``position``, in characters that the vocabulary has."""
        known = self.metre.characters
        return [
            (character, following)
            for character, following in self._steps[position.lexis](position)
            if not character or not known.isdisjoint(all_alike(character))
        ]

    def _after_section(self, position: Position) -> Iterator[Step]:
        place = position.place
        if position.text == "end":
            more = self.metre.plan and place.section < len(self.metre.plan)
            if not more:
                yield "", Position(Lexis.DONE, place)
            if self.metre.plan and not more:
                return
        repeated = self.metre.section_plan(place).repeated
        if repeated is not False:
            yield "|", Position(Lexis.REPEAT_SIGN, place)
        if repeated is not True:
            yield from self._sounds(place)

    def _after_repeat_sign(self, position: Position) -> Iterator[Step]:
        yield ":", Position(Lexis.FRESH, position.place._replace(repeat=True))

    def _sounds(self, place: Place) -> Iterator[Step]:
        """What a sound may begin with."""
        if not self.metre.takes_sound(place):
            return
        yield _HIGH, Position(Lexis.NOTE, place, _HIGH)
        yield _LOW, Position(Lexis.NOTE, place, _LOW)
        if place.tied:
            return
        yield _ACCIDENTAL, Position(Lexis.ACCIDENTAL, place)
        yield _DECORATION, Position(Lexis.BEFORE_NOTE, place, _DECORATION)
        if self._can_spell("{}"):
            yield "{", Position(Lexis.GROUP, place, "", "{")
        if self._can_spell("[]"):
            yield "[", Position(Lexis.BRACKET, place)
        if not place.broken:
            yield "z", Position(Lexis.LENGTH, place, "", "z")
        if not place.pending and any(self._tuplet_places(place)):
            yield "(", Position(Lexis.TUPLET, place)

    def _before_note(self, position: Position) -> Iterator[Step]:
        place = position.place
        yield _HIGH, Position(Lexis.NOTE, place, _HIGH)
        yield _LOW, Position(Lexis.NOTE, place, _LOW)
        yield _ACCIDENTAL, Position(Lexis.ACCIDENTAL, place)
        if position.text == "}":
            yield _DECORATION, Position(Lexis.BEFORE_NOTE, place, _DECORATION)

    def _after_accidental(self, position: Position) -> Iterator[Step]:
        _, place, text, around = position
        for letter in (_HIGH, _LOW):
            if around:
                yield letter, Position(Lexis.GROUP, place, text + letter, around)
            else:
                yield letter, Position(Lexis.NOTE, place, letter)

    def _after_note(self, position: Position) -> Iterator[Step]:
        _, place, text, _ = position
        if len(text) <= _MOST_MARKS:
            yield _MARK[text[0]], position._replace(text=text + _MARK[text[0]])
        yield from self._after_length(Position(Lexis.LENGTH, place))

    def _after_length(self, position: Position) -> Iterator[Step]:
        _, place, text, around = position
        offered: set[str] = set()
        for character, length in self._begun.get(text, ()):
            if character not in offered and self.metre.takes_length(place, length):
                offered.add(character)
                yield character, position._replace(text=text + character)
        whole = self.metre.lengths.get(text) or to_ticks(read_length(text))
        if whole and self.metre.takes_length(place, whole):
            after = self.metre.after(place, whole, rest=around == "z")
            yield from self._after_sound(after, can_tie=not around)

    def _after_sound(self, place: Place, *, can_tie: bool) -> Iterator[Step]:
        """What may follow a whole sound."""
        yield from self._sounds(place)
        if place.pending:
            return
        if self.metre.takes_sound(place):
            yield " ", Position(Lexis.FRESH, place)
        if self.metre.can_break(place):
            for sign in BROKEN:
                broken = self.metre.broken(place, sign)
                if self.metre.takes_sound(broken):
                    yield sign, Position(Lexis.FRESH, broken)
        if can_tie and self._goes_on_tied(place):
            yield "-", Position(Lexis.TIE, place._replace(tied=True, last=0))
        yield from self._bar_lines(place)

    def _goes_on_tied(self, place: Place) -> bool:
        return self.metre.takes_sound(place) or (
            place.target is None and self.metre.ends_inside(place)
        )

    def _after_tie(self, position: Position) -> Iterator[Step]:
        place = position.place
        yield from self._sounds(place)
        if self.metre.takes_sound(place):
            yield " ", Position(Lexis.FRESH, place)
        yield from self._bar_lines(place)

    def _tuplet_places(self, place: Place) -> Iterator[tuple[str, Place]]:
        for notes in self._tuplets:
            inside = self.metre.tuplet(place, notes)
            if self.metre.takes_sound(inside):
                yield str(notes), inside

    def _after_tuplet(self, position: Position) -> Iterator[Step]:
        for character, inside in self._tuplet_places(position.place):
            yield character, Position(Lexis.FRESH, inside)

    def _after_bracket(self, position: Position) -> Iterator[Step]:
        place = position.place
        yield from self._after_group(Position(Lexis.GROUP, place, "", "["))
        if not place.pending and not place.tied and self._keys and self._can_spell("K:]"):
            yield "K", Position(Lexis.FIELD, place, "K")

    def _after_field(self, position: Position) -> Iterator[Step]:
        _, place, text, _ = position
        if text == "K":
            yield ":", Position(Lexis.FIELD, place, "K:")
            return
        value = text[2:]
        for character in sorted({key[len(value)] for key in self._keys if _begins(key, value)}):
            yield character, position._replace(text=text + character)
        if value in self._keys:
            yield "]", Position(Lexis.FRESH, place)

    def _after_group(self, position: Position) -> Iterator[Step]:
        _, place, text, around = position
        notes = text.count(_HIGH) + text.count(_LOW)
        if notes < (_MOST_IN_CHORD if around == "[" else _MOST_GRACES):
            yield _HIGH, position._replace(lexis=Lexis.GROUP, text=text + _HIGH)
            yield _LOW, position._replace(lexis=Lexis.GROUP, text=text + _LOW)
            yield _ACCIDENTAL, position._replace(lexis=Lexis.ACCIDENTAL)
        marks = len(text) - max(text.rfind(_HIGH), text.rfind(_LOW)) - 1
        if notes and marks < _MOST_MARKS:
            mark = _MARK[text[len(text) - marks - 1]]
            yield mark, position._replace(text=text + mark)
        if around == "[" and notes > 1:
            yield "]", Position(Lexis.LENGTH, place, "", "[")
        elif around == "{" and notes:
            yield "}", Position(Lexis.BEFORE_NOTE, place, "}")

    def _bar_lines(self, place: Place) -> Iterator[Step]:
        """``|`` and ``:``, where some bar line that starts so may come."""
        if place.target is not None:
            if self.metre.ends_bar(place):
                yield "|", Position(Lexis.DONE, place)
            return
        after = Position(Lexis.BAR_LINE, place)
        if next(self._after_bar_line(after), None) is not None:
            yield "|", after
        if self._may_close(place):
            yield ":", Position(Lexis.COLON, place)

    def _after_bar_line(self, position: Position) -> Iterator[Step]:
        metre, place = self.metre, position.place
        if metre.ends_inside(place):
            following = metre.next_bar(place)
            yield from self._sounds(following)
            yield "\n", Position(Lexis.FRESH, following)
            if metre.takes_first_ending(place) and not place.tied and self._can_spell("12:"):
                yield "1", Position(Lexis.FRESH, metre.first_ending(place))
        if place.tied:
            return
        if metre.ends_section(place) and (not place.repeat or place.ending == 2):
            more = metre.has_more_sections(place)
            if more is not False:
                yield "|", Position(Lexis.DOUBLE, place)
            if more is not True:
                yield "]", Position(Lexis.FINAL, place)
        if metre.is_lone_pickup(place) and metre.section_plan(place).repeated is not False:
            following = Place(pickup=0, repeat=True, section=place.section)
            yield ":", Position(Lexis.FRESH, following)

    def _may_close(self, place: Place) -> bool:
        return (
            place.repeat and place.ending < 2 and not place.tied and self.metre.ends_section(place)
        )

    def _after_colon(self, position: Position) -> Iterator[Step]:
        yield "|", position._replace(lexis=Lexis.CLOSE)

    def _after_close(self, position: Position) -> Iterator[Step]:
        place = position.place
        if place.ending == 1:
            yield "2", Position(Lexis.FRESH, self.metre.second_ending(place))
        else:
            yield "\n", Position(Lexis.SECTION, self.metre.next_section(place), "end")

    def _after_double(self, position: Position) -> Iterator[Step]:
        yield "\n", Position(Lexis.SECTION, self.metre.next_section(position.place))

    def _after_final(self, position: Position) -> Iterator[Step]:
        if position.text:
            yield "", Position(Lexis.DONE, position.place)
        else:
            yield "\n", position._replace(text="\n")

    def _can_spell(self, text: str) -> bool:
        return self.metre.characters.issuperset(text)


def _begins(key: str, value: str) -> bool:
    return len(key) > len(value) and key.startswith(value)
