"""The time in a bar while a tune is read, in whole ticks, so that nothing is rounded.

Each event counts with the length written so far: after ``G`` one unit note length is used, after
``G2`` two.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from abclm.notation.syntax.broken import BROKEN_SIXTEENTHS, SIXTEENTHS
from abclm.notation.syntax.meter import FREE, Meter, parse_meter, parse_unit, tuplet_times

__all__ = ["NO_TUPLET", "WHOLE", "Time", "ticks_of"]

WHOLE: Final = 64 * 40320
"""Ticks in a whole note. 40320 is 16 times 2520, the least common multiple of 1 to 9, so that in
every unit down to 1/64 all lengths, tuplets and sixteenths of broken rhythm are whole numbers."""

NO_TUPLET: Final = (1, 1, 0)
_ENDLESS: Final = 2**62
"""In ticks: more than any text can fill."""
_LENGTH: Final = re.compile(r"(\d{0,3})(/{0,5})(\d{0,3})")


class Time(NamedTuple):
    """How much of a bar is used. Immutable.

    Attributes:
        meter: the current meter.
        unit: ticks in a unit note length; 0 if there was no ``L:``.
        bar: ticks in a bar; in free meter those of common time.
        gone: ticks of the bar used by the events before the last one.
        length: the written length of the last event; None if this bar has no event.
        share: the factor of broken rhythm on the last event, in sixteenths.
        broken: the broken rhythm marks after the last event.
        following: the factor that they put on the next event, in sixteenths.
        tuplet: notes, times, and the number of events still missing in the open tuplet.
        in_tuplet: notes and times of the last event's tuplet.
        rest: ``z``, ``x``, ``Z`` or ``X`` if the last event is a rest, else empty.
        member: the length of the first note, if the last event is a chord.
        paired: written ticks of the event before, if broken rhythm joins it to the last event.
    """

    meter: Meter = FREE
    unit: int = 0
    bar: int = WHOLE
    gone: int = 0
    length: str | None = None
    share: int = SIXTEENTHS
    broken: str = ""
    following: int = SIXTEENTHS
    tuplet: tuple[int, int, int] = NO_TUPLET
    in_tuplet: tuple[int, int] = (1, 1)
    rest: str = ""
    member: str = ""
    paired: int = 0

    @property
    def free(self) -> bool:
        """Whether the meter is free: bars may have any length."""
        return not self.meter.beats

    @property
    def begun(self) -> bool:
        """Whether the bar has an event."""
        return self.length is not None or self.gone > 0

    @property
    def used(self) -> int:
        """Ticks of the bar that its events take, the last one as written so far."""
        return self.whole_bars()[1]

    @property
    def left(self) -> int:
        """Ticks left in the bar; below 0 if it is too long."""
        return self.bar - self.used

    @property
    def pending(self) -> bool:
        """Whether a tuplet or broken rhythm still needs an event."""
        return self.tuplet[2] > 0 or self.following != SIXTEENTHS

    @property
    def last(self) -> int:
        """Ticks of the last event, as written so far; 0 without one."""
        if self.length is None:
            return 0
        if not (self.length or self.member or self.rest) and self.in_tuplet == (1, 1):
            return self.unit * self.share // SIXTEENTHS
        notes, times = self.in_tuplet
        return self.written * self.share * times // (SIXTEENTHS * notes)

    @property
    def written(self) -> int:
        """Written ticks of the last event, before broken rhythm and tuplets."""
        if self.length is None:
            return 0
        above, below = _length(self.length)
        if self.member:
            more_above, more_below = _length(self.member)
            above, below = above * more_above, below * more_below
        return (self.bar if self.counts_bars else self.unit) * above // below

    @property
    def counts_bars(self) -> bool:
        """Whether the last event is a rest of whole bars, ``Z4``."""
        return self.rest in {"Z", "X"}

    @property
    def plain(self) -> int:
        """Written ticks of the last event, if it is a note or chord outside tuplets, else 0."""
        return 0 if self.rest or self.in_tuplet != (1, 1) else self.written

    def whole_bars(self) -> tuple[int, int]:
        """In free meter, the number of whole bars within this one; and the ticks after them."""
        time = self.gone + self.last
        if self.meter.beats:
            return 0, time
        more = max(0, time - 1) // self.bar
        return more, time - more * self.bar

    def with_event(self, rest: str = "") -> "tuple[Time, int]":
        """Start an event.

        Returns:
            The time, and in free meter the number of whole bars completed before the event.
        """
        notes, times, missing = self.tuplet
        gone = self.gone + self.last
        more = gone // self.bar if self.free else 0
        begun = self._replace(
            gone=gone - more * self.bar,
            length="",
            share=self.following,
            broken="",
            following=SIXTEENTHS,
            tuplet=(notes, times, missing - 1) if missing > 1 else NO_TUPLET,
            in_tuplet=(notes, times),
            rest=rest,
            member="",
            paired=self.plain if self.broken else 0,
        )
        return begun, more

    def lengthened(self, character: str) -> "Time":
        """Return the time after one more character of the last event's length."""
        if self.length is None or self.broken:
            return self
        return self._replace(length=self.length + character)

    def broken_by(self, mark: str) -> "Time":
        """Return the time after one more broken rhythm mark, if one may follow here.

        In ``C<D>E`` both marks lengthen D: its factor is 3/2 + 3/2 - 1 = 2.
        """
        marks = self.broken + mark
        if self.length is None or marks not in BROKEN_SIXTEENTHS:
            return self
        # In ``>>`` the second mark replaces the effect of the first.
        own = BROKEN_SIXTEENTHS[self.broken][0] if self.broken else SIXTEENTHS
        first, second = BROKEN_SIXTEENTHS[marks]
        return self._replace(share=max(0, self.share - own + first), broken=marks, following=second)

    def with_tuplet(self, text: str) -> "Time":
        """Open a tuplet ``p``, ``p:q`` or ``p:q:r`` (ABC 2.1 section 4.13).

        ``3`` is three notes in the time of two, ``3:2:4`` the same ratio for the next four events.
        """
        numbers = [int(part[:2]) if part else 0 for part in text.split(":")] + [0, 0]
        notes = numbers[0]
        if not notes:
            return self
        times = numbers[1] or tuplet_times(notes, compound=self.meter.compound)
        return self._replace(tuplet=(notes, times, numbers[2] or notes))

    def restarted(self) -> "Time":
        """Return the time at the start of the next bar, or of the same bar with an overlay."""
        return self._replace(
            gone=0,
            length=None,
            broken="",
            following=SIXTEENTHS,
            tuplet=NO_TUPLET,
            in_tuplet=(1, 1),
        )

    def counting_on(self) -> "Time":
        """Return the time so that any bar in free meter counts as one, however long."""
        return self._replace(bar=_ENDLESS) if self.free else self

    def with_meter(self, value: str) -> "Time":
        """Apply ``M:`` from here on."""
        meter = parse_meter(value) or FREE
        return self._replace(meter=meter, bar=ticks_of(meter.bar or Fraction(1)))

    def with_unit(self, value: str) -> "Time":
        """``L:`` takes effect from here, if it names a length; the last event keeps its own."""
        unit = parse_unit(value)
        if unit is None:
            return self
        return self._replace(unit=ticks_of(unit), gone=self.gone + self.last, length=None)


def ticks_of(length: Fraction) -> int:
    """Convert a length in whole notes to ticks, rounded down."""
    return int(length * WHOLE)


@lru_cache(maxsize=1024)
def _length(text: str) -> tuple[int, int]:
    """Parse a length as a fraction of the unit note length; ``(0, 1)`` if it is not one."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        return 0, 1
    above, slashes, below = match.groups()
    divisor = (int(below) if below else 2 ** len(slashes)) if slashes else 1
    return int(above) if above else 1, max(1, divisor)
