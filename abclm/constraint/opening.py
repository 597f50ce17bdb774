"""Reads the notes a tune is to start with: where in the grammar they leave the one who goes on."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from abclm.constraint.automaton import Automaton, Walk
from abclm.constraint.grammar import Lexis, Position
from abclm.constraint.metre import Metre
from abclm.constraint.place import SIXTEENTHS, Place, to_ticks
from abclm.errors import InputError
from abclm.notation.parse.parser import parse_body
from abclm.notation.syntax.lexer import Token, TokenKind
from abclm.notation.syntax.meter import Meter, parse_meter, parse_unit
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import BarLine, BodyField, Ending, Event, Item, Tuplet

__all__ = ["Opening", "read_opening", "walk_from"]

_SIGNS = {TokenKind.BAR_LINE, TokenKind.ENDING}
_GROUPS = {TokenKind.CHORD_OPEN: TokenKind.CHORD_CLOSE, TokenKind.GRACE_OPEN: TokenKind.GRACE_CLOSE}
_PASSED_OVER = {TokenKind.STRING, TokenKind.SLUR_OPEN, TokenKind.DECORATION, TokenKind.BACKQUOTE}


class Opening(NamedTuple):
    """How far some notes lead.

    Attributes:
        meter, unit: what holds at their end; the unit in whole notes.
        position: in the grammar, before ``rest``.
        rest: the end of the text, which may still go on: a note without its length, a bar line.
        beyond: where a bar line in ``rest`` leads if it is none of the canonical ones, else None.
    """

    meter: Meter
    unit: Fraction
    position: Position
    rest: str = ""
    beyond: Position | None = None


def read_opening(notes: str, meter: Meter, unit: Fraction, metre: Metre) -> Opening:
    """Read ``notes``, the start of a body that may end anywhere, in any spelling of ABC.

    Args:
        notes: without the header.
        meter: of the header.
        unit: of the header, in whole notes.
        metre: what is planned; it counts the bars.

    Raises:
        InputError: a bar before the last is wrong, or the last one is too long.
    """
    tokens = parse_body(notes, meter, unit).tune.tokens
    start = _start_of_rest(tokens)
    whole = "".join(token.text for token in tokens[:start])
    rest = "".join(token.text for token in tokens[start:])
    parsed = parse_body(whole, meter, unit)
    for number, bar in enumerate(bars(parsed.tune), 1):
        if not bar.exact:
            raise InputError(
                f"bar {number} of the prompt lasts {bar.duration}, a bar of {bar.meter} lasts "
                f"{bar.meter.bar}: mend it (abclm validate), or take --raw"
            )
    reader = _Reader(meter, unit, metre)
    reader.read(parsed.tune.items)
    reader.end(tokens[:start])
    beyond = None
    if start < len(tokens) and tokens[start].kind in _SIGNS:
        after = _Reader(meter, unit, metre)
        after.read(parse_body(notes, meter, unit).tune.items)
        beyond = after.position()
    return Opening(reader.meter, reader.unit, reader.position(), rest, beyond)


def walk_from(automaton: Automaton, opening: Opening) -> Walk | None:
    """The walk to the end of ``opening``; None where the tune cannot go on in its metre."""
    walk: Walk | None = automaton.walk(opening.position)
    for character in opening.rest:
        walk = walk.follow(character) if walk is not None else None
    if walk is None and opening.beyond is not None:
        walk = automaton.walk(opening.beyond)
    return walk if walk is not None and walk.node.steps else None


def _start_of_rest(tokens: Sequence[Token]) -> int:
    """Where the text begins that may still go on: the last token, or a group that is open."""
    opened: int | None = None
    for index, token in enumerate(tokens):
        if token.kind in _GROUPS and opened is None:
            opened = index
        elif opened is not None and token.kind is _GROUPS[tokens[opened].kind]:
            opened = None
    if opened is not None:
        return opened
    start = len(tokens)
    while start and tokens[start - 1].kind is TokenKind.NEWLINE:
        start -= 1
    while start and tokens[start - 1].kind in _SIGNS:
        start -= 1
    if start == len(tokens) and start and tokens[start - 1].kind is TokenKind.CHORD_CLOSE:
        return max(i for i, token in enumerate(tokens) if token.kind is TokenKind.CHORD_OPEN)
    if start == len(tokens) and start and tokens[start - 1].kind is not TokenKind.SPACE:
        start -= 1
    return start


class _Reader:
    """Follows the items of a body from bar line to bar line."""

    def __init__(self, meter: Meter, unit: Fraction, metre: Metre) -> None:
        self.meter = meter
        self.unit = unit
        self._metre = metre
        self._place = Place()
        self._signs: list[BarLine | Ending] = []
        self._tuplet: Tuplet | None = None
        self._at_start = True
        self._fresh = True

    def read(self, items: Iterable[Item]) -> None:
        """Follow ``items``, to the last of them."""
        for item in items:
            if isinstance(item, BarLine | Ending):
                self._signs.append(item)
            elif isinstance(item, Event):
                self._cross()
                self._event(item)
            elif isinstance(item, Tuplet):
                self._cross()
                self._tuplet = item
            elif isinstance(item, BodyField):
                self._change(item)

    def end(self, tokens: Sequence[Token]) -> None:
        """Note what the last of ``tokens`` leaves open."""
        place = self._place
        if self._tuplet is not None:
            left = self._tuplet.count - place.tuplet
            place = place._replace(tuplet=left, times=self._tuplet.times, notes=self._tuplet.notes)
        last = next((t for t in reversed(tokens) if t.kind not in _PASSED_OVER), None)
        if last is not None and last.kind is TokenKind.BROKEN:
            less = SIXTEENTHS >> min(len(last.text), 3)
            factor = less if last.text[0] == ">" else 2 * SIXTEENTHS - less
            written = place.last * SIXTEENTHS // (2 * SIXTEENTHS - factor)
            place = place._replace(factor=factor, last=written)
            self._fresh = True
        elif last is not None and last.kind is TokenKind.SPACE:
            self._fresh = True
        if tokens and tokens[-1].kind in _PASSED_OVER:
            self._fresh = True
        self._place = place

    def position(self) -> Position:
        """Where the items lead."""
        if self._signs:
            return self._after_signs()
        if not self._place.used and self._at_start:
            return Position(Lexis.SECTION, self._place)
        # Behind a blank a sound follows, unless the bar is full: then its bar line does.
        waits = self._fresh and self._metre.takes_sound(self._place)
        return Position(Lexis.FRESH if waits else Lexis.AFTER, self._place)

    def _after_signs(self) -> Position:
        ends = any(
            isinstance(sign, BarLine) and (sign.closes or sign.style == "|]")
            for sign in self._signs
        )
        opens = any(isinstance(sign, BarLine) and sign.opens for sign in self._signs)
        self._cross()
        if self._place.first and not opens:
            return Position(Lexis.SECTION, self._place, "end" if ends else "")
        return Position(Lexis.FRESH, self._place)

    def _event(self, event: Event) -> None:
        place, time = self._place, to_ticks(event.duration / self.unit)
        if time is None:
            raise InputError(f"{event.token.text} in the prompt is too short a part of its bar")
        plain = event.tuplet == 0 and event.duration == event.notated
        used = place.used + time if self.meter.bar is not None else 1
        done = self._tuplet is not None and event.tuplet == self._tuplet.count
        if done:
            self._tuplet = None
        self._place = place._replace(
            used=used,
            tuplet=event.tuplet if self._tuplet is not None else 0,
            last=time if plain and event.pitches else 0,
            tied=event.tie and bool(event.pitches),
        )
        self._at_start = self._fresh = False

    def _change(self, change: BodyField) -> None:
        if change.name == "M":
            self.meter = parse_meter(change.value) or self.meter
        elif change.name == "L":
            self.unit = parse_unit(change.value) or self.unit

    def _cross(self) -> None:
        """Go over the bar lines that have been read since the last sound."""
        if not self._signs:
            return
        lines = [sign for sign in self._signs if isinstance(sign, BarLine)]
        endings = [sign for sign in self._signs if isinstance(sign, Ending)]
        closes, opens = any(s.closes for s in lines), any(s.opens for s in lines)
        double = any(sign.style != "|" for sign in lines)
        self._signs = []
        place = self._place
        if not place.used:
            self._place = place._replace(repeat=opens)
            self._at_start = not opens
            return
        inside = self._metre.next_bar(place)
        if endings and endings[-1].numbers[0] == 1:
            self._place = self._metre.first_ending(place)._replace(repeat=True)
        elif endings:
            self._place = self._metre.second_ending(inside)
        elif closes or opens or double:
            lone = place.first and not closes
            section = self._metre.next_section(place)
            self._place = section._replace(
                pickup=0 if lone else inside.pickup,
                repeat=opens,
                least=0 if lone else section.least,
            )
            self._at_start = True
        else:
            self._place = inside
        self._fresh = True
