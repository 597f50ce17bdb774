"""The order in which bars are played: repeats and endings written out."""

from collections.abc import Sequence

from abclm.notation.play.navigation import follow_signs
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.structure import explicit_repeats

__all__ = ["MOST_BARS", "playing_indices", "playing_order"]

MOST_BARS = 1000
"""A tune that asks for more bars than this is cut there: twenty minutes of a reel."""

_MOST_TIMES = 16
"""How often a repeat is played at most; a tune of 64 bars is then at `MOST_BARS`."""


def playing_order(bars: Sequence[Bar]) -> list[Bar]:
    """The bars as a player goes through them, each repeat as often as its signs say."""
    return [bars[index] for index in playing_indices(bars)]


def playing_indices(bars: Sequence[Bar]) -> list[int]:
    """The places in ``bars`` in playing order.

    A repeat is played twice, with as many endings as often as they say, and between ``|::`` and
    ``::|`` three times (ABC 2.1 sections 4.8 and 4.9). Linear in the length of the result, which
    is capped at `MOST_BARS`: a close goes back at most as often as its repeat says, and an inner
    repeat that closes also ends the outer one. Then da capo and dal segno are followed.
    """
    written = explicit_repeats(bars)
    return follow_signs(written, _with_repeats(written))[:MOST_BARS]


def _with_repeats(written: Sequence[Bar]) -> list[int]:
    """The places in playing order without da capo and dal segno.

    Of ``|:A|1 B:|2 c||d|]``, the bars 0 to 3, it is 0 1 0 2 3: the close goes back to the start,
    for the second time the ending 1 is passed over, and the double bar behind the ending 2 ends the
    repeat.
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
        # A double bar inside a repeat that was opened is no place to go back to.
        at_double_bar = bar.after.ends_section and not bar.after.ending
        if bar.after.closes or (at_double_bar and (in_ending or not opened)):
            start, time = index + 1, 1
            opened = in_ending = False
        index += 1
    return played


def _next_ending(written: Sequence[Bar], index: int, time: int) -> int:
    """The bar to go on with instead of the ending at ``index``, which is for other times.

    In ``|1 B:|2 c||d``, the second time, it is that of ``c``; where no ending is for that time it
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
    """How often the repeat that starts at ``start`` and closes after ``index`` is played.

    Twice, three times between ``|::`` and ``::|``, and as often as its endings say: with
    ``|1,3 B:|2,4 c:|`` four times.
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
