"""Navigation after the repeats: da capo, dal segno, fine and coda.

ABC 2.1 section 4.14 lists the signs; their meaning follows musical practice. Signs are attached to
notes. Da capo, dal segno, fine and "to coda" take effect at the end of their bar; a segno or coda
is before its bar if attached to the first note, else after it. Without a fine, a fermata at the end
of a section is one, as in O'Neill's and Ryan's.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from abclm.notation.syntax.decorations import decoration_name
from abclm.notation.syntax.tables import BAR_END_SIGNS, NAVIGATION_SIGNS
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import Event, Item

__all__ = ["follow_signs", "without_signs"]

_SEGNO, _CODA, _TO_CODA, _FINE, _FERMATA = "segno", "coda", "dacoda", "fine", "fermata"
_DA_CAPO = frozenset(name for name in BAR_END_SIGNS if name.startswith(("D.C.", "dacapo")))
_DAL_SEGNO = frozenset(name for name in BAR_END_SIGNS if name.startswith("D.S."))


class _Sign(NamedTuple):
    """A sign and the index of the bar after which it takes effect, -1 before the first bar."""

    name: str
    after: int


def follow_signs(bars: Sequence[Bar], played: list[int]) -> list[int]:
    """Return ``played``, extended by what the first da capo or dal segno adds.

    It is followed once, after its bar is played for the last time. From there repeats are skipped
    and last endings played, until a fine, the end, or a "to coda", which jumps to the last coda
    sign. If there are several coda signs and no "to coda", the first one acts as "to coda".

    Args:
        bars: the bars of a voice, with explicit repeats.
        played: indices of bars in playing order, repeats expanded.
    """
    signs = list(_signs(bars))
    jump = next((sign for sign in signs if sign.name in _DA_CAPO | _DAL_SEGNO), None)
    if jump is None or jump.after not in played:
        return played
    last = len(played) - played[::-1].index(jump.after)
    start = 0
    if jump.name in _DAL_SEGNO:
        start = next((sign.after + 1 for sign in signs if sign.name == _SEGNO), 0)
    return [*played[:last], *_once_more(bars, start, signs)]


def without_signs(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items of a body without da capo, dal segno, fine and "to coda"."""
    return tuple(_without(item) if isinstance(item, Event) else item for item in items)


def _without(event: Event) -> Event:
    kept = tuple(text for text in event.decorations if decoration_name(text) not in BAR_END_SIGNS)
    return event if kept == event.decorations else event._replace(decorations=kept)


def _signs(bars: Sequence[Bar]) -> Iterator[_Sign]:
    for index, bar in enumerate(bars):
        events = bar.events
        for place, event in enumerate(events):
            ends_section = place == len(events) - 1 and bar.after.ends_section
            for text in event.decorations:
                name = decoration_name(text)
                if name in NAVIGATION_SIGNS or (name == _FERMATA and ends_section):
                    before = place == 0 and name in {_SEGNO, _CODA}
                    yield _Sign(name, index - 1 if before else index)


def _once_more(bars: Sequence[Bar], start: int, signs: Sequence[_Sign]) -> Iterator[int]:
    last = _FINE if any(sign.name == _FINE for sign in signs) else _FERMATA
    ends = {sign.after for sign in signs if sign.name == last}
    codas = [sign.after for sign in signs if sign.name == _CODA]
    leaves = [sign.after for sign in signs if sign.name == _TO_CODA] or codas[:-1]
    index = start
    while index < len(bars):
        later = _later_ending(bars, index)
        if later is not None:
            index = later
            continue
        yield index
        if index in ends:
            return
        # Forward only, so that signs cannot cause an endless loop.
        goes = index in leaves[:1] and bool(codas) and codas[-1] > index
        index = codas[-1] + 1 if goes else index + 1


def _later_ending(bars: Sequence[Bar], index: int) -> int | None:
    """The next ending of the repeat whose ending starts at ``index``, if it has one."""
    if not bars[index].before.ending:
        return None
    for later in range(index + 1, len(bars)):
        before = bars[later].before
        if before.ending:
            return later if before.ending[0] > bars[index].before.ending[0] else None
        if before.ends_section:
            return None
    return None
