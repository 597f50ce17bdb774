"""Swing: pairs of even quavers played in the ratio 2:1, as in hornpipes."""

from fractions import Fraction

from abclm.notation.syntax.tables import RHYTHMS
from abclm.notation.tune.bars import Bar, pickup_offset
from abclm.notation.tune.music import Event, Item, Overlay, Tune

__all__ = ["swing_bar", "swings"]

_SWUNG = frozenset({"hornpipe", "schottische"})
_LONG = Fraction(4, 3)
_SHORT = Fraction(2, 3)
"""The factors that turn an even pair into the ratio 2:1."""


def swings(tune: Tune) -> bool:
    """Whether ``tune`` has a rhythm that is written even and played swung."""
    rhythm = (tune.value("R") or "").strip().lower()
    return RHYTHMS.get(rhythm, rhythm) in _SWUNG


def swing_bar(bar: Bar) -> Bar:
    """Return the bar with each even pair in the ratio 2:1.

    A pair is two quavers, the first on a beat; in 2/4, where hornpipes are written in half the
    note values, two semiquavers. Uneven pairs and tuplets are unchanged.
    """
    quaver = Fraction(1, 16) if (bar.meter.beats, bar.meter.beat_unit) == (2, 4) else Fraction(1, 8)
    items = list(bar.items)
    offset = pickup_offset(bar)
    last: int | None = None
    for index, item in enumerate(items):
        if isinstance(item, Overlay):
            offset, last = pickup_offset(bar), None
        elif isinstance(item, Event):
            even = item.duration == quaver and not item.tuplet
            if even and last is not None and offset % (2 * quaver) == quaver:
                _stretch(items, last, _LONG)
                _stretch(items, index, _SHORT)
            last = index if even else None
            offset += item.duration
    return bar._replace(items=tuple(items))


def _stretch(items: list[Item], index: int, factor: Fraction) -> None:
    event = items[index]
    if isinstance(event, Event):
        items[index] = event._replace(duration=event.duration * factor)
