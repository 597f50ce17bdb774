"""The numbers of bars as musicians count them, in the tune and in each section."""

from collections.abc import Sequence
from typing import NamedTuple

from abclm.notation.tune.bars import Bar

__all__ = ["BarNumber", "find_bars", "number_bars", "section_name"]


class BarNumber(NamedTuple):
    """Which bar one is.

    Attributes:
        number: in the tune, from 1; a pickup belongs to the bar before it, that of the tune to
            bar 0.
        section: from 0; a section ends at a double bar or a repeat sign.
        in_section: its number in the section; its pickup has 0.
        pickup: whether it is a short bar that opens a section.
    """

    number: int
    section: int
    in_section: int
    pickup: bool


def number_bars(bars: Sequence[Bar]) -> list[BarNumber]:
    """The number of each of all ``bars`` of a tune; those of a second ending count on."""
    numbers: list[BarNumber] = []
    last = BarNumber(0, -1, 0, pickup=False)
    for bar in bars:
        starts = bar.before.ends_section and not bar.before.ending
        # In "d|:gab" the pickup stands before the sign that opens its section.
        section = last.section + (starts and not last.pickup)
        full = bar.meter.bar
        pickup = starts and not last.pickup and full is not None and bar.duration < full
        in_section = 0 if section != last.section else last.in_section
        last = BarNumber(last.number + (not pickup), section, in_section + (not pickup), pickup)
        numbers.append(last)
    return numbers


def section_name(section: int) -> str:
    """``A`` for the first section, ``B`` for the second, and so on; ``27`` after ``Z``."""
    return chr(ord("A") + section) if section < 26 else str(section + 1)


def find_bars(
    numbers: Sequence[BarNumber], low: int | None, high: int | None, section: int | None = None
) -> tuple[int, int] | None:
    """The indices of the first and the last bar of those that are asked for; None without any.

    A pickup inside the tune belongs to them where the bars on both sides do.

    Args:
        numbers: of all bars of the tune.
        low: from this bar on; None for all.
        high: up to this one, included; None for all.
        section: to count in it alone.
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
