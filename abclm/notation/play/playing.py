"""The playing order of bars: repeats and endings expanded."""

from collections.abc import Sequence

from abclm.notation.play.navigation import follow_signs
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.structure import explicit_repeats

__all__ = ["MOST_BARS", "playing_indices", "playing_order"]

MOST_BARS = 2000
"""A longer tune is cut here; a quartet of four movements has fewer."""

_MOST_TIMES = 16
"""The most times a repeat is played; at 16 a tune of 125 bars reaches `MOST_BARS`."""


def playing_order(bars: Sequence[Bar]) -> list[Bar]:
    """Return the bars in playing order, each repeat as many times as its signs say."""
    return [bars[index] for index in playing_indices(bars)]


def playing_indices(bars: Sequence[Bar]) -> list[int]:
    """Return indices into ``bars`` in playing order.

    A repeat is played twice, with endings as many times as they say, and between ``|::`` and
    ``::|`` three times (ABC 2.1 sections 4.8 and 4.9). Then da capo and dal segno are followed.

    Linear in the length of the result, which is capped at `MOST_BARS`: a close goes back at most as
    many times as its repeat says, and an inner repeat that closes also ends the outer one.
    """
    written = explicit_repeats(bars)
    return follow_signs(written, _with_repeats(written))[:MOST_BARS]


def _with_repeats(written: Sequence[Bar]) -> list[int]:
    """The indices in playing order without da capo and dal segno.

    For ``|:A|1 B:|2 c||d|]``, bars 0 to 3, it is 0 1 0 2 3: the close goes back to the start, the
    second time ending 1 is skipped, and the double bar after ending 2 ends the repeat.
    """
    played: list[int] = []
    start, time = 0, 1
    opened = in_ending = False
    index = 0
    while index < len(written) and len(played) < MOST_BARS:
        bar = written[index]
        if bar.before.opens:
            start, time = (start, time) if index == start else (index, 1)
            opened, in_ending = True, False
        if bar.before.ending and time not in bar.before.ending:
            index = _next_ending(written, index, time)
            continue
        in_ending = in_ending or bool(bar.before.ending)
        played.append(index)
        if bar.after.closes and time < _times(written, start, index):
            index, time, in_ending = start, time + 1, False
            continue
        # A close does not go back to a double bar inside a repeat that was opened.
        at_double_bar = bar.after.ends_section and not bar.after.ending
        if bar.after.closes or (at_double_bar and (in_ending or not opened)):
            start, time = index + 1, 1
            opened = in_ending = False
        index += 1
    return played


def _next_ending(written: Sequence[Bar], index: int, time: int) -> int:
    """The bar to play instead of the ending at ``index``, which is not for this time.

    In ``|1 B:|2 c||d`` the second time it is the bar of ``c``; without an ending for this time it
    is the first bar of the next section, ``d``.
    """
    for later in range(index + 1, len(written)):
        before = written[later].before
        if before.ending and time in before.ending:
            return later
        if not before.ending and before.ends_section:
            return later
    return len(written)


def _times(written: Sequence[Bar], start: int, index: int) -> int:
    """The number of times the repeat from ``start`` that closes after ``index`` is played.

    Twice; three times between ``|::`` and ``::|``; or as many times as its endings say: four with
    ``|1,3 B:|2,4 c:|``.
    """
    times = max(2, written[start].before.colons(-1) + 1, written[index].after.colons(0) + 1)
    for later in range(start, len(written)):
        before = written[later].before
        if later > index and not before.ending and before.ends_section:
            break
        if later > index + 1 and before.opens:
            break
        times = max(times, *before.ending) if before.ending else times
    return min(times, _MOST_TIMES)
