"""Which pitches may be written: those in the instrument's range, and after a tie the tied note.

An accidental that changes nothing is not written either.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from abclm.constraint.pitch_range import PitchRange
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.pitch import ACCIDENTAL_SIGNS, OCTAVE_MARKS
from abclm.notation.cursor.state import State
from abclm.notation.syntax.accidentals import ALTERATIONS
from abclm.notation.syntax.broken import SIXTEENTHS
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.tables import NATURAL_SEMITONES
from abclm.notation.syntax.values import read_note

__all__ = ["PitchRules"]

_MIDDLE_C: Final = 60
_FERMATA: Final = "H"
_BROKEN: Final = "<>"
_LETTERS: Final = "ABCDEFGabcdefg"
_MARKS: Final = "',"
_MOST_MARKS: Final = 2
"""Octave marks of a note, as in `abclm.constraint.grammar`."""
_OPEN_LENGTH: Final = frozenset({State.NOTE, State.LENGTH})

_Carried = tuple[tuple[str, str], ...]
"""The accidentals of a bar so far, by letter."""


@dataclass(frozen=True, slots=True)
class PitchRules:
    """Which pitches may be written at each position.

    Args:
        range: the instrument's range; None for all pitches.
    """

    range: PitchRange | None = None

    def forbidden(self, cursor: Cursor) -> str:
        """The characters that may not come at ``cursor`` because of their pitch."""
        state, pitches = cursor.state, cursor.pitches
        if state is State.FIELD:
            return ""
        if pitches.tied or (state is State.NOTE and pitches.holding):
            return self._not_held(cursor)
        if pitches.accidental:
            found = self._letters_forbidden(pitches.key, pitches.carried, pitches.accidental)
        else:
            found = self._out_of_range(cursor) if self.range is not None else ""
            found += _useless_signs(self, pitches.key, pitches.carried)
        if pitches.fermata:
            # abc2midi lengthens a note with a fermata, and then rejects the broken rhythm pair.
            return found + _BROKEN
        return found + _FERMATA if _is_broken(cursor) else found

    def missing_mark(self, cursor: Cursor) -> str:
        """The octave mark that the tied note needs next; empty for none."""
        pitches = cursor.pitches
        if cursor.state is not State.NOTE or not pitches.holding:
            return ""
        return pitches.held[len(pitches.note.lstrip(ACCIDENTAL_SIGNS)) :][:1]

    def fits(self, cursor: Cursor, bar: str) -> bool:
        """Whether ``bar``, a whole bar, may come at ``cursor``.

        A tie before it must hold its first note; all other notes must lie within the range.
        """
        tied, held = cursor.pitches.tied, cursor.pitches.held
        if tied and not (bar.startswith(held) and bar[len(held) :][:1] not in OCTAVE_MARKS):
            return False
        if self.range is None:
            return True
        here = cursor
        for character in f"{bar}|":
            if here.ends_letter and character not in OCTAVE_MARKS:
                pitches = here.pitches
                if not (tied or self._holds(pitches.key, pitches.carried, pitches.note)):
                    return False
                tied = False
            here = here.feed(character) or here
        return True

    def _not_held(self, cursor: Cursor) -> str:
        """What would not be the tied note, which needs no accidental and is within the range."""
        pitches = cursor.pitches
        if cursor.state is not State.NOTE or pitches.tied:
            return _others(pitches.held[:1], _LETTERS)
        missing = self.missing_mark(cursor)
        if missing:
            return _all_but(missing)
        useless = _useless_signs(self, pitches.key, pitches.carried)
        return _MARKS + useless + self._letters_out_of_range(pitches.key, pitches.carried, "")

    def _out_of_range(self, cursor: Cursor) -> str:
        pitches = cursor.pitches
        key, carried = pitches.key, pitches.carried
        letters = self._letters_out_of_range(key, carried, "")
        if not cursor.ends_letter:
            return letters
        note = pitches.note
        mark = "'" if note.lstrip(ACCIDENTAL_SIGNS)[0].islower() else ","
        if not self._holds(key, carried, note):
            return _all_but(mark)
        return letters if self._holds(key, carried, note + mark) else mark + letters

    def _letters_forbidden(self, key: Key, carried: _Carried, accidental: str) -> str:
        """The letters that may not follow ``accidental``: out of range, or already so altered."""
        wanted, known = ALTERATIONS.get(accidental), dict(carried)
        same = "".join(
            letter for letter in _LETTERS if wanted == _alteration(key, known, letter.upper())
        )
        return self._letters_out_of_range(key, carried, accidental) + same

    def _letters_out_of_range(self, key: Key, carried: _Carried, accidental: str) -> str:
        if self.range is None:
            return ""
        return "".join(
            letter
            for letter in _LETTERS
            if not any(
                self._holds(
                    key, carried, accidental + letter + ("'" if letter.islower() else ",") * count
                )
                for count in range(_MOST_MARKS + 1)
            )
        )

    def _holds(self, key: Key, carried: _Carried, note: str) -> bool:
        """Whether the sounding pitch of ``note`` is within the range."""
        if self.range is None:
            return True
        pitch = read_note(note)[0]
        if pitch.accidental:
            sign = ALTERATIONS.get(pitch.accidental, 0)
        else:
            sign = _alteration(key, dict(carried), pitch.letter)
        sounding = _MIDDLE_C + NATURAL_SEMITONES[pitch.letter] + sign + 12 * pitch.octave
        return sounding in self.range


def _alteration(key: Key, carried: dict[str, str], letter: str) -> int:
    """The alteration, in semitones, of a letter without an accidental before it."""
    if letter in carried:
        return ALTERATIONS.get(carried[letter], 0)
    return key.alterations.get(letter, 0)


def _is_broken(cursor: Cursor) -> bool:
    """Whether broken rhythm affects the next event or the last one, if it is still open."""
    time = cursor.time
    share = time.share if cursor.state in _OPEN_LENGTH else time.following
    return share != SIXTEENTHS


@lru_cache(maxsize=4096)
def _useless_signs(rules: PitchRules, key: Key, carried: _Carried) -> str:
    """The accidentals that no letter may follow: out of range, or already so altered."""
    return "".join(
        sign
        for sign in ACCIDENTAL_SIGNS
        if not _others(rules._letters_forbidden(key, carried, sign), _LETTERS)
    )


def _others(kept: str, characters: str) -> str:
    return "".join(character for character in characters if character not in kept)


def _all_but(mark: str) -> str:
    """All characters that would end a note, so that only ``mark`` is left."""
    return "".join(chr(code) for code in range(9, 127) if chr(code) != mark)
