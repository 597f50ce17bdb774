"""Broken rhythm: how ``>``, ``<<`` and the like share the time of two notes."""

from fractions import Fraction
from functools import lru_cache
from typing import Final

__all__ = ["BROKEN_MARKS", "BROKEN_SIXTEENTHS", "SIXTEENTHS", "broken_shares"]

BROKEN_MARKS: Final = (">", "<", ">>", "<<")
"""Those in use; ``>>>`` is allowed, too (ABC 2.1 section 4.4)."""
_MOST_MARKS: Final = 8
"""The 256th part of a note is the shortest that `validate` accepts."""


@lru_cache(maxsize=64)
def broken_shares(marks: str) -> tuple[Fraction, Fraction]:
    """By how much ``marks`` multiply the note before and the note after them.

    ``A>B`` is a dotted note and half a note, 3/2 and 1/2; each further sign halves the short
    note again, so ``A<<B`` is 1/4 and 7/4 (ABC 2.1 section 4.4).
    """
    short = Fraction(1, 2 ** min(len(marks), _MOST_MARKS))
    return (2 - short, short) if marks[0] == ">" else (short, 2 - short)


SIXTEENTHS: Final = 16
"""A length that broken rhythm leaves as it is, in sixteenths of it."""


def _in_sixteenths(marks: str) -> tuple[int, int]:
    first, second = broken_shares(marks)
    return int(first * SIXTEENTHS), int(second * SIXTEENTHS)


BROKEN_SIXTEENTHS: Final = {marks: _in_sixteenths(marks) for marks in (*BROKEN_MARKS, ">>>", "<<<")}
"""What marks make of the note before and of the one after them, in sixteenths."""
