"""Where in a tune a sound falls, in time and in form, and what is asked of a section.

Times count in ticks, so that tuplets, broken rhythm and every length that can be spelt come out
whole.
"""

from fractions import Fraction
from typing import Final, NamedTuple

__all__ = [
    "ANY_SECTION",
    "BROKEN",
    "SIXTEENTHS",
    "TICKS",
    "Place",
    "SectionPlan",
    "to_ticks",
]

TICKS: Final = 40320
"""Ticks in a unit note length: 16 times what the numbers from 1 to 9 divide."""

SIXTEENTHS: Final = 16

BROKEN: Final = {">": (24, 8), "<": (8, 24)}
"""What broken rhythm makes of the length before and of the one after, in sixteenths of it
(ABC 2.1 section 4.4)."""


class SectionPlan(NamedTuple):
    """What is asked of a section; None is free.

    Attributes:
        repeated: whether it is.
        bars: how many whole bars it has.
        copy_of: which earlier section it is again, note for note.
        endings: whether it may have a first and a second ending.
    """

    repeated: bool | None = None
    bars: int | None = None
    copy_of: int | None = None
    endings: bool = True


ANY_SECTION: Final = SectionPlan()


class Place(NamedTuple):
    """Where in a tune the next sound falls.

    Attributes:
        used: the time that the bar has used up.
        tuplet: how many sounds are missing in the open tuplet, which plays ``notes`` of them in the
            time of ``times``.
        factor: what broken rhythm makes of the next sound, in sixteenths; 16 leaves it alone.
        last: how long the last sound lasts where broken rhythm may follow it, else 0; where it has
            followed, how long the sound before it was written.
        tied: whether the next sound must be the one before, tied.
        first: whether this is the first bar of a section.
        pickup: the time that every section borrows and pays back; None before the first bar ends.
        repeat: whether a repeat is open.
        ending: 1 or 2 in such an ending, else 0.
        bars: the whole bars that the section has so far; those of a second ending take the place
            of those of the first.
        common: the bars before the first ending.
        least: the bars of the first section: without a plan no later one has fewer, as in 99 of 100
            real tunes.
        section: which section of the plan this is; 0 without a plan.
        target: when the bar must last exactly so long, whatever its place.
    """

    used: int = 0
    tuplet: int = 0
    times: int = 1
    notes: int = 1
    factor: int = SIXTEENTHS
    last: int = 0
    tied: bool = False
    first: bool = True
    pickup: int | None = None
    repeat: bool = False
    ending: int = 0
    bars: int = 0
    common: int = 0
    least: int = 0
    section: int = 0
    target: int | None = None

    @property
    def broken(self) -> bool:
        """Whether broken rhythm wants a sound."""
        return self.factor != SIXTEENTHS

    @property
    def pending(self) -> bool:
        """Whether a tuplet or broken rhythm still wants a sound."""
        return self.tuplet > 0 or self.broken


def to_ticks(units: Fraction) -> int | None:
    """A time in unit note lengths as ticks; None where it is no whole number of them."""
    ticks = units * TICKS
    return ticks.numerator if ticks.denominator == 1 else None
