"""Accidentals: by how many semitones each alters a note, and which one alters by so many."""

from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Final

__all__ = [
    "ALTERATIONS",
    "Alterations",
    "alteration",
    "is_microtone",
    "semitones",
    "spell",
    "tempered",
]

ALTERATIONS: Final = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
"""Semitones by the accidentals of ABC 2.1 section 4.2."""

_SIGNS: Final = {semitones: sign for sign, semitones in ALTERATIONS.items()}
_LARGEST = 4
"""Semitones; a microtone beyond two sharps and two flats is a slip, and must not run away."""


@lru_cache(maxsize=256)
def alteration(accidental: str) -> Fraction | int:
    """By how many semitones an accidental alters: 1 for ``^``, a half for ``^/``.

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
    """By how many semitones a note with an accidental is played; a microtone sounds lower.

    ``^/c`` is played as C and ``_/B`` as B flat, so that a tune keeps its shape where it is moved.
    """
    return floor(alteration(accidental))


def is_microtone(accidental: str) -> bool:
    """Whether an accidental alters by no whole number of semitones the standard has a sign for."""
    return bool(accidental) and accidental not in ALTERATIONS


def tempered(accidental: str) -> str:
    """The accidental that a note is played with: of a microtone that of the semitone below."""
    return spell(max(-2, min(2, semitones(accidental)))) if is_microtone(accidental) else accidental


def spell(alteration: Fraction | int) -> str:
    """The accidental that alters by so many semitones: ``^`` for 1, ``=`` for 0, ``^/`` for a half.

    Args:
        alteration: in semitones, two at most where it is a whole number.
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
        propagation: how far an accidental holds in its bar, as ``I:propagate-accidentals`` says
            (ABC 2.1 section 11.3): ``pitch``, the usual, for its letter in all octaves,
            ``octave`` for its letter in its own octave, ``not`` for its own note alone.

    Attributes:
        signature: letter to semitones.
    """

    def __init__(self, propagation: str = "pitch") -> None:
        self.signature: dict[str, int] = {}
        self._propagation = propagation
        self._altered: dict[str | tuple[str, int], Fraction | int] = {}

    def forget(self) -> None:
        """End the bar: accidentals hold no longer."""
        self._altered = {}

    def alter(self, letter: str, octave: int, by: Fraction | int) -> None:
        """Follow an accidental."""
        if self._propagation != "not":
            self._altered[self._place(letter, octave)] = by

    def of(self, letter: str, octave: int) -> Fraction | int:
        """By how many semitones a note without accidental is altered."""
        return self._altered.get(self._place(letter, octave), self.signature.get(letter, 0))

    def _place(self, letter: str, octave: int) -> str | tuple[str, int]:
        return (letter, octave) if self._propagation == "octave" else letter
