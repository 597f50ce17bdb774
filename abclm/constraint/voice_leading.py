"""The cost of parallel fifths and octaves, and of crossing voices, while voices are written.

A soft cost: it makes a character less likely, and never forbids one. With a cost of ``c`` nats, a
letter that would make parallels keeps ``exp(-c)`` of its weight beside the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from abclm.decoding.constraint import Bias
from abclm.model.vocabulary import Vocabulary
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.ensemble import Ensemble, neighbours
from abclm.notation.cursor.pitch import OCTAVE_MARKS
from abclm.notation.cursor.sound import alteration
from abclm.notation.cursor.state import State
from abclm.notation.syntax.accidentals import ALTERATIONS
from abclm.notation.syntax.tables import NATURAL_SEMITONES, STEPS

__all__ = ["VoiceLeading", "letter_pitch"]

_OPEN: Final = frozenset({State.GROUP, State.BRACKET, State.TUPLET, State.FIELD})
_MIDDLE_C: Final = 60
_OCTAVE: Final = 12
_MOST_MARKS: Final = 3
_LOWEST, _HIGHEST = -1, 128
"""Beyond all MIDI note numbers: no voice below, or above."""

_Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class VoiceLeading:
    """The costs of parallels and of crossing voices.

    Attributes:
        parallels: of a letter that makes parallel fifths, octaves or unisons with a voice already
            written, in nats; 0 or more.
        crossings: of what leads a voice above the voice over it or below the one under it, in nats.
    """

    parallels: float = 6.0
    crossings: float = 6.0

    def bias(self, ensemble: Ensemble, vocabulary: Vocabulary) -> Bias | None:
        """What is added to the logits at the next character; None for nothing."""
        rows = ensemble.rows
        if rows is None or rows.at == 0:
            return None
        cursor = ensemble.voices[rows.at].cursor
        if cursor.state in _OPEN or cursor.pitches.tied:
            return None
        moment = cursor.settled.time.used if cursor.time.begun else 0
        costs: dict[str, float] = {}
        for letter in self._parallel_letters(ensemble, rows.at, moment):
            costs[letter] = costs.get(letter, 0.0) + self.parallels
        for character in _crossing(ensemble, rows.at, moment, vocabulary.characters):
            costs[character] = costs.get(character, 0.0) + self.crossings
        found = np.zeros(vocabulary.size)
        for character, cost in costs.items():
            if character in vocabulary.characters:
                found[vocabulary.encode(character)] = -cost
        return found if found.any() else None

    @staticmethod
    def _parallel_letters(ensemble: Ensemble, at: int, moment: int) -> Iterator[str]:
        """The letters that would make parallels with a voice already written."""
        own = ensemble.voices[at]
        if own.sound.last is None:
            return
        last = own.sound.last.pitches[0]
        sounds = (ensemble.voices[number].sound for number in range(at))
        forbidden = {sound.parallel(moment, last) for sound in sounds} - {None}
        for letter in STEPS:
            if forbidden and letter_pitch(own.cursor, letter) % _OCTAVE in forbidden:
                yield letter


def _crossing(
    ensemble: Ensemble, at: int, moment: int, characters: tuple[str, ...]
) -> Iterator[str]:
    """The characters that would lead the voice across another one.

    A letter does so if none of its octaves lies between the voices above and below; after a letter,
    an octave mark that leads out, or anything but the mark that is missing.
    """
    cursor, sound = ensemble.voices[at].cursor, ensemble.voices[at].sound
    low, high = _between(ensemble, at, moment)
    for letter in STEPS:
        if not any(
            low <= pitch <= high for pitch in _octaves(letter_pitch(cursor, letter), letter)
        ):
            yield letter
    if cursor.state is not State.NOTE or not (sound.bar and sound.bar[-1].pitches):
        return
    low, high = _between(ensemble, at, sound.bar[-1].onset)
    pitch, mark = sound.bar[-1].pitches[-1], "'" if cursor.text[:1].islower() else ","
    moved = pitch + _OCTAVE * OCTAVE_MARKS[mark] // len(NATURAL_SEMITONES)
    if not low <= pitch <= high and low <= moved <= high:
        yield from (one for one in characters if one != mark)
    elif not low <= moved <= high:
        yield mark


def _between(ensemble: Ensemble, at: int, moment: int) -> _Range:
    """The pitches of the nearest voices below and above whose bar is written."""
    above, below = neighbours(ensemble, at, moment)
    return _LOWEST if below is None else below, _HIGHEST if above is None else above


def _octaves(pitch: int, letter: str) -> Iterator[int]:
    """The pitches of a letter with up to three octave marks."""
    step = _OCTAVE if letter.islower() else -_OCTAVE
    yield from (pitch + step * marks for marks in range(_MOST_MARKS + 1))


def letter_pitch(cursor: Cursor, letter: str) -> int:
    """The pitch of a letter after the accidental written before it, without octave marks."""
    pitches, name = cursor.pitches, letter.upper()
    if pitches.accidental:
        sign = ALTERATIONS.get(pitches.accidental, 0)
    else:
        sign = alteration(pitches.key, pitches.carried, name)
    return _MIDDLE_C + NATURAL_SEMITONES[name] + sign + _OCTAVE * letter.islower()
