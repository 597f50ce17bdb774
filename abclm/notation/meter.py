"""Meters and unit note lengths."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from abclm.notation.tables import BEAT_GROUPS, TUPLET_TIMES

__all__ = ["FREE", "Meter", "default_unit", "parse_meter", "parse_unit", "tuplet_times"]

_FRACTION = re.compile(r"\(?\s*(\d+(?:\s*\+\s*\d+)*)\s*\)?\s*/\s*(\d+)")
_LIMIT = 1024


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter as beats over beat unit; ``beats`` is 0 for free meter (``M:none``)."""

    beats: int
    beat_unit: int
    symbol: str = ""

    @property
    def bar(self) -> Fraction | None:
        """How long a full bar lasts, in whole notes; None in free meter."""
        return _fraction(self.beats, self.beat_unit) if self.beats else None

    @property
    def compound(self) -> bool:
        """Whether the beat divides by three: 6/8, 9/8, 12/8 (ABC 2.1 section 4.13)."""
        return self.beats > 3 and self.beats % 3 == 0 and self.beat_unit >= 8

    @property
    def group(self) -> Fraction:
        """How long notes are beamed together, in whole notes."""
        return BEAT_GROUPS.get((self.beats, self.beat_unit), Fraction(1, 4))

    def __str__(self) -> str:
        """The canonical spelling: ``4/4`` for ``C``, ``C|`` for ``2/2``, ``none`` for free."""
        if not self.beats:
            return "none"
        return "C|" if (self.beats, self.beat_unit) == (2, 2) else f"{self.beats}/{self.beat_unit}"


# Each bar asks for it several times, and making a fraction takes a microsecond.
_fraction = lru_cache(maxsize=256)(Fraction)

FREE = Meter(0, 1)
_SYMBOLS = {
    "C": Meter(4, 4, "C"),
    "c": Meter(4, 4, "C"),
    "C|": Meter(2, 2, "C|"),
    "c|": Meter(2, 2, "C|"),
    "": FREE,
    "none": FREE,
    "free": FREE,
}


def parse_meter(text: str) -> Meter | None:
    """The meter of an ``M:`` value such as ``6/8``, ``C|``, ``(2+3)/8`` or ``none``, else None."""
    text = text.strip()
    if text in _SYMBOLS:
        return _SYMBOLS[text]
    match = _FRACTION.fullmatch(text)
    if not match:
        return None
    beats = sum(int(part[:5]) for part in match.group(1).split("+"))
    beat_unit = int(match.group(2)[:5])
    if not 0 < beats <= _LIMIT or not 0 < beat_unit <= _LIMIT:
        return None
    return Meter(beats, beat_unit)


def parse_unit(text: str) -> Fraction | None:
    """The unit note length of an ``L:`` value such as ``1/8``, in whole notes, else None."""
    match = re.fullmatch(r"\s*(\d{1,4})\s*(?:/\s*(\d{1,4}))?\s*", text)
    if not match or int(match.group(1)) == 0 or int(match.group(2) or 1) == 0:
        return None
    return Fraction(int(match.group(1)), int(match.group(2) or 1))


def default_unit(meter: Meter) -> Fraction:
    """The unit note length where ``L:`` is missing (ABC 2.1 section 3.1.7)."""
    bar = meter.bar
    return Fraction(1, 16) if bar is not None and bar < Fraction(3, 4) else Fraction(1, 8)


def tuplet_times(notes: int, *, compound: bool) -> int:
    """In the time of how many notes a tuplet ``(p`` plays its ``notes`` (ABC 2.1 section 4.13).

    Args:
        notes: p; one that the standard does not know is played like those it leaves to the meter.
        compound: whether the meter is.
    """
    return TUPLET_TIMES.get(notes) or (3 if compound else 2)
