"""The cost of a close away from the tonic, while the last bar of several voices is written.

A soft cost, like that of parallels (see `abclm.constraint.voice_leading`): the first voice seldom
ends a piece outside the tonic's triad, and under its last note the lowest voice seldom has another
note than the tonic, nor a voice between them one outside the triad.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from abclm.constraint.voice_leading import letter_pitch
from abclm.decoding.constraint import Bias
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.ensemble import Ensemble, VoiceReading, score_places
from abclm.notation.cursor.rows import CODES, FINAL
from abclm.notation.cursor.sound import Attack
from abclm.notation.cursor.state import State
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.tables import NATURAL_SEMITONES, STEPS
from abclm.notation.tune.line_notes import tonic_class

__all__ = ["Close"]

_OCTAVE: Final = 12
_FIFTH, _MAJOR_THIRD, _MINOR_THIRD = 7, 4, 3
_OPEN: Final = frozenset({State.GROUP, State.BRACKET, State.TUPLET, State.FIELD})
_DIGITS: Final = frozenset("123456789")
_SIGNS: Final = "^_="
_LETTERS: Final = tuple(NATURAL_SEMITONES)
_LENGTHS: Final = frozenset({State.NOTE, State.LENGTH})
_CODE: Final = CODES[FINAL]


@dataclass(frozen=True, slots=True)
class Close:
    """The cost of a close away from the tonic.

    Attributes:
        cost: of a character that leads away from it, in nats; 0 or more.
    """

    cost: float = 12.0

    def bias(
        self,
        ensemble: Ensemble,
        vocabulary: Vocabulary,
        *,
        last: bool,
        filling: Collection[str] = (),
    ) -> Bias | None:
        """What is added to the logits at the next character; None for nothing.

        Args:
            ensemble: the voices so far, in normal form.
            vocabulary: the network's vocabulary.
            last: whether the current bar is known to be the last of the piece.
            filling: in the last bar of any voice but the first, the notes and lengths after which
                no other note fits in it.
        """
        rows = ensemble.rows
        if rows is None:
            return None
        found: set[str] = set()
        ends = False
        if rows.at > 0:
            found = set(_away(ensemble, rows.at, filling)) if last else found
        elif last:
            found = _outside(ensemble.voices[0])
        elif rows.begun:
            found = set() if self.may_follow(ensemble) else {_CODE}
        else:
            ends = not _is_closed(ensemble)
        found &= set(vocabulary.characters)
        if not (found or ends):
            return None
        costs = np.zeros(vocabulary.size)
        costs[[vocabulary.encode(character)[0] for character in found]] = -self.cost
        costs[END_OF_TUNE] = -self.cost * ends
        return costs

    @staticmethod
    def may_follow(ensemble: Ensemble) -> bool:
        """Whether the piece may end with the bar of the first voice: its last note is right."""
        voice = ensemble.voices[0]
        triad, last = _triad(voice.cursor.pitches.key), _last_note(voice)
        return not triad or (last is not None and last.pitches[0] % _OCTAVE in triad)


@lru_cache(maxsize=64)
def _triad(key: Key) -> tuple[int, ...]:
    """The pitch classes of the tonic's triad, the tonic first; none without a tonic.

    A piece whose scale has a minor third may end with either.
    """
    tonic = tonic_class(key)
    if tonic is None:
        return ()
    letter = _LETTERS[(_LETTERS.index(key.tonic[0]) + 2) % len(_LETTERS)]
    third = (NATURAL_SEMITONES[letter] + key.alterations.get(letter, 0) - tonic) % _OCTAVE
    thirds = (_MINOR_THIRD, _MAJOR_THIRD) if third == _MINOR_THIRD else (_MAJOR_THIRD,)
    return tuple((tonic + above) % _OCTAVE for above in (0, *thirds, _FIFTH))


def _last_note(voice: VoiceReading) -> Attack | None:
    """The last note of the voice's bar; None if it is empty or has rests alone."""
    return next((attack for attack in reversed(voice.sound.bar) if attack.pitches), None)


def _is_closed(ensemble: Ensemble) -> bool:
    """Whether the last bar ends on the tonic's chord, as far as the outer voices tell."""
    notes = [_last_note(voice) for voice in ensemble.voices[:2]]
    triad = _triad(ensemble.voices[0].cursor.pitches.key)
    if not triad or None in notes:
        return True
    first, lowest = (note.pitches[0] % _OCTAVE for note in notes if note is not None)
    return first in triad and lowest == triad[0]


def _outside(voice: VoiceReading) -> set[str]:
    """The letters outside the triad."""
    triad = _triad(voice.cursor.pitches.key)
    if not triad or voice.cursor.pitches.tied:
        return set()
    return {letter for letter in STEPS if _pitch_class(voice.cursor, letter) not in triad}


def _ending(
    voice: VoiceReading, filling: Collection[str], allowed: Collection[int]
) -> Iterator[str]:
    """The characters of ``filling`` with which a voice would end outside the allowed classes."""
    cursor, note = voice.cursor, _last_note(voice)
    if cursor.pitches.tied:
        return
    is_right = note is not None and note.pitches[0] % _OCTAVE in allowed
    for character in filling:
        if character in STEPS:
            if _pitch_class(cursor, character) not in allowed:
                yield character
        elif not is_right:
            yield character


def _away(ensemble: Ensemble, at: int, filling: Collection[str]) -> Iterator[str]:
    """The characters that lead a voice away from the tonic under the last note of the first."""
    voice = ensemble.voices[at]
    cursor, sound = voice
    triad, last = _triad(cursor.pitches.key), _last_note(ensemble.voices[0])
    if last is None or last.pitches[0] % _OCTAVE not in triad:
        return
    if cursor.state in _OPEN or cursor.pitches.tied:
        return
    allowed = _allowed(ensemble, at, triad)
    yield from _ending(voice, filling, allowed)
    if (cursor.time.used if cursor.time.begun else 0) >= last.onset:
        yield from (letter for letter in STEPS if _pitch_class(cursor, letter) not in allowed)
        yield from (sign for sign in _SIGNS if not _reaches(cursor, sign, allowed))
    note = sound.bar[-1].pitches[:1] if sound.bar and cursor.state in _LENGTHS else ()
    if note and note[0] % _OCTAVE not in allowed:
        yield from (digit for digit in _DIGITS if _sounds_at(cursor, digit, last.onset))


def _allowed(ensemble: Ensemble, at: int, triad: tuple[int, ...]) -> frozenset[int]:
    """The pitch classes that a voice may have in the last chord.

    The lowest voice has the tonic; the others have not both thirds.
    """
    places = score_places(len(ensemble.voices))
    if places[at] + 1 == len(places):
        return frozenset(triad[:1])
    sounding = {
        note.pitches[0] % _OCTAVE
        for voice in ensemble.voices[:at]
        if (note := _last_note(voice)) is not None
    }
    thirds = set(triad[1:-1])
    other = thirds - sounding if thirds & sounding else set()
    return frozenset(triad) - other


def _pitch_class(cursor: Cursor, letter: str) -> int:
    return letter_pitch(cursor, letter) % _OCTAVE


def _reaches(cursor: Cursor, sign: str, allowed: frozenset[int]) -> bool:
    """Whether an accidental turns a letter into one of the ``allowed`` pitch classes."""
    after = cursor.feed(sign)
    return after is not None and any(
        _pitch_class(cursor, letter) != _pitch_class(after, letter) in allowed for letter in STEPS
    )


def _sounds_at(cursor: Cursor, digit: str, moment: int) -> bool:
    """Whether the last note of ``cursor`` sounds at ``moment`` with this length."""
    after = cursor.feed(digit)
    return after is not None and after.time.used > moment
