"""Exact lengths, each worked out once.

Making a fraction takes a microsecond and multiplying two takes two, finding one a tenth of that;
and a tunebook of two hundred thousand notes has some dozen lengths.
"""

from fractions import Fraction
from functools import lru_cache

__all__ = ["fraction", "product"]

_CACHED = 4096
"""Lengths that are kept; the three books of the default corpus have 39."""


@lru_cache(maxsize=_CACHED)
def fraction(numerator: int, denominator: int) -> Fraction:
    """The fraction of two numbers, as a rule the same object wherever the value is the same."""
    return _same(Fraction(numerator, denominator))


def product(length: Fraction, factor: Fraction) -> Fraction:
    """``length`` times ``factor``."""
    return _product(length.as_integer_ratio(), factor.as_integer_ratio())


@lru_cache(maxsize=_CACHED)
def _product(length: tuple[int, int], factor: tuple[int, int]) -> Fraction:
    return fraction(length[0] * factor[0], length[1] * factor[1])


@lru_cache(maxsize=_CACHED)
def _same(value: Fraction) -> Fraction:
    return value
