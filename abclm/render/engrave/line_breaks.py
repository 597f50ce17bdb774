"""Where the lines of staves break when each holds the same number of bars."""

from collections.abc import Sequence
from typing import Final

from abclm.notation.tune.bars import Bar, pickup_offset
from abclm.notation.tune.music import Event

__all__ = ["leading", "regular_breaks"]

_MOST_EVENTS: Final = 20
"""The most notes and rests of a line of several bars: two bars of a reel have 16."""


def leading(row: Sequence[Bar | None]) -> Bar:
    """Return the bar of the first voice that still plays; ``row`` has one bar of each voice."""
    return next(bar for bar in row if bar is not None)


def regular_breaks(rows: Sequence[Sequence[Bar | None]], bars_in_line: int) -> set[int]:
    """Return the indices of the bars that start a line, except the first.

    A line has ``bars_in_line`` bars, not counting a pickup, or fewer at the end of a section and
    where the notes are many.

    Args:
        rows: one bar of each voice, None after the end of a voice.
        bars_in_line: the number of bars of a line.
    """
    breaks: set[int] = set()
    count = events = 0
    for place, row in enumerate(rows):
        lead = leading(row)
        own = max(_events(bar) for bar in row if bar is not None)
        new_section = lead.before.ends_section and not lead.before.ending
        if place and (
            new_section or count >= bars_in_line or (count and events + own > _MOST_EVENTS)
        ):
            breaks.add(place)
            count = events = 0
        count += not pickup_offset(lead)
        events += own
    return breaks


def _events(bar: Bar) -> int:
    return sum(isinstance(item, Event) for item in bar.items)
