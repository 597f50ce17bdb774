"""The time in a bar while a tune is read: whole numbers of ticks, so that nothing is rounded.

An event counts with the shortest reading of what stands there: after ``G`` one unit note length is
gone, after ``G2`` two.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from abclm.notation.syntax.broken import BROKEN, SIXTEENTHS
from abclm.notation.syntax.meter import FREE, Meter, parse_meter, parse_unit, tuplet_times

__all__ = ["NO_TUPLET", "WHOLE", "Time", "ticks_of"]

WHOLE: Final = 64 * 40320
"""Ticks in a whole note. 40320 is 16 times what the numbers from 1 to 9 divide, so that in every
unit down to 1/64 all lengths, tuplets and sixteenths of broken rhythm come out whole."""

NO_TUPLET: Final = (1, 1, 0)
_ENDLESS: Final = 2**62
_LENGTH: Final = re.compile(r"(\d{0,3})(/{0,5})(\d{0,3})")


class Time(NamedTuple):
    """How much of a bar is gone. Immutable: a kept one stays valid.

    Attributes:
        meter: what holds now.
        unit: ticks in a unit note length; 0 where no ``L:`` has said.
        bar: ticks in a bar; in free meter those of common time.
        gone: ticks of the bar that the events before the last one have used.
        length: what is written behind the last event; None if there is none in this bar.
        share: what broken rhythm makes of the last event, in sixteenths.
        broken: the marks of broken rhythm behind the last event.
        following: what they make of the next one, in sixteenths.
        tuplet: notes, times, and how many events are still missing in the open tuplet.
        in_tuplet: notes and times that the last event counts with.
        rest: ``z``, ``x``, ``Z`` or ``X`` if the last event is a rest, else empty.
        member: the length of its first note, if it is a chord.
        paired: ticks that the event before it is written with, if broken rhythm joins the two.
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
        """Whether the meter is free: bars may last as long as they like."""
        return not self.meter.beats

    @property
    def begun(self) -> bool:
        """Whether the bar has an event."""
        return self.length is not None or self.gone > 0

    @property
    def used(self) -> int:
        """Ticks of the bar that its events take, the last one as it stands."""
        return self.whole_bars()[1]

    @property
    def left(self) -> int:
        """Ticks left in the bar; below 0 if it is too long."""
        return self.bar - self.used

    @property
    def pending(self) -> bool:
        """Whether a tuplet or broken rhythm still wants an event."""
        return self.tuplet[2] > 0 or self.following != SIXTEENTHS

    @property
    def last(self) -> int:
        """Ticks of the last event, as far as it is written; 0 without one."""
        notes, times = self.in_tuplet
        return self.written * self.share * times // (SIXTEENTHS * notes)

    @property
    def written(self) -> int:
        """Ticks that the length of the last event says, without broken rhythm and tuplets."""
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
        """Ticks that the last event is written with, if it is a note or chord outside tuplets."""
        return 0 if self.rest or self.in_tuplet != (1, 1) else self.written

    def whole_bars(self) -> tuple[int, int]:
        """Whole bars within this one, where it may last longer, and ticks of what follows them."""
        time = self.gone + self.last
        more = max(0, time - 1) // self.bar if self.free else 0
        return more, time - more * self.bar

    def with_event(self, rest: str = "") -> "tuple[Time, int]":
        """An event begins: the one before is over.

        Returns:
            The time, and how many whole bars are gone by then where no meter ends them.
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
        """A character of the last event's length further on."""
        if self.length is None or self.broken:
            return self
        return self._replace(length=self.length + character)

    def broken_by(self, mark: str) -> "Time":
        """A mark of broken rhythm further on, where one may follow.

        In ``C<D>E`` both marks give to D: it lasts 3/2 of 3/2 less 1 of what is written, 2.
        """
        marks = self.broken + mark
        if self.length is None or marks not in BROKEN:
            return self
        # The second mark of ``>>`` replaces what the first one did.
        own = BROKEN[self.broken][0] if self.broken else SIXTEENTHS
        first, second = BROKEN[marks]
        return self._replace(share=max(0, self.share - own + first), broken=marks, following=second)

    def with_tuplet(self, text: str) -> "Time":
        """A tuplet opens: ``p``, ``p:q`` or ``p:q:r`` (ABC 2.1 section 4.13)."""
        numbers = [int(part[:2]) if part else 0 for part in text.split(":")] + [0, 0]
        notes = numbers[0]
        if not notes:
            return self
        times = numbers[1] or tuplet_times(notes, compound=self.meter.compound)
        return self._replace(tuplet=(notes, times, numbers[2] or notes))

    def restarted(self) -> "Time":
        """The next bar, or this one again with an overlay, begins."""
        return self._replace(
            gone=0,
            length=None,
            broken="",
            following=SIXTEENTHS,
            tuplet=NO_TUPLET,
            in_tuplet=(1, 1),
        )

    def counting_on(self) -> "Time":
        """The same, but that a bar without a meter is one however long it lasts."""
        return self._replace(bar=_ENDLESS) if self.free else self

    def with_meter(self, value: str) -> "Time":
        """``M:`` holds from here."""
        meter = parse_meter(value) or FREE
        return self._replace(meter=meter, bar=ticks_of(meter.bar or Fraction(1)))

    def with_unit(self, value: str) -> "Time":
        """``L:`` holds from here, if it names a length."""
        unit = parse_unit(value)
        return self if unit is None else self._replace(unit=ticks_of(unit))


def ticks_of(length: Fraction) -> int:
    """A length in whole notes as ticks, rounded down."""
    return int(length * WHOLE)


@lru_cache(maxsize=1024)
def _length(text: str) -> tuple[int, int]:
    """A length as a fraction of the unit note length; ``(0, 1)`` for what is none."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        return 0, 1
    above, slashes, below = match.groups()
    divisor = (int(below) if below else 2 ** len(slashes)) if slashes else 1
    return int(above) if above else 1, max(1, divisor)
