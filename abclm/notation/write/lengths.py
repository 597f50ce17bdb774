"""The spelling of lengths: as multiples of the unit note length, and with broken rhythm."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from abclm.notation.syntax.broken import BROKEN_MARKS, broken_shares
from abclm.notation.syntax.meter import Meter
from abclm.notation.tune.music import Event, Item

__all__ = ["length_texts", "write_length"]

_BROKEN: Final = {
    first / second: marks for marks in BROKEN_MARKS for first, second in [broken_shares(marks)]
}
"""The marks between two notes, by the ratio of the first length to the second."""
_BY_BARS: Final = frozenset({"Z", "X"})

_Ratio = tuple[int, int]
"""Numerator and denominator: several times faster as a dictionary key than a fraction."""


def write_length(length: Fraction) -> str:
    """Return the text of a multiple of the unit: empty for 1, ``/`` for 1/2, ``3/2``, ``/4``."""
    numerator, denominator = length.as_integer_ratio()
    above = "" if numerator == 1 else str(numerator)
    if denominator == 1:
        return above
    return f"{above}/" if (numerator, denominator) == (1, 2) else f"{above}/{denominator}"


def length_texts(items: Sequence[Item], meter: Meter, unit: Fraction) -> list[str]:
    """Return the text after each event of a bar: its length, and a mark of broken rhythm.

    Two adjacent events in the ratio 3:1 or 7:1 are written in broken rhythm if that is shorter: in
    eighths ``A3/2B/`` is ``A>B``, with the texts ``>`` and an empty string.

    Args:
        items: the items of the bar, without line breaks.
        meter: the meter of the bar.
        unit: the unit note length, in whole notes.
    """
    under = unit.as_integer_ratio()
    texts: list[str] = []
    before: Event | None = None  # the possible first event of a pair
    for item in items:
        if type(item) is not Event:
            before = None
            continue
        pair = _pair(before, item, under) if before is not None else None
        if pair is not None:
            texts[-1:] = pair
            before = None
            continue
        texts.append(_single(item, meter, under))
        before = item
    return texts


def _single(event: Event, meter: Meter, unit: _Ratio) -> str:
    full = meter.bar if event.rest in _BY_BARS else None
    return _text(event.notated.as_integer_ratio(), full.as_integer_ratio() if full else unit)


def _pair(first: Event, second: Event, unit: _Ratio) -> tuple[str, str] | None:
    """The texts of two events in broken rhythm, or None if that is not possible or not shorter."""
    if first.tie or first.closes or second.opens or first.rest in _BY_BARS or second.rest:
        return None
    return _broken(first.notated.as_integer_ratio(), second.notated.as_integer_ratio(), unit)


@lru_cache(maxsize=4096)
def _text(length: _Ratio, unit: _Ratio) -> str:
    return write_length(Fraction(*length) / Fraction(*unit))


@lru_cache(maxsize=4096)
def _broken(first: _Ratio, second: _Ratio, unit: _Ratio) -> tuple[str, str] | None:
    one, other = Fraction(*first), Fraction(*second)
    mark = _BROKEN.get(one / other) if one and other else None
    if mark is None:
        return None
    base = _text(((one + other) / 2).as_integer_ratio(), unit)
    apart = _text(first, unit) + _text(second, unit)
    return (base + mark, base) if len(apart) > 2 * len(base) + len(mark) else None
