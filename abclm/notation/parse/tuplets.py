"""What ``(p:q:r`` means."""

from typing import Final, NamedTuple

from abclm.notation.syntax.meter import Meter, tuplet_times
from abclm.notation.syntax.tables import TUPLET_TIMES
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.music import Tuplet

__all__ = ["ReadTuplet", "read_tuplet"]

_MOST_NOTES: Final = 99
"""More than a player can count; the standard goes up to nine."""
_DIGITS: Final = 6
"""Digits read of each number; a longer number is out of range anyway."""


class ReadTuplet(NamedTuple):
    """A tuplet, or None if it is invalid, and what is wrong with it, or an empty string."""

    tuplet: Tuplet | None
    fault: str


def read_tuplet(token: Token, meter: Meter) -> ReadTuplet:
    """Read ``(p:q:r`` in ``meter`` (ABC 2.1 section 4.13)."""
    numbers = [int(part[:_DIGITS]) if part else 0 for part in token.text[1:].split(":")]
    notes, times, count = (*numbers, 0, 0)[:3]
    default = TUPLET_TIMES.get(notes, 0)
    fault = ""
    if default == 0 and not times:
        fault = f"({notes} has no standard length: write ({notes}:q"
    if not 0 < notes <= _MOST_NOTES or max(times, count) > _MOST_NOTES:
        return ReadTuplet(None, fault or f"{token.text} is out of range: (2 to (9 are usual")
    times = times or tuplet_times(notes, compound=meter.compound)
    return ReadTuplet(Tuplet(token, notes, times, count or notes), fault)
