"""Spells moved notes, following accidentals in the bar before and after the move, and ties."""

import re
from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Final

from abclm.notation.syntax.accidentals import Alterations, alteration, spell
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.syntax.values import Pitch, read_note
from abclm.notation.tune.interval import Interval
from abclm.notation.tune.layers import Layers

__all__ = ["Respeller"]

_PITCH = re.compile(r"[\^_=\d/]*[A-Ga-g][,']*")

_Place = tuple[str, int]
_Alteration = Fraction | int
_Moved = tuple[Pitch, _Alteration]
_Struck = dict[_Place, tuple[_Alteration, _Moved]]
"""The notes of an event: by letter and octave, the alteration, and the pitch moved to."""


class Respeller:
    """Reads the music tokens of one voice and returns the new text of each.

    An accidental holds for its letter in all octaves of the bar, unless ``propagation`` says
    otherwise (ABC 2.1 section 11.3), and a tie carries one over the bar line (section 4.11), in
    each layer of an overlay.

    Args:
        propagation: how far accidentals hold, see `Alterations`.
        inner_lines: line and column of the bar lines that do not end a bar, such as ``.|``.

    Attributes:
        interval: the interval notes move by.
    """

    def __init__(
        self, propagation: str = "pitch", inner_lines: Collection[tuple[int, int]] = ()
    ) -> None:
        self.interval = Interval(0, 0)
        self._propagation = propagation
        self._inner_lines = inner_lines
        self._before = Alterations(propagation)
        self._after = Alterations(propagation)
        self._graced = self._in_grace = self._in_chord = False
        # The notes of the last event, those that are tied, and those held into this one.
        self._struck: _Struck = {}
        self._tied: set[_Place] = set()
        self._held: _Struck = {}
        self._last: _Place | None = None
        self._layers = Layers[_Struck]({})

    def afresh(self) -> "Respeller":
        """Return a new one with the same interval and signatures that has read nothing yet."""
        other = Respeller(self._propagation, self._inner_lines)
        other.use(self.interval, self._before.signature, self._after.signature)
        return other

    def use(self, interval: Interval, before: dict[str, int], after: dict[str, int]) -> None:
        """Continue with another interval and other signatures before and after the move."""
        self.interval = interval
        self._before.signature = before
        self._after.signature = after

    def read(self, token: Token) -> str:
        """Return the new text of ``token``."""
        if token.kind is TokenKind.NOTE:
            return self._note(token.text)
        reader = _READERS.get(token.kind)
        if reader is not None:
            reader(self, token)
        return token.text

    def _bar_end(self, token: Token) -> None:
        if (token.line, token.column) not in self._inner_lines:
            self._begin_with(self._layers.end_bar(self._carried()))

    def _overlay(self, _token: Token) -> None:
        self._begin_with(self._layers.end_layer(self._carried()))

    def _rest(self, _token: Token) -> None:
        if not self._in_chord:
            self._begin_event()

    def _chord_open(self, _token: Token) -> None:
        if not self._in_grace:
            self._begin_event()
            self._in_chord = True

    def _chord_close(self, _token: Token) -> None:
        self._in_chord = False

    def _grace_open(self, _token: Token) -> None:
        self._graced = self._in_grace = True

    def _grace_close(self, _token: Token) -> None:
        self._in_grace = False

    def _tie(self, _token: Token) -> None:
        if self._in_grace:
            return
        if self._in_chord and self._last is not None:
            self._tied.add(self._last)
        elif not self._in_chord:
            self._tied = set(self._struck)

    def _carried(self) -> _Struck:
        """The notes tied to the next event."""
        return {place: heard for place, heard in self._struck.items() if place in self._tied}

    def _begin_with(self, carried: _Struck) -> None:
        """Begin a bar or a layer with the tied notes ``carried``."""
        self._before.forget()
        self._after.forget()
        self._in_grace = self._in_chord = False
        self._struck, self._tied = carried, set(carried)

    def _begin_event(self) -> None:
        self._held = {} if self._graced else self._carried()
        self._struck, self._tied, self._last = {}, set(), None
        self._graced = False
        self._layers.events = True

    def _note(self, text: str) -> str:
        if not (self._in_grace or self._in_chord):
            self._begin_event()
        if not (self.interval.steps or self.interval.semitones):
            return text
        pitch, _ = read_note(text)
        written = self._move(pitch)
        return str(written) + text[_pitch_length(text) :]

    def _move(self, pitch: Pitch) -> Pitch:
        place = (pitch.letter, pitch.octave)
        held = None if self._in_grace else self._held.get(place)
        before = alteration(pitch.accidental) if pitch.accidental else self._before.of(*place)
        if pitch.accidental:
            self._before.alter(*place, before)
        if held is not None and (not pitch.accidental or held[0] == before):
            return self._event(place, held, explicit=bool(pitch.accidental))
        moved = self.interval.move(pitch, before)
        wrong = self._after.of(moved[0].letter, moved[0].octave) != moved[1]
        return self._event(place, (before, moved), explicit=bool(pitch.accidental) or wrong)

    def _event(self, place: _Place, heard: tuple[_Alteration, _Moved], *, explicit: bool) -> Pitch:
        moved, by = heard[1]
        if not self._in_grace:
            self._struck[place] = heard
            self._last = place
        if not explicit:
            return moved
        self._after.alter(moved.letter, moved.octave, by)
        return moved._replace(accidental=spell(by))


_READERS: Final[dict[TokenKind, Callable[[Respeller, Token], None]]] = {
    TokenKind.BAR_LINE: Respeller._bar_end,
    TokenKind.ENDING: Respeller._bar_end,
    TokenKind.OVERLAY: Respeller._overlay,
    TokenKind.REST: Respeller._rest,
    TokenKind.CHORD_OPEN: Respeller._chord_open,
    TokenKind.CHORD_CLOSE: Respeller._chord_close,
    TokenKind.GRACE_OPEN: Respeller._grace_open,
    TokenKind.GRACE_CLOSE: Respeller._grace_close,
    TokenKind.TIE: Respeller._tie,
}
"""Methods for tokens other than notes, by kind."""


def _pitch_length(text: str) -> int:
    match = _PITCH.match(text)
    return match.end() if match else 0
