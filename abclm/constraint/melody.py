"""Which pitches may be written: those an instrument has, after a tie the one before it.

An accidental that changes nothing is not written either.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from abclm.constraint.grammar import Lexis, Position
from abclm.errors import InputError
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.values import read_note

__all__ = ["INSTRUMENT_RANGES", "Melody", "PitchRange", "parse_range"]

_STEPS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SIGNS: Final = {"": 0, "^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}
_MIDDLE_C = 60
_FERMATA: Final = "H"
_BAR_ENDS: Final = {Lexis.BAR_LINE, Lexis.COLON}
_IN_SOUND: Final = {Lexis.BEFORE_NOTE, Lexis.ACCIDENTAL, Lexis.GROUP}
_BEGINNINGS: Final = frozenset("ABCDEFGabcdefg^_=[z")
_LETTERS: Final = "ABCDEFGabcdefg"
_MARKS: Final = "',"
_ACCIDENTALS: Final = "^_="
_NOTE_LETTERS, _OCTAVE_MARKS = frozenset(_LETTERS), frozenset(_MARKS)
_NOTE = re.compile(r"[\^_=]*[A-Ga-g][,']*")
_SIGNED = re.compile(r"([\^_=]+)([A-Ga-g])")
_KEY_CHANGE = re.compile(r"\[K:([^]]*)\]|^K:(.*)", re.MULTILINE)
_NO_NOTES = re.compile(r'"[^"]*"|![^!]*!|\{[^}]*\}|\[[A-Za-z]:[^\]]*\]')
_NAME = re.compile(r"([A-Ga-g])([#b]?)(-?[0-9])")

INSTRUMENT_RANGES: Final = {
    "whistle-D": "D4-B5",
    "flute": "D4-D6",
    "uilleann": "D4-D6",
    "fiddle": "G3-B5",
    "mandolin": "G3-B5",
    "banjo": "G3-B5",
    "concertina": "G3-C6",
    "accordion": "G3-C6",
    "smallpipes": "D4-A5",
    "bagpipes": "G4-A5",
}
"""What an instrument plays without trouble, as it is written: middle C is C4 (scientific pitch).

A whistle sounds an octave above what is written, a smallpipe chanter in A a fifth or a fourth off.
"""


@dataclass(frozen=True, slots=True)
class PitchRange:
    """The lowest and the highest written pitch, as MIDI numbers; middle C is 60."""

    low: int
    high: int

    def __contains__(self, pitch: int) -> bool:
        return self.low <= pitch <= self.high


def parse_range(text: str) -> PitchRange:
    """The range of an instrument's name, or of two pitches such as ``G3-B5``.

    Raises:
        InputError: it is neither, or holds less than an octave.
    """
    known = {name.lower(): value for name, value in INSTRUMENT_RANGES.items()}
    ends = [_NAME.fullmatch(part.strip()) for part in known.get(text.lower(), text).split("-", 1)]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        names = ", ".join(sorted(INSTRUMENT_RANGES))
        raise InputError(f"{text!r} is no range: give two pitches such as G3-B5, or one of {names}")
    low, high = (_pitch(*match.groups()) for match in ends if match is not None)
    if high - low < 12:
        raise InputError(f"{text}: a range must span an octave or more, the lower pitch first")
    return PitchRange(low, high)


def _pitch(letter: str, sign: str, octave: str) -> int:
    return _STEPS[letter.upper()] + {"": 0, "#": 1, "b": -1}[sign] + 12 * (int(octave) + 1)


NO_KEY: Final = Key("none", "", "", ())


class Melody(NamedTuple):
    """What was written last, as far as it limits the next pitch. Never changed: each step is new.

    Attributes:
        key: what holds now.
        range: the pitches that may be written; None for all.
        note: the note that was written last, without its length, such as ``^c'``.
        carried: the accidentals of the bar so far, by letter.
        accidental: what has been written before the letter that comes next.
        held: the note that a tie holds.
        fermata: whether the last sound has one.
        changing: what there is of a new key.
    """

    key: Key = NO_KEY
    range: PitchRange | None = None
    note: str = ""
    carried: tuple[tuple[str, str], ...] = ()
    accidental: str = ""
    held: str = ""
    fermata: bool = False
    changing: str = ""

    def after(self, character: str, before: Position, now: Position) -> "Melody":
        """The melody after ``character``, which led from ``before`` to ``now``."""
        if before.lexis is Lexis.FIELD:
            return self._change_key(character)
        if now.lexis is Lexis.BEFORE_NOTE:
            return self._replace(fermata=character == _FERMATA)
        if self.fermata and character in _BEGINNINGS and before.lexis not in _IN_SOUND:
            return self._replace(fermata=False).after(character, before, now)
        if now.lexis in _BAR_ENDS:
            return self._replace(carried=()) if self.carried else self
        return self._write(character, now)

    def _write(self, character: str, now: Position) -> "Melody":
        """The melody after a character inside a bar."""
        if character in _OCTAVE_MARKS:
            return self._replace(note=self.note + character)
        if character in _NOTE_LETTERS:
            return self._after_letter(character)
        if now.lexis is Lexis.ACCIDENTAL:
            return self._replace(accidental=self.accidental + character)
        if now.lexis is Lexis.TIE:
            return self._replace(held=self.note.lstrip("^_="))
        return self

    def _after_letter(self, letter: str) -> "Melody":
        sign = self.accidental
        if not sign:
            return self._replace(note=letter)
        others = (pair for pair in self.carried if pair[0] != letter.upper())
        carried = (*others, (letter.upper(), sign))
        return self._replace(note=sign + letter, accidental="", carried=carried)

    def read(self, notes: str) -> "Melody":
        """The melody after ``notes``: their key, what a tie at their end may hold."""
        changes = [parse_key(inline or line) for inline, line in _KEY_CHANGE.findall(notes)]
        key = next((change for change in reversed(changes) if change is not None), self.key)
        plain = _NO_NOTES.sub("", notes)
        written = _NOTE.findall(plain)
        note = written[-1] if written else ""
        signs = _SIGNED.findall(plain.rpartition("|")[2])
        carried = tuple({letter.upper(): sign for sign, letter in signs}.items())
        return self._replace(key=key, note=note, held=note.lstrip("^_="), carried=carried)

    def goes_on_with(self, bar: str) -> bool:
        """Whether ``bar`` begins with the note that a tie holds."""
        first = _NOTE.match(bar)
        return first is not None and first.group() == self.held

    def fits(self, bar: str) -> bool:
        """Whether all notes of ``bar``, a whole one that comes here, lie within the range.

        Where it was written first, a tie may have brought an accidental that it does not have here.
        """
        here = self._replace(carried=())
        for place, note in enumerate(_NOTE.findall(bar) if self.range is not None else ()):
            is_held = not place and note == self.held
            if not (is_held or here._holds(note)):
                return False
            for sign, letter in _SIGNED.findall(note):
                others = (pair for pair in here.carried if pair[0] != letter.upper())
                here = here._replace(carried=(*others, (letter.upper(), sign)))
        return True

    def limits(self, position: Position) -> bool:
        """Whether anything but the grammar limits what may come at ``position``."""
        place = position.place
        return (
            self.range is not None
            or place.tied
            or self.fermata
            or place.broken
            or position.lexis is Lexis.ACCIDENTAL
            or bool(_useless_signs(self.key, self.range, self.carried))
        )

    def forbidden(self, position: Position) -> str:
        """The characters that may not come at ``position`` because of their pitch."""
        if position.lexis is Lexis.FIELD:
            return ""
        if position.place.tied and position.lexis is not Lexis.LENGTH:
            return self._not_held(position)
        forbidden = self._out_of_range(position) if self.range is not None else ""
        if position.lexis is Lexis.ACCIDENTAL:
            forbidden = self.letters_forbidden(self.accidental)
        else:
            forbidden += _useless_signs(self.key, self.range, self.carried)
        if self.fermata:
            # abc2midi lengthens such a note, and finds the two of broken rhythm of unequal length.
            return forbidden + "<>"
        return forbidden + _FERMATA if position.place.broken else forbidden

    def missing_mark(self, position: Position) -> str:
        """The octave mark that must come next for the note that a tie holds; empty for none."""
        if not position.place.tied or position.lexis is not Lexis.NOTE:
            return ""
        return self.held[len(self.note.lstrip("^_=")) :][:1]

    def _not_held(self, position: Position) -> str:
        """What is not the note that a tie holds; with its accidental, so it is in the range."""
        if position.lexis is not Lexis.NOTE:
            return _others(self.held[:1], _LETTERS)
        missing = self.missing_mark(position)
        if missing:
            return _all_but(missing)
        useless = _useless_signs(self.key, self.range, self.carried)
        outside = self._letters_out_of_range("") if self.range is not None else ""
        return _MARKS + useless + outside

    def _out_of_range(self, position: Position) -> str:
        if position.lexis in {Lexis.NOTE, Lexis.GROUP} and self._is_open(position):
            mark = "'" if self.note.lstrip("^_=")[0].islower() else ","
            if not self._holds(self.note):
                return _all_but(mark)
            marks = "" if self._holds(self.note + mark) else mark
            return marks + self._letters_out_of_range("")
        return self._letters_out_of_range(self.accidental)

    def letters_forbidden(self, accidental: str) -> str:
        """The letters that may not come behind ``accidental``."""
        forbidden = self._letters_out_of_range(accidental) if self.range is not None else ""
        return forbidden + self._altered_already(accidental)

    def _altered_already(self, accidental: str) -> str:
        """The letters that would sound the same without ``accidental``."""
        wanted, carried = _SIGNS.get(accidental), dict(self.carried)
        return "".join(
            letter for letter in _LETTERS if wanted == self._alteration(letter.upper(), carried)
        )

    def _alteration(self, letter: str, carried: dict[str, str]) -> int:
        """By how many semitones a letter is altered where nothing stands before it."""
        if letter in carried:
            return _SIGNS.get(carried[letter], 0)
        return self.key.alterations.get(letter, 0)

    def _is_open(self, position: Position) -> bool:
        """Whether octave marks may still follow the last note."""
        return position.lexis is Lexis.NOTE or bool(position.text)

    def _letters_out_of_range(self, accidental: str) -> str:
        return "".join(
            letter
            for letter in _LETTERS
            if not any(
                self._holds(accidental + letter + mark * count)
                for mark in ("'" if letter.islower() else ",")
                for count in range(3)
            )
        )

    def _holds(self, note: str) -> bool:
        """Whether ``note`` sounds within the range."""
        pitch = read_note(note)[0]
        carried = dict(self.carried)
        if pitch.accidental:
            sign = _SIGNS.get(pitch.accidental, 0)
        else:
            sign = self._alteration(pitch.letter, carried)
        return self.range is None or (
            _MIDDLE_C + _STEPS[pitch.letter] + sign + 12 * pitch.octave in self.range
        )

    def _change_key(self, character: str) -> "Melody":
        if character == "]":
            key = parse_key(self.changing.lstrip(":")) or self.key
            return self._replace(key=key, changing="")
        return self._replace(changing=self.changing + character)


@lru_cache(maxsize=4096)
def _useless_signs(
    key: Key, wanted: PitchRange | None, carried: tuple[tuple[str, str], ...]
) -> str:
    """The accidentals behind which no letter may come: all out of range or altered already."""
    melody = Melody(key, wanted, carried=carried)
    return "".join(
        sign for sign in _ACCIDENTALS if not _others(melody.letters_forbidden(sign), _LETTERS)
    )


def _others(kept: str, characters: str) -> str:
    return "".join(character for character in characters if character not in kept)


def _all_but(mark: str) -> str:
    """Everything that ends a note, so that ``mark`` alone is left."""
    return "".join(chr(code) for code in range(9, 127) if chr(code) != mark)
