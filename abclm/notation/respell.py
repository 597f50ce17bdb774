"""Spells moved notes: which accidentals hold in the bar before and after, and what is tied over."""

import re

from abclm.notation.interval import Interval, spell
from abclm.notation.lexer import Kind, Token
from abclm.notation.music import Pitch
from abclm.notation.values import read_note

__all__ = ["Respeller"]

_ACCIDENTALS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
_PITCH = re.compile(r"[\^_=]*[A-Ga-g][,']*")
_BAR_ENDS = frozenset({Kind.BAR_LINE, Kind.ENDING})

_Place = tuple[str, int]
_Moved = tuple[Pitch, int]


class _Side:
    """What alters letters on one side of the move: the signature, and accidentals in the bar."""

    def __init__(self) -> None:
        self.signature: dict[str, int] = {}
        self.altered: dict[str, int] = {}

    def alteration(self, letter: str) -> int:
        return self.altered.get(letter, self.signature.get(letter, 0))


class Respeller:
    """Reads the music tokens of one voice and gives each note's new text.

    An accidental holds for its letter in all octaves of the bar (ABC 2.1 section 11.3), and a tie
    carries one over the bar line (section 4.11).

    Attributes:
        interval: by which notes move.
    """

    def __init__(self) -> None:
        self.interval = Interval(0, 0)
        self._before = _Side()
        self._after = _Side()
        self._graced = self._in_grace = self._in_chord = self._tied = False
        # The pitches of the last sound, and those of them that are tied into this one.
        self._struck: dict[_Place, tuple[int, _Moved]] = {}
        self._held: dict[_Place, tuple[int, _Moved]] = {}

    def afresh(self) -> "Respeller":
        """Another one with the same interval and signatures, that has read nothing yet."""
        other = Respeller()
        other.use(self.interval, self._before.signature, self._after.signature)
        return other

    def use(self, interval: Interval, before: dict[str, int], after: dict[str, int]) -> None:
        """Go on with another interval, and with the signatures before and after the move."""
        self.interval = interval
        self._before.signature = before
        self._after.signature = after

    def read(self, token: Token) -> str:
        """The new text of ``token``."""
        if token.kind is Kind.NOTE:
            return self._note(token.text)
        if token.kind in _BAR_ENDS:
            self._forget()
        elif token.kind is Kind.OVERLAY:
            self._forget()
            self._begin_sound()
        elif token.kind is Kind.REST:
            self._begin_sound()
        elif token.kind is Kind.TIE:
            self._tied = self._tied or not self._in_grace
        elif token.kind is Kind.CHORD_OPEN:
            self._begin_sound()
            self._in_chord = True
        elif token.kind is Kind.CHORD_CLOSE:
            self._in_chord = False
        elif token.kind is Kind.GRACE_OPEN:
            self._graced = self._in_grace = True
        elif token.kind is Kind.GRACE_CLOSE:
            self._in_grace = False
        return token.text

    def _forget(self) -> None:
        self._before.altered = {}
        self._after.altered = {}
        self._in_grace = self._in_chord = False

    def _begin_sound(self) -> None:
        self._held = self._struck if self._tied and not self._graced else {}
        self._struck = {}
        self._graced = self._tied = False

    def _note(self, text: str) -> str:
        if not (self._in_grace or self._in_chord):
            self._begin_sound()
        if not (self.interval.steps or self.interval.semitones):
            return text
        pitch, _ = read_note(text)
        written = self._move(pitch)
        return str(written) + text[_pitch_length(text) :]

    def _move(self, pitch: Pitch) -> Pitch:
        place = (pitch.letter, pitch.octave)
        held = None if self._in_grace else self._held.get(place)
        if pitch.accidental:
            self._before.altered[pitch.letter] = _ACCIDENTALS[pitch.accidental]
        alteration = self._before.alteration(pitch.letter)
        if held is not None and (not pitch.accidental or held[0] == alteration):
            return self._sound(place, held, explicit=bool(pitch.accidental))
        moved = self.interval.move(pitch, alteration)
        wrong = self._after.alteration(moved[0].letter) != moved[1]
        return self._sound(place, (alteration, moved), explicit=bool(pitch.accidental) or wrong)

    def _sound(self, place: _Place, heard: tuple[int, _Moved], *, explicit: bool) -> Pitch:
        moved, alteration = heard[1]
        if not self._in_grace:
            self._struck[place] = heard
        if not explicit:
            return moved
        self._after.altered[moved.letter] = alteration
        return moved._replace(accidental=spell(alteration))


def _pitch_length(text: str) -> int:
    match = _PITCH.match(text)
    return match.end() if match else 0
