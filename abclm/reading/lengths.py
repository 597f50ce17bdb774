"""Lengths in ticks, as notes that can be written: undotted, dotted or double-dotted."""

from functools import lru_cache
from typing import Final

from abclm.notation.syntax.exact import fraction
from abclm.notation.write.lengths import write_length
from abclm.reading.score import QUARTER

__all__ = ["GRID", "WHOLE", "best_unit", "length_text", "single_lengths", "whole_notes"]

GRID: Final = QUARTER // 64
"""Ticks of a 256th note, the shortest that is written."""
WHOLE: Final = 4 * QUARTER
_LONGEST: Final = 4 * WHOLE
_SINGLES: Final = sorted(
    dots * (GRID << power) for power in range(13) for dots in (1, 3, 7) if GRID << power <= _LONGEST
)
"""The lengths of single notes: up to two dots, up to four whole notes undotted."""
_UNITS: Final = (8, 16, 4)
"""Possible values of ``L:``, as parts of a whole note; of equally good ones the first is taken."""


@lru_cache(maxsize=4096)
def single_lengths(length: int, start: int = 0) -> tuple[int, ...]:
    """Split a length into those of tied single notes, the long ones first unless off the beat.

    Args:
        length: in ticks, a multiple of `GRID`.
        start: where it starts in its bar.
    """
    parts: list[int] = []
    rest = length
    while rest > 0:
        parts.append(next(one for one in reversed(_SINGLES) if one <= rest))
        rest -= parts[-1]
    if start % (2 * parts[-1]):
        parts.reverse()
    return tuple(parts)


@lru_cache(maxsize=4096)
def length_text(length: int, unit: int) -> str:
    """Return how a length is written under a unit note length, both in ticks."""
    return write_length(fraction(length, unit))


def whole_notes(length: int, least: int = 1) -> str:
    """Return a length in ticks as a fraction of a whole note over at least ``least``: ``2/4``."""
    above, below = fraction(length, WHOLE).as_integer_ratio()
    times = max(1, least // below)
    return f"{above * times}/{below * times}"


def best_unit(lengths: dict[int, int]) -> int:
    """Return the unit note length in ticks under which the text is shortest.

    Args:
        lengths: how often each length in ticks occurs.
    """

    def characters(unit: int) -> int:
        return sum(
            times * len(length_text(length, unit))
            for length, times in lengths.items()
            if length % GRID == 0
        )

    return min((WHOLE // part for part in _UNITS), key=characters)
