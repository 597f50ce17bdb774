"""Meters and unit note lengths."""

import math
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from abclm.notation.syntax.exact import fraction
from abclm.notation.syntax.tables import BEAT_GROUPS, TUPLET_TIMES

__all__ = ["FREE", "Meter", "default_unit", "parse_meter", "parse_unit", "tuplet_times"]

_SUM = r"\d+(?:\s*\+\s*\d+)*"
_FRACTION = re.compile(rf"(?:\(\s*({_SUM})\s*\)|({_SUM}))\s*/\s*(\d+)")
_LIMIT = 1024
"""The most beats, and the largest beat unit; real music stays below a tenth of it."""
_QUARTER = Fraction(1, 4)
_LONGEST_VALUE = 100
"""Characters; a longer ``M:`` value is not read."""


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter as beats over beat unit; ``beats`` is 0 for free meter (``M:none``).

    Attributes:
        symbol: ``C`` or ``C|`` if it is written as one, else empty.
        others: further meters that bars may have: 4/4 in ``3/4 (4/4)`` and ``3/4 4/4``.
        bar: the length of a full bar, in whole notes; None in free meter.
    """

    beats: int
    beat_unit: int
    symbol: str = ""
    others: tuple["Meter", ...] = ()
    bar: Fraction | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compute the length of a full bar once."""
        bar = fraction(self.beats, self.beat_unit) if self.beats else None
        object.__setattr__(self, "bar", bar)

    def fits(self, duration: Fraction) -> bool:
        """Whether a full bar may last ``duration``, in whole notes."""
        return duration == self.bar or any(other.fits(duration) for other in self.others)

    @property
    def longest_bar(self) -> Fraction | None:
        """The longest length of a full bar, in whole notes; None in free meter."""
        bar = self.bar
        if bar is None or not self.others:
            return bar
        return max(bar, *(other.bar or bar for other in self.others))

    @property
    def compound(self) -> bool:
        """Whether the beat divides by three: 6/8, 9/8, 12/8 (ABC 2.1 section 4.13)."""
        return self.beats > 3 and self.beats % 3 == 0 and self.beat_unit >= 8

    @property
    def group(self) -> Fraction:
        """The length of a beam group, in whole notes."""
        return BEAT_GROUPS.get((self.beats, self.beat_unit), _QUARTER)

    def __str__(self) -> str:
        """The canonical spelling: ``4/4`` for ``C``, ``C|`` for ``2/2``, ``none`` for free."""
        if not self.beats:
            return "none"
        first = f"{self.beats}/{self.beat_unit}"
        return " ".join(["C|" if first == "2/2" else first, *map(str, self.others)])


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


@lru_cache(maxsize=256)
def parse_meter(text: str) -> Meter | None:
    """Return the meter of an ``M:`` value such as ``6/8``, ``C|``, ``(2+3)/8``, ``none``, or None.

    ``2/4+3/8`` is the sum, 7/8. In ``3/4 (4/4)`` and ``6/8 2/4`` a bar may have either meter.
    """
    text = text.strip()
    if text in _SYMBOLS:
        return _SYMBOLS[text]
    if len(text) > _LONGEST_VALUE:
        return None
    first, *others = [_parse_simple(part) for part in _split(text)]
    known = tuple(meter for meter in others if meter is not None)
    if first is None or len(known) < len(others):
        return None
    return replace(first, others=known) if known else first


def _split(text: str) -> list[str]:
    """The meters in ``3/4 (4/4)``; spaces around ``+`` and ``/`` do not separate."""
    close = re.sub(r"\s*([+/])\s*", r"\1", text)
    # "(4/4)" is another meter; the brackets of "(2+3)/8" enclose a sum.
    return re.sub(r"\(([^()]*/[^()]*)\)", r" \1 ", close).split() or [""]


def _parse_simple(text: str) -> Meter | None:
    """A meter without spaces: a symbol, a fraction, or a sum of fractions."""
    if text in {"C", "C|"}:
        return _SYMBOLS[text]
    total = Fraction(0)
    beat_units = []
    place = 0
    while match := _FRACTION.match(text, place):
        bracketed, bare, below = match.groups()
        beats = sum(int(part[:5]) for part in (bracketed or bare).split("+"))
        beat_unit = int(below[:5])
        if not 0 < beats <= _LIMIT or not 0 < beat_unit <= _LIMIT:
            return None
        total += Fraction(beats, beat_unit)
        beat_units.append(beat_unit)
        place = match.end() + 1
        if place > len(text):
            beat_unit = math.lcm(*beat_units)
            beats = int(total * beat_unit)
            return Meter(beats, beat_unit) if max(beats, beat_unit) <= _LIMIT else None
        if text[place - 1] != "+":
            return None
    return None


@lru_cache(maxsize=256)
def parse_unit(text: str) -> Fraction | None:
    """Return the unit note length of an ``L:`` value such as ``1/8``, in whole notes, or None."""
    match = re.fullmatch(r"\s*(\d{1,4})\s*(?:/\s*(\d{1,4}))?\s*", text)
    if not match:
        return None
    above, below = int(match[1]), int(match[2] or 1)
    # The divisor must be a power of two: no note lasts a third of a whole note.
    return Fraction(above, below) if above and below and not below & (below - 1) else None


def default_unit(meter: Meter) -> Fraction:
    """Return the default unit note length, in whole notes (ABC 2.1 section 3.1.7)."""
    bar = meter.bar
    return Fraction(1, 16) if bar is not None and bar < Fraction(3, 4) else Fraction(1, 8)


def tuplet_times(notes: int, *, compound: bool) -> int:
    """Return q: a tuplet ``(p`` plays p notes in the time of q (ABC 2.1 section 4.13).

    Args:
        notes: p; a value not in the standard is treated like 5, 7 and 9, which follow the meter.
        compound: whether the meter is compound.
    """
    return TUPLET_TIMES.get(notes) or (3 if compound else 2)
