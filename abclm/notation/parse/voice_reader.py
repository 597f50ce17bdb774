"""Reads the tokens of a body: lengths, broken rhythm, tuplets, and what belongs to which note."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any

from abclm.notation.parse.groups import Attached, OpenChord, read_tuplet
from abclm.notation.parse.strange import strange_text
from abclm.notation.syntax.broken import broken_shares
from abclm.notation.syntax.decorations import decoration_name, read_decoration, read_symbols
from abclm.notation.syntax.instructions import is_heard
from abclm.notation.syntax.lexer import Token, TokenKind
from abclm.notation.syntax.meter import Meter, parse_meter, parse_unit
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tables import BAR_END_SIGNS, NAVIGATION_SIGNS
from abclm.notation.syntax.values import (
    Pitch,
    note_lengths,
    read_ending,
    read_length,
    read_note,
)
from abclm.notation.tune.music import (
    BarLine,
    BodyField,
    Ending,
    Event,
    GraceNote,
    Item,
    LineBreak,
    Overlay,
    Tuplet,
)

__all__ = ["ReadBody", "VoiceReader"]

_ONE = Fraction(1)
_READ_ALREADY = frozenset("Lm")
"""Fields that nobody has to follow any more: lengths are in whole notes, macros written out."""

# What Sound(...) comes down to, at half the time: a tunebook has hundreds of thousands.
_new_event: Callable[[tuple[Any, ...]], Event] = partial(tuple.__new__, Event)
_PLAIN = tuple(Event._field_defaults.values())[1:]
"""The attributes behind `tuplet` of a sound to which nothing is attached."""


@dataclass(slots=True)
class ReadBody:
    """What all voices of a body are read into.

    Attributes:
        symbols: what ``U:`` fields make of letters.
        names: the decorations that the tune defines itself.
        items: the body, in the order in which it is written.
        problems: what is wrong with its grammar.
        remarks: what is not wrong, but may not be what was meant.
        has_ties: whether any note is tied.
        fields, directives: those of the body, in order.
        open_from: from this problem on each is of something still open where the body ends.
    """

    symbols: dict[str, str]
    names: frozenset[str] = frozenset()
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    has_ties: bool = False
    fields: list[Token] = field(default_factory=list)
    directives: list[Token] = field(default_factory=list)
    open_from: int = 0


class VoiceReader:
    """Reads the tokens of one voice: what is open in it, and what holds there, is its own.

    Attributes:
        meter, unit: that hold now.
        opening: the meter and the unit note length that hold where its first sound stands.
    """

    def __init__(self, meter: Meter, unit: Fraction, reading: ReadBody) -> None:
        self.meter = meter
        self._use_unit(unit)
        self.opening = meter, unit
        self._reading = reading
        self._items = reading.items
        self._attached: Attached | None = None
        self._last_event: int | None = None
        self._broken: Token | None = None
        self._broken_factor = _ONE
        self._shared: int | None = None  # the sound that the last broken rhythm ended in
        self._tuplet: Tuplet | None = None
        self._tuplet_place = 0
        self._chord: OpenChord | None = None
        self._grace: Token | None = None
        self._in_grace_chord = self._with_last = False
        self._slurs: list[Token] = []
        self._last_ending = 0
        self._continued = False
        self.handlers: dict[TokenKind, Callable[[Token], None]] = {
            TokenKind.NOTE: self._note,
            TokenKind.REST: self._rest,
            TokenKind.CHORD_OPEN: self._chord_open,
            TokenKind.CHORD_CLOSE: self._chord_close,
            TokenKind.GRACE_OPEN: self._grace_open,
            TokenKind.GRACE_CLOSE: self._grace_close,
            TokenKind.TUPLET: self._tuplet_open,
            TokenKind.SLUR_OPEN: self._slur_open,
            TokenKind.SLUR_CLOSE: self._slur_close,
            TokenKind.TIE: self._tie,
            TokenKind.BROKEN: self._broken_rhythm,
            TokenKind.BAR_LINE: self._bar_line,
            TokenKind.ENDING: self._ending,
            TokenKind.FIELD: self._change,
            TokenKind.INLINE_FIELD: self._change,
            TokenKind.DECORATION: self._decoration,
            TokenKind.STRING: lambda token: self._pending().strings.append(token.text[1:-1]),
            TokenKind.OVERLAY: lambda token: self._items.append(Overlay(token)),
            TokenKind.SPACER: self._spacer,
            TokenKind.DIRECTIVE: self._directive,
            TokenKind.CONTINUATION: self._continuation,
            TokenKind.NEWLINE: self._newline,
            TokenKind.UNKNOWN: self._unknown,
        }

    def close(self) -> None:
        """End the voice; what stays open becomes a problem."""
        self._close_bar()
        for opened in self._slurs:
            self._problem(opened, "slur", "this slur is never closed: add )")

    def _use_unit(self, unit: Fraction) -> None:
        self.unit = unit
        self._lengths = note_lengths(unit)

    def _problem(self, token: Token, rule: str, message: str) -> None:
        self._reading.problems.append(Problem(token.line, token.column, rule, message))

    def _pending(self) -> Attached:
        """What the next sound will have attached, made where there is something to attach."""
        if self._attached is None:
            self._attached = Attached()
        return self._attached

    def _note(self, token: Token) -> None:
        pitch, length = read_note(token.text)
        if self._grace is not None:
            self._pending().graces.append(GraceNote(pitch, length, self._with_last))
            self._with_last = self._in_grace_chord
        elif self._chord is not None:
            self._chord.members.append(token)
        else:
            self._event(token, (pitch,), "", self._lengths[token.text])

    def _rest(self, token: Token) -> None:
        if self._chord is not None:
            self._chord.members.append(token)
            return
        length, letter = read_length(token.text[1:]), token.text[0]
        bar = self.meter.bar
        if letter in "ZX" and bar is not None:
            self._event(token, (), letter, length * bar)
        else:
            self._event(token, (), letter, length * self.unit)

    def _event(self, token: Token, pitches: tuple[Pitch, ...], rest: str, length: Fraction) -> None:
        if not length:
            self._problem(token, "length", f"{token.text} lasts no time at all")
        notated = length
        if self._broken is not None:
            self._shared = len(self._items)
            notated = length * self._broken_factor
            self._broken = None
        duration = notated
        if self._tuplet is not None:
            duration = notated * self._tuplet.times / self._tuplet.notes
            self._tuplet_place += 1
        event = _new_event((token, pitches, rest, notated, duration, self._tuplet_place, *_PLAIN))
        self._last_event = len(self._items)
        self._items.append(event if self._attached is None else self._attached.given_to(event))
        self._attached = None
        if self._tuplet is not None and self._tuplet_place == self._tuplet.count:
            self._tuplet, self._tuplet_place = None, 0

    def _chord_open(self, token: Token) -> None:
        if self._chord is not None:
            self._problem(token, "chord", "a chord inside a chord: close the first with ]")
            return
        if self._grace is not None:
            self._in_grace_chord, self._with_last = True, False
        else:
            self._chord = OpenChord(token)

    def _chord_close(self, token: Token) -> None:
        chord, self._chord = self._chord, None
        if chord is None and self._in_grace_chord:
            self._in_grace_chord = self._with_last = False
        elif chord is None:
            self._problem(token, "chord", "] closes no chord: add [ before its notes")
        elif not chord.members:
            self._problem(chord.token, "chord", "an empty chord")
        else:
            length = chord.length * read_length(token.text[1:]) * self.unit
            pitches = chord.pitches
            self._event(chord.token, pitches, "" if pitches else "z", length)
            if chord.ties:
                self._tie_notes(chord)

    def _grace_open(self, token: Token) -> None:
        self._grace = token
        self._pending().slashed = token.text == "{/"

    def _grace_close(self, token: Token) -> None:
        if self._grace is None:
            self._problem(token, "grace", "} closes no grace notes: add { before them")
        self._grace, self._in_grace_chord, self._with_last = None, False, False

    def _tuplet_open(self, token: Token) -> None:
        tuplet, fault = read_tuplet(token, self.meter)
        if fault:
            self._problem(token, "tuplet", fault)
        if tuplet is not None:
            self._end_tuplet()
            self._tuplet, self._tuplet_place = tuplet, 0
            self._items.append(tuplet)

    def _end_tuplet(self) -> None:
        if self._tuplet is not None:
            missing = self._tuplet.count - self._tuplet_place
            self._problem(
                self._tuplet.token,
                "tuplet",
                f"{self._tuplet.token.text} wants {self._tuplet.count} notes: {missing} missing",
            )
        self._tuplet, self._tuplet_place = None, 0

    def _slur_open(self, token: Token) -> None:
        self._pending().opens += 1
        self._slurs.append(token)

    def _slur_close(self, token: Token) -> None:
        if not self._slurs:
            self._problem(token, "slur", ") closes no slur: add ( before its first note")
            return
        self._slurs.pop()
        if self._attached is not None and self._attached.opens:
            # A slur over grace notes alone holds no sound.
            self._attached.opens -= 1
            return
        self._change_last(lambda event: event._replace(closes=event.closes + 1))

    def _tie(self, token: Token) -> None:
        if self._grace is not None:
            return
        self._reading.has_ties = True
        if self._chord is not None:
            self._chord.ties.append(len(self._chord.members))
        elif self._last_event is None:
            self._problem(token, "tie", "a tie wants a note before it")
        else:
            self._change_last(lambda event: event._replace(tie=True, tied=()))

    def _tie_notes(self, chord: OpenChord) -> None:
        """Tie the notes of the chord just ended that have a tie of their own."""
        self._change_last(lambda event: event._replace(tie=True, tied=chord.tied))

    def _broken_rhythm(self, token: Token) -> None:
        if self._grace is not None or self._chord is not None:
            # Most likely a brace or bracket is missing, which is a problem of its own.
            return
        if self._last_event is None or self._broken is not None:
            self._problem(token, "broken-rhythm", f"{token.text} wants a note before it")
            return
        before, after = broken_shares(token.text)
        ratio = before
        if self._shared == self._last_event:
            # In "C<D>E" the D takes half from both: what is given and taken adds up.
            factor = self._broken_factor + before - 1
            if factor <= 0:
                what = f"{token.text} leaves no time to the note before it"
                self._problem(token, "broken-rhythm", what)
                return
            ratio = factor / self._broken_factor
            what = f"{token.text} and the broken rhythm before it share a note: players differ"
            self._reading.remarks.append(Problem(token.line, token.column, "broken-rhythm", what))
        self._change_last(
            lambda event: event._replace(
                notated=event.notated * ratio, duration=event.duration * ratio
            )
        )
        self._broken, self._broken_factor = token, after

    def _change_last(self, change: Callable[[Event], Event]) -> None:
        if self._last_event is not None:
            event = self._items[self._last_event]
            if isinstance(event, Event):
                self._items[self._last_event] = change(event)

    def _close_bar(self) -> None:
        """End what cannot go on over a bar line."""
        if self._chord is not None:
            self._problem(self._chord.token, "chord", "this chord is never closed: add ]")
            members, self._chord = self._chord.members, None
            for member in members:
                self.handlers[member.kind](member)
        if self._grace is not None:
            self._problem(self._grace, "grace", "these grace notes are never closed: add }")
            self._grace, self._in_grace_chord, self._with_last = None, False, False
        if self._broken is not None:
            message = f"{self._broken.text} wants a note after it"
            self._problem(self._broken, "broken-rhythm", message)
            self._broken = None
        self._end_tuplet()
        if self._attached is not None:
            self._keep_signs()

    def _bar_line(self, token: Token) -> None:
        line = BarLine.of(token)
        if not line.soft:
            self._close_bar()
        if self._last_ending and not line.closes and (line.opens or line.style != "|"):
            # "[1 …:|["last" …" goes on counting; behind a section the endings start anew.
            self._last_ending = 0
        self._items.append(line)

    def _ending(self, token: Token) -> None:
        numbers = read_ending(token.text, self._last_ending + 1)
        if not numbers and token.text.startswith('["'):
            return  # words such as ["Coda" name no time
        if not numbers:
            self._problem(token, "ending", f"{token.text} is no ending: write [1 or [2")
            return
        self._last_ending = numbers[-1]
        self._items.append(Ending(token, numbers))

    def _change(self, token: Token) -> None:
        self._reading.fields.append(token)
        name, value = token.field, token.value
        if name == "L":
            self._use_unit(parse_unit(value) or self.unit)
        if name == "U":
            self._reading.symbols |= read_symbols([value])
        if name == "M":
            self.meter = parse_meter(value) or self.meter
        if self._last_event is None:
            self.opening = self.meter, self.unit
        if name == "+":
            self._continue_field(value)
        elif name not in _READ_ALREADY:
            self._items.append(BodyField(token, name, value))

    def _continue_field(self, value: str) -> None:
        """Add to the field on the line before (ABC 2.1 section 6.1.2)."""
        for place in range(len(self._items) - 1, -1, -1):
            item = self._items[place]
            if isinstance(item, BodyField):
                self._items[place] = replace(item, value=f"{item.value} {value}")
            if not isinstance(item, LineBreak):
                return

    def _decoration(self, token: Token) -> None:
        reading = self._reading
        text, fault = read_decoration(token.text, reading.symbols, reading.names)
        if fault and len(token.text) > 1:
            # A player may leave out what it does not know (ABC 2.1 section 4.14).
            remark = Problem(token.line, token.column, "decoration", fault)
            reading.remarks.append(remark)
        elif fault:
            self._problem(token, "decoration", fault)
        elif text:
            self._pending().decorations.append(text)

    def _spacer(self, _token: Token) -> None:
        """What stands before a ``y`` belongs to it; signs and slurs alone hold beyond."""
        if self._attached is not None:
            self._keep_signs()
            signs = [
                text
                for text in self._attached.decorations
                if decoration_name(text) in NAVIGATION_SIGNS
            ]
            self._attached = Attached(decorations=signs, opens=self._attached.opens)

    def _directive(self, token: Token) -> None:
        self._reading.directives.append(token)
        if is_heard(token.text[2:]):
            self._items.append(BodyField(token, "I", token.text[2:].strip()))

    def _keep_signs(self) -> None:
        """Let ``!D.C.!`` and the like before a bar line belong to the note before it."""
        waiting = self._attached.decorations if self._attached is not None else []
        kept = [text for text in waiting if decoration_name(text) in BAR_END_SIGNS]
        if kept and self._last_event is not None:
            waiting[:] = [text for text in waiting if text not in kept]
            self._change_last(lambda event: event._replace(decorations=(*event.decorations, *kept)))

    def _continuation(self, _token: Token) -> None:
        self._continued = True

    def _newline(self, token: Token) -> None:
        if not self._continued and self._last_event is not None:
            self._items.append(LineBreak(token))
        self._continued = False

    def _unknown(self, token: Token) -> None:
        problems = self._reading.problems
        problem = strange_text(token, problems[-1] if problems else None)
        if problem is not None:
            problems.append(problem)
