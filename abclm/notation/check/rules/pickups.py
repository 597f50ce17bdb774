"""Rules for sections: a pickup and the short last bar of its section make one measure.

Real tunes often keep to this in one section and not in the next, so only ``--strict`` requires it
everywhere. Where the tune itself shows that a note is missing, it is always required.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from abclm.notation.check.rules.base import problem_at
from abclm.notation.check.rules.lengths import in_meter
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.problem import Problem
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import Tune

__all__ = ["evident_pickups", "pickups"]


class _Section(NamedTuple):
    """The first and last bars of a section, not both of which are full.

    Attributes:
        first, last: the two bars.
        full: the length of a full bar, in whole notes.
        pickup: the length of the pickup; 0 without one.
        whole: the length of the pickup and the last bar together.
    """

    first: Bar
    last: Bar
    full: Fraction
    pickup: Fraction
    whole: Fraction

    @property
    def complete(self) -> bool:
        """Whether the pickup and the last bar make whole measures."""
        return not self.whole % self.full or self.last.meter.fits(self.whole)

    @property
    def lacks_note(self) -> bool:
        """Whether its first bar is too long for a pickup, and its last bar is already full."""
        if not self.pickup or self.last.duration != self.full:
            return False
        missing = self.full - self.pickup
        return missing < self.pickup and missing % _beat(self.first.meter) != 0

    @property
    def problem(self) -> Problem:
        """The problem of a section that is not complete."""
        pickup, last = in_meter(self.pickup, self.last), in_meter(self.last.duration, self.last)
        rest = f"together they should make {self.last.meter}"
        if self.lacks_note:
            message = f"first bar lasts {pickup} and the last bar of its section {last}: {rest}"
            return problem_at(self.first.events[0].token, "pickup", message)
        message = f"last bar lasts {last} and the pickup {pickup}: {rest}"
        return problem_at(self.last.events[0].token, "pickup", message)


def pickups(_tune: Tune, bars: Sequence[Bar]) -> Iterator[Problem]:
    """A pickup and the short last bar of its section make one bar; checked under ``--strict``."""
    for section in _sections(bars):
        if section.last.duration <= section.full and not section.complete:
            yield section.problem


def evident_pickups(_tune: Tune, bars: Sequence[Bar]) -> Iterator[Problem]:
    """Yield only the pickup problems that are certain, because part of a beat is missing.

    Either another section with the same pickup has a last bar that completes it, or the bar that
    lacks a note is the first of its section and too long to be a pickup.
    """
    sections = [*_sections(bars)]
    uneven = [section for section in sections if not section.complete]
    if not uneven:
        return
    shown = {section.pickup for section in sections if section.pickup and section.complete}
    for section in uneven:
        missing = section.full - section.whole
        is_short = missing > 0 and missing % _beat(section.last.meter) != 0
        if section.lacks_note or (is_short and section.pickup in shown):
            yield section.problem


def _sections(bars: Sequence[Bar]) -> Iterator[_Section]:
    """The sections not starting and ending with full bars; a first ending does not end one."""
    first: Bar | None = None
    begins = bool(bars) and bars[0].before.ends_section and not bars[0].before.ending
    for bar in bars:
        first = bar if begins else first
        after = bar.after
        begins = after.ends_section and not after.ending
        if not begins or first is None or bar is first:
            continue
        full, full_first = bar.meter.bar, first.meter.bar
        if full is None or full_first is None:
            continue
        if first.duration < full_first:
            whole = bar.duration + first.duration
            yield _Section(first, bar, full, first.duration, whole)
        elif bar.duration != full:
            yield _Section(first, bar, full, Fraction(0), bar.duration)


def _beat(meter: Meter) -> Fraction:
    """The length of a beat; in 4/4, whose beat groups are half notes, a quarter note."""
    return meter.group if meter.compound else min(meter.group, Fraction(1, meter.beat_unit))
