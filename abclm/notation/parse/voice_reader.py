"""Reads the tokens of a voice: its notes, chords and rests, bar lines and endings."""

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from abclm.notation.parse.attaching import Attaching
from abclm.notation.parse.body_fields import BodyFields
from abclm.notation.parse.chords import OpenChord
from abclm.notation.parse.plain_notes import PlainNotes, note_values
from abclm.notation.parse.reading import ReadBody, VoiceItems
from abclm.notation.parse.strange import strange_text
from abclm.notation.parse.timing import Timing
from abclm.notation.syntax.exact import product
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.syntax.values import Pitch, read_ending, read_length
from abclm.notation.tune.music import PLAIN, BarLine, Ending, Overlay, new_event

__all__ = ["READERS", "VoiceReader"]

_BY_BARS = frozenset("ZX")


class VoiceReader:
    """Reads the tokens of one voice and keeps the state of that voice.

    Attributes:
        items: where it adds what it reads.
        timing: the durations of its events.
        attaching: what belongs to the next event.
        fields: its fields, directives and line ends.
    """

    def __init__(self, meter: Meter, unit: Fraction, body: ReadBody) -> None:
        self.items = VoiceItems(body)
        self.timing = Timing(meter, unit, self.items)
        self.attaching = Attaching(self.items)
        self.fields = BodyFields(self.items, self.timing)
        self._chord: OpenChord | None = None
        self._last_ending = 0

    @property
    def opening(self) -> tuple[Meter, Fraction]:
        """The meter and the unit note length in force at its first event."""
        return self.fields.opening

    @property
    def plain_notes(self) -> PlainNotes | None:
        """The values of plain notes, or None while something is open or waits for the next note."""
        attaching, timing = self.attaching, self.timing
        if (
            attaching.waiting is None
            and timing.tuplet is None
            and timing.broken is None
            and self._chord is None
            and attaching.grace is None
        ):
            return timing.notes
        return None

    def close(self) -> None:
        """End the voice; what is still open becomes a problem."""
        self._close_bar()
        self.attaching.end_voice()

    def _note(self, token: Token) -> None:
        if self.attaching.grace is not None:
            self.attaching.add_grace(token)
        elif self._chord is not None:
            self._chord.members.append(token)
        else:
            text = token.text
            values = self.timing.notes[text] or note_values(text, self.timing.unit)
            self._event(token, values[0], "", values[2])

    def _rest(self, token: Token) -> None:
        if self._chord is not None:
            self._chord.members.append(token)
            return
        length, letter = read_length(token.text[1:]), token.text[0]
        bar = self.timing.meter.bar if letter in _BY_BARS else None
        self._event(token, (), letter, product(length, bar or self.timing.unit))

    def _event(self, token: Token, pitches: tuple[Pitch, ...], rest: str, length: Fraction) -> None:
        if not length:
            self.items.problem(token, "length", f"{token.text} has zero length")
        waiting, self.attaching.waiting = self.attaching.waiting, None
        attached = PLAIN if waiting is None else waiting.values
        timed = self.timing.timed(length)
        self.items.add_event(new_event((token, pitches, rest, *timed, *attached)))

    def _chord_open(self, token: Token) -> None:
        if self._chord is not None:
            self.items.problem(token, "chord", "a chord inside a chord: close the first with ]")
        elif self.attaching.grace is not None:
            self.attaching.open_chord()
        else:
            self._chord = OpenChord(token)

    def _chord_close(self, token: Token) -> None:
        chord, self._chord = self._chord, None
        if chord is None:
            if not self.attaching.close_chord():
                self.items.problem(token, "chord", "] closes no chord: add [ before its notes")
        elif not chord.members:
            self.items.problem(chord.token, "chord", "this chord is empty: remove it")
        else:
            length = chord.length * read_length(token.text[1:]) * self.timing.unit
            pitches = chord.pitches
            self._event(chord.token, pitches, "" if pitches else "z", length)
            if chord.ties:
                self.items.change_last(lambda event: event._replace(tie=True, tied=chord.tied))

    def _tie(self, token: Token) -> None:
        if self.attaching.grace is not None:
            return
        self.items.body.has_ties = True
        if self._chord is not None:
            self._chord.ties.append(len(self._chord.members))
        elif self.items.last is None:
            self.items.problem(token, "tie", "this tie needs a note before it")
        else:
            self.items.change_last(lambda event: event._replace(tie=True, tied=()))

    def _broken_rhythm(self, token: Token) -> None:
        # Inside braces or brackets the closing one is probably missing, which is reported itself.
        if self.attaching.grace is None and self._chord is None:
            self.timing.break_rhythm(token)

    def _close_bar(self) -> None:
        """End what cannot continue across a bar line."""
        if self._chord is not None:
            self.items.problem(self._chord.token, "chord", "this chord is never closed: add ]")
            members, self._chord = self._chord.members, None
            for member in members:
                READERS[member.kind](self, member)
        self.attaching.end_bar()
        self.timing.end_bar()
        self.attaching.keep_signs()

    def _bar_line(self, token: Token) -> None:
        line = BarLine.of(token)
        if not line.soft and self.plain_notes is None:
            self._close_bar()
        if self._last_ending and not line.closes and (line.opens or line.style != "|"):
            # In "[1 …:|["last" …" the count continues; after a section it starts again.
            self._last_ending = 0
        self.items.add(line)

    def _ending(self, token: Token) -> None:
        numbers = read_ending(token.text, self._last_ending + 1)
        if not numbers and token.text.startswith('["'):
            return  # words such as ["Coda" are not endings
        if not numbers:
            self.items.problem(token, "ending", f"{token.text} is not an ending: write [1 or [2")
            return
        self._last_ending = numbers[-1]
        self.items.add(Ending(token, numbers))

    def _overlay(self, token: Token) -> None:
        self.items.add(Overlay(token))

    def _unknown(self, token: Token) -> None:
        problems = self.items.body.problems
        problem = strange_text(token, problems[-1] if problems else None)
        if problem is not None:
            problems.append(problem)


READERS: Final[dict[TokenKind, Callable[[VoiceReader, Token], None]]] = {
    TokenKind.NOTE: VoiceReader._note,
    TokenKind.REST: VoiceReader._rest,
    TokenKind.CHORD_OPEN: VoiceReader._chord_open,
    TokenKind.CHORD_CLOSE: VoiceReader._chord_close,
    TokenKind.GRACE_OPEN: lambda voice, token: voice.attaching.open_graces(token),
    TokenKind.GRACE_CLOSE: lambda voice, token: voice.attaching.close_graces(token),
    TokenKind.TUPLET: lambda voice, token: voice.timing.open_tuplet(token),
    TokenKind.SLUR_OPEN: lambda voice, token: voice.attaching.open_slur(token),
    TokenKind.SLUR_CLOSE: lambda voice, token: voice.attaching.close_slur(token),
    TokenKind.TIE: VoiceReader._tie,
    TokenKind.BROKEN: VoiceReader._broken_rhythm,
    TokenKind.BAR_LINE: VoiceReader._bar_line,
    TokenKind.ENDING: VoiceReader._ending,
    TokenKind.FIELD: lambda voice, token: voice.fields.change(token),
    TokenKind.INLINE_FIELD: lambda voice, token: voice.fields.change(token),
    TokenKind.DECORATION: lambda voice, token: voice.attaching.decorate(token),
    TokenKind.STRING: lambda voice, token: voice.attaching.write_above(token),
    TokenKind.OVERLAY: VoiceReader._overlay,
    TokenKind.SPACER: lambda voice, token: voice.attaching.attach_to_space(token),
    TokenKind.DIRECTIVE: lambda voice, token: voice.fields.instruct(token),
    TokenKind.CONTINUATION: lambda voice, token: voice.fields.continue_line(token),
    TokenKind.NEWLINE: lambda voice, token: voice.fields.end_line(token),
    TokenKind.UNKNOWN: VoiceReader._unknown,
}
"""What reads a token, by its kind; tokens of other kinds say nothing.

One table for all voices: bound methods in each would be a circle of references, and the notes of a
tune would wait for the collector.
"""
