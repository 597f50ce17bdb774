"""The order in which bars are played: repeats and endings written out."""

from collections.abc import Sequence

from abclm.notation.bars import Bar
from abclm.notation.structure import explicit_repeats

__all__ = ["playing_order"]

_MOST_BARS = 4000


def playing_order(bars: Sequence[Bar]) -> list[Bar]:
    """The bars as a player goes through them, each repeat as often as its endings say.

    Linear in the length of the result, which is capped at 4,000 bars: a tune that asks for more
    is cut there.
    """
    written = explicit_repeats(bars)
    played: list[Bar] = []
    start, time = 0, 1
    index = 0
    while index < len(written) and len(played) < _MOST_BARS:
        bar = written[index]
        if bar.before.opens and index != start:
            start, time = index, 1
        if bar.before.ending and time not in bar.before.ending:
            index = _next_ending(written, index, time)
            continue
        played.append(bar)
        if bar.after.closes and time < _times(written, start, index):
            index, time = start, time + 1
            continue
        if bar.after.closes or (bar.after.ends_section and not bar.after.ending):
            start, time = index + 1, 1
        index += 1
    return played


def _next_ending(written: Sequence[Bar], index: int, time: int) -> int:
    """The bar to go on with instead of the ending at ``index``, which is for other times."""
    for later in range(index + 1, len(written)):
        before = written[later].before
        if before.ending and time in before.ending:
            return later
        if not before.ending and before.ends_section:
            return later
    return len(written)


def _times(written: Sequence[Bar], start: int, index: int) -> int:
    """How often the repeat that starts at ``start`` and closes after ``index`` is played."""
    times = 2
    for later in range(start, len(written)):
        before = written[later].before
        if later > index and not before.ending and before.ends_section:
            break
        if later > index + 1 and before.opens:
            break
        times = max(times, *before.ending) if before.ending else times
    return times
