"""Reads the tokens of a body: lengths, broken rhythm, tuplets, and what belongs to which note."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from abclm.notation.decorations import decoration_name, read_decoration, read_symbols
from abclm.notation.groups import Attached, OpenChord, broken_factors, read_tuplet
from abclm.notation.lexer import Kind, Token
from abclm.notation.meter import Meter, parse_meter, parse_unit
from abclm.notation.music import (
    Change,
    Ending,
    GraceNote,
    Item,
    LineBreak,
    Overlay,
    Pitch,
    Sound,
    Tuplet,
)
from abclm.notation.problem import Problem
from abclm.notation.strange import strange_text
from abclm.notation.tables import BAR_END_SIGNS
from abclm.notation.values import (
    note_lengths,
    read_bar_line,
    read_ending,
    read_length,
    read_note,
)

__all__ = ["BodyReader"]

_ONE = Fraction(1)


class BodyReader:
    """Collects the items and the problems of a body, token by token."""

    def __init__(
        self, meter: Meter, unit: Fraction, symbols: Mapping[str, str] | None = None
    ) -> None:
        self.meter = meter
        self._symbols = dict(symbols or {})
        self._use_unit(unit)
        self.items: list[Item] = []
        self.problems: list[Problem] = []
        self._attached: Attached | None = None
        self._last_sound: int | None = None
        self._broken: Token | None = None
        self._broken_factor = _ONE
        self._tuplet: Tuplet | None = None
        self._tuplet_place = 0
        self._chord: OpenChord | None = None
        self._grace: Token | None = None
        self._slurs: list[Token] = []
        self._continued = False
        self._handlers: dict[Kind, Callable[[Token], None]] = {
            Kind.NOTE: self._note,
            Kind.REST: self._rest,
            Kind.CHORD_OPEN: self._chord_open,
            Kind.CHORD_CLOSE: self._chord_close,
            Kind.GRACE_OPEN: self._grace_open,
            Kind.GRACE_CLOSE: self._grace_close,
            Kind.TUPLET: self._tuplet_open,
            Kind.SLUR_OPEN: self._slur_open,
            Kind.SLUR_CLOSE: self._slur_close,
            Kind.TIE: self._tie,
            Kind.BROKEN: self._broken_rhythm,
            Kind.BAR_LINE: self._bar_line,
            Kind.ENDING: self._ending,
            Kind.FIELD: self._change,
            Kind.INLINE_FIELD: self._change,
            Kind.DECORATION: self._decoration,
            Kind.STRING: lambda token: self._pending().strings.append(token.text[1:-1]),
            Kind.OVERLAY: lambda token: self.items.append(Overlay(token)),
            Kind.CONTINUATION: self._continuation,
            Kind.NEWLINE: self._newline,
            Kind.UNKNOWN: self._unknown,
        }

    def read(self, tokens: Iterable[Token]) -> None:
        """Read all ``tokens``; what stays open at their end becomes a problem."""
        last = None
        for token in tokens:
            handler = self._handlers.get(token.kind)
            if handler is not None:
                handler(token)
            last = token
        if last is not None:
            self._close_bar()
            for opened in self._slurs:
                self._problem(opened, "slur", "this slur is never closed: add )")

    def _use_unit(self, unit: Fraction) -> None:
        self.unit = unit
        self._lengths = note_lengths(unit)

    def _problem(self, token: Token, rule: str, message: str) -> None:
        self.problems.append(Problem(token.line, token.column, rule, message))

    def _pending(self) -> Attached:
        """What the next sound will have attached, made where there is something to attach."""
        if self._attached is None:
            self._attached = Attached()
        return self._attached

    def _note(self, token: Token) -> None:
        pitch, length = read_note(token.text)
        if self._grace is not None:
            self._pending().graces.append(GraceNote(pitch, length))
        elif self._chord is not None:
            self._chord.members.append(token)
        else:
            self._sound(token, (pitch,), "", self._lengths[token.text])

    def _rest(self, token: Token) -> None:
        if self._chord is not None:
            self._chord.members.append(token)
            return
        length, letter = read_length(token.text[1:]), token.text[0]
        bar = self.meter.bar
        if letter in "ZX" and bar is not None:
            self._sound(token, (), letter, length * bar)
        else:
            self._sound(token, (), letter, length * self.unit)

    def _sound(self, token: Token, pitches: tuple[Pitch, ...], rest: str, length: Fraction) -> None:
        if not length:
            self._problem(token, "length", f"{token.text} lasts no time at all")
        notated = length
        if self._broken is not None:
            notated = length * self._broken_factor
            self._broken = None
        duration = notated
        if self._tuplet is not None:
            duration = notated * self._tuplet.times / self._tuplet.notes
            self._tuplet_place += 1
        sound = Sound(token, pitches, rest, notated, duration, self._tuplet_place)
        self._last_sound = len(self.items)
        self.items.append(sound if self._attached is None else self._attached.given_to(sound))
        self._attached = None
        if self._tuplet is not None and self._tuplet_place == self._tuplet.count:
            self._tuplet, self._tuplet_place = None, 0

    def _chord_open(self, token: Token) -> None:
        if self._chord is not None:
            self._problem(token, "chord", "a chord inside a chord: close the first with ]")
            return
        self._chord = OpenChord(token)

    def _chord_close(self, token: Token) -> None:
        chord, self._chord = self._chord, None
        if chord is None:
            self._problem(token, "chord", "] closes no chord: add [ before its notes")
        elif not chord.members:
            self._problem(chord.token, "chord", "an empty chord")
        else:
            length = chord.length * read_length(token.text[1:]) * self.unit
            pitches = chord.pitches
            self._sound(chord.token, pitches, "" if pitches else "z", length)
            if chord.tie:
                self._tie(token)

    def _grace_open(self, token: Token) -> None:
        self._grace = token
        self._pending().slashed = token.text == "{/"

    def _grace_close(self, token: Token) -> None:
        if self._grace is None:
            self._problem(token, "grace", "} closes no grace notes: add { before them")
        self._grace = None

    def _tuplet_open(self, token: Token) -> None:
        tuplet, fault = read_tuplet(token, self.meter)
        if fault:
            self._problem(token, "tuplet", fault)
        if tuplet is not None:
            self._end_tuplet()
            self._tuplet, self._tuplet_place = tuplet, 0
            self.items.append(tuplet)

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
        self._change_last(lambda sound: sound._replace(closes=sound.closes + 1))

    def _tie(self, token: Token) -> None:
        if self._grace is not None:
            return
        if self._chord is not None:
            self._chord.tie = True
        elif self._last_sound is None:
            self._problem(token, "tie", "a tie wants a note before it")
        else:
            self._change_last(lambda sound: sound._replace(tie=True))

    def _broken_rhythm(self, token: Token) -> None:
        if self._grace is not None or self._chord is not None:
            # Most likely a brace or bracket is missing, which is a problem of its own.
            return
        if self._last_sound is None or self._broken is not None:
            self._problem(token, "broken-rhythm", f"{token.text} wants a note before it")
            return
        before, after = broken_factors(token.text)
        self._change_last(
            lambda sound: sound._replace(
                notated=sound.notated * before, duration=sound.duration * before
            )
        )
        self._broken, self._broken_factor = token, after

    def _change_last(self, change: Callable[[Sound], Sound]) -> None:
        if self._last_sound is not None:
            sound = self.items[self._last_sound]
            if isinstance(sound, Sound):
                self.items[self._last_sound] = change(sound)

    def _close_bar(self) -> None:
        """End what cannot go on over a bar line."""
        if self._chord is not None:
            self._problem(self._chord.token, "chord", "this chord is never closed: add ]")
            members, self._chord = self._chord.members, None
            for member in members:
                self._handlers[member.kind](member)
        if self._grace is not None:
            self._problem(self._grace, "grace", "these grace notes are never closed: add }")
            self._grace = None
        if self._broken is not None:
            message = f"{self._broken.text} wants a note after it"
            self._problem(self._broken, "broken-rhythm", message)
            self._broken = None
        self._end_tuplet()
        if self._attached is not None:
            self._keep_signs()

    def _bar_line(self, token: Token) -> None:
        self._close_bar()
        self.items.append(read_bar_line(token))

    def _ending(self, token: Token) -> None:
        numbers = read_ending(token.text)
        if not numbers:
            self._problem(token, "ending", f"{token.text} is no ending: write [1 or [2")
            return
        self.items.append(Ending(token, numbers))

    def _change(self, token: Token) -> None:
        name, value = token.field, token.value
        if name == "L":
            self._use_unit(parse_unit(value) or self.unit)
            return
        if name == "U":
            self._symbols |= read_symbols([value])
        if name == "M":
            self.meter = parse_meter(value) or self.meter
        if name == "V":
            self._last_sound = None
        self.items.append(Change(token, name, value))

    def _decoration(self, token: Token) -> None:
        text, fault = read_decoration(token.text, self._symbols)
        if fault:
            self._problem(token, "decoration", fault)
        elif text:
            self._pending().decorations.append(text)

    def _keep_signs(self) -> None:
        """Let ``!D.C.!`` and the like before a bar line belong to the note before it."""
        waiting = self._attached.decorations if self._attached is not None else []
        kept = [text for text in waiting if decoration_name(text) in BAR_END_SIGNS]
        if kept and self._last_sound is not None:
            waiting[:] = [text for text in waiting if text not in kept]
            self._change_last(lambda sound: sound._replace(decorations=(*sound.decorations, *kept)))

    def _continuation(self, _token: Token) -> None:
        self._continued = True

    def _newline(self, token: Token) -> None:
        if not self._continued and self._last_sound is not None:
            self.items.append(LineBreak(token))
        self._continued = False

    def _unknown(self, token: Token) -> None:
        problem = strange_text(token, self.problems[-1] if self.problems else None)
        if problem is not None:
            self.problems.append(problem)
