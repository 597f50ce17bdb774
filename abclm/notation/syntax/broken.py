"""Broken rhythm: how ``>``, ``<<`` and the like divide the time of two notes."""

from fractions import Fraction
from functools import lru_cache
from typing import Final

__all__ = ["BROKEN_MARKS", "BROKEN_SIXTEENTHS", "SIXTEENTHS", "broken_shares"]

BROKEN_MARKS: Final = (">", "<", ">>", "<<")
"""The marks in use; ``>>>`` is legal too (ABC 2.1 section 4.4)."""
_MOST_MARKS: Final = 8
"""With more, the short note would be less than 1/256 of its length: `validate` rejects those."""


@lru_cache(maxsize=64)
def broken_shares(marks: str) -> tuple[Fraction, Fraction]:
    """Return the factors for the lengths of the notes before and after ``marks``.

    ``A>B`` dots the first note and halves the second, 3/2 and 1/2; each further mark halves the
    short note again, so ``A<<B`` is 1/4 and 7/4 (ABC 2.1 section 4.4).
    """
    short = Fraction(1, 2 ** min(len(marks), _MOST_MARKS))
    return (2 - short, short) if marks[0] == ">" else (short, 2 - short)


SIXTEENTHS: Final = 16
"""A factor of 1, in sixteenths."""


def _in_sixteenths(marks: str) -> tuple[int, int]:
    first, second = broken_shares(marks)
    return int(first * SIXTEENTHS), int(second * SIXTEENTHS)


BROKEN_SIXTEENTHS: Final = {marks: _in_sixteenths(marks) for marks in (*BROKEN_MARKS, ">>>", "<<<")}
"""The factors for the notes before and after each kind of mark, in sixteenths."""
