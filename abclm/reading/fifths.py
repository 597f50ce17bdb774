"""The line of fifths: spelled pitches, keys, and moving both by an interval."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.tables import MODES, NATURAL_SEMITONES, SHARP_ORDER
from abclm.reading.score import Pitch

__all__ = ["UNMOVED", "Transposition", "key_name", "note_name", "pitch_of", "spelled"]

_LETTERS: Final = "CDEFGAB"
_MOST_FIFTHS: Final = 7
_DIATONIC: Final = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)
"""The steps of each interval in semitones, where a file does not say."""


def note_name(fifths: int) -> str:
    """Return the note ``fifths`` fifths above C: ``Bb`` for -2."""
    place = fifths + 1
    alteration = place // 7
    return SHARP_ORDER[place % 7] + ("#" * alteration if alteration > 0 else "b" * -alteration)


@lru_cache(maxsize=256)
def key_name(fifths: int, mode: str = "major") -> str:
    """Return the ``K:`` value of a signature of ``fifths`` sharps, negative for flats.

    Signatures of more than seven sharps or flats become the same sound with fewer.
    """
    while fifths > _MOST_FIFTHS:
        fifths -= 12
    while fifths < -_MOST_FIFTHS:
        fifths += 12
    suffix, offset = MODES.get(mode, MODES["major"])
    name = note_name(fifths - offset) + suffix
    return name if parse_key(name) is not None else note_name(fifths)


def pitch_of(midi: int, fifths: int = 0) -> Pitch:
    """Return the spelling of a MIDI number that is nearest to a key."""
    place = midi * 7 % 12
    centre = fifths + 2
    nearest = min((place - 12, place, place + 12), key=lambda one: abs(one - centre))
    letter = note_name(nearest)[0]
    return spelled(letter, midi)


def spelled(letter: str, midi: int) -> Pitch:
    """Return a MIDI number spelled with a letter, or with another if that is too far."""
    natural = NATURAL_SEMITONES[letter]
    octave = round((midi - natural) / 12) - 1
    alteration = midi - natural - 12 * (octave + 1)
    if -2 <= alteration <= 2:
        return Pitch(letter, alteration, octave)
    return pitch_of(midi)


@dataclass(frozen=True)
class Transposition:
    """How far an instrument sounds from what is written.

    Attributes:
        steps: letters, octaves included; negative for below.
        semitones: likewise.
    """

    steps: int = 0
    semitones: int = 0

    @classmethod
    def of(cls, semitones: int, steps: int | None, octaves: int) -> "Transposition":
        """Return the interval of a ``transpose`` element; ``steps`` is None if it has none."""
        if steps is None:
            octave, rest = divmod(semitones, 12)
            steps = 7 * octave + _DIATONIC[rest]
        return cls(steps + 7 * octaves, semitones + 12 * octaves)

    @property
    def fifths(self) -> int:
        """By how many fifths keys move."""
        return 7 * self.semitones - 12 * self.steps

    def pitch(self, letter: str, alteration: int, octave: int) -> Pitch:
        """Return the sounding pitch of a written one."""
        midi = NATURAL_SEMITONES[letter] + alteration + 12 * (octave + 1) + self.semitones
        place = _LETTERS.index(letter) + self.steps
        return spelled(_LETTERS[place % 7], midi)


UNMOVED: Final = Transposition()
