"""The numbers of bars as musicians count them, in the tune and in each section."""

from collections.abc import Sequence
from typing import NamedTuple

from abclm.notation.tune.bars import Bar

__all__ = ["BarNumber", "find_bars", "number_bars", "section_name"]


class BarNumber(NamedTuple):
    """The number of a bar in the tune and in its section.

    Attributes:
        number: in the tune, from 1; a pickup has the number of the bar before it, the first
            pickup of the tune 0.
        section: index of the section, from 0; one ends at a double bar or a repeat sign.
        in_section: in the section, from 1; a pickup has 0.
        pickup: whether it is a short bar that opens a section.
    """

    number: int
    section: int
    in_section: int
    pickup: bool


def number_bars(bars: Sequence[Bar]) -> list[BarNumber]:
    """Return the numbers of all ``bars`` of a tune; a second ending continues the count."""
    numbers: list[BarNumber] = []
    last = BarNumber(0, -1, 0, pickup=False)
    for bar in bars:
        starts = bar.before.ends_section and not bar.before.ending
        # In "d|:gab" the pickup is before the sign that opens its section.
        section = last.section + (starts and not last.pickup)
        full = bar.meter.bar
        pickup = starts and not last.pickup and full is not None and bar.duration < full
        in_section = 0 if section != last.section else last.in_section
        last = BarNumber(last.number + (not pickup), section, in_section + (not pickup), pickup)
        numbers.append(last)
    return numbers


def section_name(section: int) -> str:
    """Return ``A`` for section 0, ``B`` for section 1, and so on; ``27`` after ``Z``."""
    return chr(ord("A") + section) if section < 26 else str(section + 1)


def find_bars(
    numbers: Sequence[BarNumber], low: int | None, high: int | None, section: int | None = None
) -> tuple[int, int] | None:
    """Return the indices of the first and last bars in a range of numbers; None if it is empty.

    A pickup inside the tune is included if the bars on both sides are.

    Args:
        numbers: the numbers of all bars of the tune.
        low: the first bar number; None for no limit.
        high: the last bar number, inclusive; None for no limit.
        section: index of the section in which bars are counted; None for the whole tune.
    """
    found = [
        index
        for index, bar in enumerate(numbers)
        if section in {None, bar.section}
        and _between(low, bar.number if section is None else bar.in_section, high)
        and (not bar.pickup or section is not None or not index)
    ]
    return (found[0], found[-1]) if found else None


def _between(low: int | None, number: int, high: int | None) -> bool:
    return (low is None or low <= number) and (high is None or number <= high)
