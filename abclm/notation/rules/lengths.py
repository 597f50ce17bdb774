"""Rules of bars: none too long, none too short (DESIGN section 7, "exact bars")."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from abclm.notation.bars import Bar
from abclm.notation.music import Tune
from abclm.notation.problem import Problem
from abclm.notation.rules.base import problem_at

__all__ = ["bar_lengths", "pickups"]


def bar_lengths(_tune: Tune, bars: Sequence[Bar]) -> Iterator[Problem]:
    """No bar is longer than its meter; only a bar at a section boundary is shorter."""
    skip = False
    for index, bar in enumerate(bars):
        full = bar.meter.bar
        if skip or bar.exact or full is None:
            skip = False
            continue
        following = bars[index + 1] if index + 1 < len(bars) else None
        skip = following is not None and _are_one(bar, following, full)
        yield problem_at(bar.sounds[0].token, "bar-length", _message(bar, full, split=skip))


def pickups(_tune: Tune, bars: Sequence[Bar]) -> Iterator[Problem]:
    """A pickup and the short last bar of its section make one bar; only ``--strict`` asks."""
    start: Bar | None = None
    for bar in bars:
        full = bar.meter.bar
        if full is None:
            continue
        if bar.before.ends_section and not bar.before.ending:
            start = bar
        ends = bar.after.ends_section and not bar.after.ending
        if not ends or start is None or bar is start:
            continue
        pickup = start.duration if start.duration < (start.meter.bar or full) else Fraction(0)
        whole = bar.duration + pickup
        if bar.duration <= full and whole % full and not bar.meter.fits(whole):
            message = (
                f"last bar lasts {_in_meter(bar.duration, bar)} and the pickup "
                f"{_in_meter(pickup, bar)}: together they should make {bar.meter}"
            )
            yield problem_at(bar.sounds[0].token, "pickup", message)


def _are_one(bar: Bar, following: Bar, full: Fraction) -> bool:
    """Whether a bar line too many has made two short bars of one."""
    return bar.after.plain and bar.duration + following.duration == full


def _message(bar: Bar, full: Fraction, *, split: bool) -> str:
    difference = bar.duration - full
    verdict = "too long" if difference > 0 else "too short"
    hint = ""
    if split:
        hint = "; with the next it makes one: take out the bar line between them"
    elif bar.duration == 2 * full:
        hint = "; it makes two: a bar line is missing"
    return (
        f"bar lasts {_in_meter(bar.duration, bar)}, meter is {bar.meter}: "
        f"{abs(difference)} {verdict}{hint}"
    )


def _in_meter(duration: Fraction, bar: Bar) -> str:
    """A duration over the meter's own beat unit where that comes out even."""
    beats = duration * bar.meter.beat_unit
    return f"{beats}/{bar.meter.beat_unit}" if beats.denominator == 1 else str(duration)
