"""Pitches as ABC, with accidentals where the key and the bar so far require them."""

from functools import lru_cache
from typing import Final

from abclm.notation.syntax.accidentals import spell
from abclm.notation.syntax.key import parse_key
from abclm.reading.score import Pitch

__all__ = ["BarPitches"]

_MIDDLE: Final = 4
"""The octave whose notes are upper-case letters without a mark."""
_OCTAVES: Final = {"-8": 1, "+8": -1}


class BarPitches:
    """Writes the pitches of a voice and keeps the accidentals of the bar.

    Programs differ in whether an accidental holds in other octaves. It is written again wherever
    they could differ, so that all of them play the same note.

    Args:
        clef: the clef of the voice; under ``treble-8`` notes are written an octave higher.
    """

    def __init__(self, clef: str = "treble") -> None:
        self._octaves = _OCTAVES.get(clef[-2:], 0)
        self._signature: dict[str, int] = {}
        self._letters: dict[str, int] = {}
        self._places: dict[tuple[str, int], int] = {}

    def in_key(self, key: str) -> None:
        """Take over the signature of a ``K:`` value."""
        known = parse_key(key)
        self._signature = known.alterations if known is not None else {}

    def new_bar(self) -> None:
        """Forget the accidentals of the bar before."""
        if self._letters:
            self._letters.clear()
            self._places.clear()

    def write(self, pitch: Pitch) -> str:
        """Return the text of a pitch, and remember its accidental."""
        letter, alteration, octave = pitch
        octave += self._octaves
        plain = self._signature.get(letter, 0)
        letters = self._letters
        if not letters and plain == alteration:
            return _plain(letter, octave)
        if (
            letters.get(letter, plain) == alteration
            and self._places.get((letter, octave), plain) == alteration
        ):
            return _plain(letter, octave)
        letters[letter] = self._places[letter, octave] = alteration
        return spell(alteration) + _plain(letter, octave)


@lru_cache(maxsize=128)
def _plain(letter: str, octave: int) -> str:
    if octave > _MIDDLE:
        return letter.lower() + "'" * (octave - _MIDDLE - 1)
    return letter + "," * (_MIDDLE - octave)
