"""Accidentals: from their signs to semitones and back."""

from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Final

__all__ = [
    "ALTERATIONS",
    "TONIC_ALTERATIONS",
    "Alterations",
    "alteration",
    "is_microtone",
    "semitones",
    "spell",
    "tempered",
]

ALTERATIONS: Final = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
"""The accidentals of ABC 2.1 section 4.2, with the semitones they alter by."""
TONIC_ALTERATIONS: Final = {"": 0, "#": 1, "b": -1}
"""The same for the signs in the name of a key (section 3.1.14) or of a pitch: ``F#``, ``Bb``."""

_SIGNS: Final = {semitones: sign for sign, semitones in ALTERATIONS.items()}
_LARGEST = 4
"""Semitones; larger microtones are slips and are cut to this size."""


@lru_cache(maxsize=256)
def alteration(accidental: str) -> Fraction | int:
    """Return the semitones an accidental alters by: 1 for ``^``, 1/2 for ``^/``.

    Microtones are those of ABC 2.2: ``^3/2`` is a sharp and a half, ``_/`` half a flat.
    """
    known = ALTERATIONS.get(accidental)
    if known is not None:
        return known
    above, _, below = accidental[1:].partition("/")
    size = Fraction(int(above[:4] or 1), int(below[:4] or 2) or 1)
    return min(size, Fraction(_LARGEST)) * (1 if accidental[0] == "^" else -1)


@lru_cache(maxsize=256)
def semitones(accidental: str) -> int:
    """Return the whole semitones an accidental is played with; microtones are rounded down.

    ``^/c`` is played as C and ``_/B`` as B flat, so that a tune keeps its shape when transposed.
    """
    return floor(alteration(accidental))


def is_microtone(accidental: str) -> bool:
    """Whether an accidental is not one of the five standard signs."""
    return bool(accidental) and accidental not in ALTERATIONS


def tempered(accidental: str) -> str:
    """Return the accidental a note is played with; a microtone is rounded down to a semitone."""
    return spell(max(-2, min(2, semitones(accidental)))) if is_microtone(accidental) else accidental


def spell(alteration: Fraction | int) -> str:
    """Return the accidental for an alteration: ``^`` for 1, ``=`` for 0, ``^/`` for 1/2.

    Args:
        alteration: in semitones; if a whole number, between -2 and 2.
    """
    if alteration.denominator == 1:
        return _SIGNS[int(alteration)]
    size = abs(Fraction(alteration))
    above = "" if size.numerator == 1 else str(size.numerator)
    below = "" if size.denominator == 2 else str(size.denominator)
    return f"{'^' if alteration > 0 else '_'}{above}/{below}"


class Alterations:
    """Which notes are altered: by the key signature, and by the accidentals of the bar so far.

    Args:
        propagation: how far an accidental holds in its bar, as set by ``I:propagate-accidentals``
            (ABC 2.1 section 11.3): ``pitch``, the default, for its letter in all octaves,
            ``octave`` for its letter in its own octave, ``not`` for its own note only.

    Attributes:
        signature: semitones by letter.
    """

    def __init__(self, propagation: str = "pitch") -> None:
        self.signature: dict[str, int] = {}
        self._propagation = propagation
        self._altered: dict[str | tuple[str, int], Fraction | int] = {}

    def forget(self) -> None:
        """End the bar: its accidentals no longer hold."""
        self._altered = {}

    def alter(self, letter: str, octave: int, by: Fraction | int) -> None:
        """Record an accidental."""
        if self._propagation != "not":
            self._altered[self._place(letter, octave)] = by

    def of(self, letter: str, octave: int) -> Fraction | int:
        """Return the semitones that a note without an accidental is altered by."""
        return self._altered.get(self._place(letter, octave), self.signature.get(letter, 0))

    def _place(self, letter: str, octave: int) -> str | tuple[str, int]:
        return (letter, octave) if self._propagation == "octave" else letter
