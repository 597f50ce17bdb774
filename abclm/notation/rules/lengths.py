"""The rule of bars: none too long, none too short (DESIGN section 9, "exact bars")."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from abclm.notation.bars import Bar
from abclm.notation.music import Tune
from abclm.notation.problem import Problem
from abclm.notation.rules.base import problem_at

__all__ = ["bar_lengths", "in_meter"]


def bar_lengths(_tune: Tune, bars: Sequence[Bar]) -> Iterator[Problem]:
    """No bar is longer than its meter; only a bar at a section boundary is shorter."""
    skip = False
    for index, bar in enumerate(bars):
        full = bar.meter.bar
        if skip or bar.exact or full is None or _holds_a_sign(bar, full):
            skip = False
            continue
        following = bars[index + 1] if index + 1 < len(bars) else None
        skip = following is not None and _are_one(bar, following, full)
        yield problem_at(bar.sounds[0].token, "bar-length", _message(bar, full, split=skip))


def in_meter(duration: Fraction, bar: Bar) -> str:
    """A duration over the meter's own beat unit where that comes out even."""
    beats = duration * bar.meter.beat_unit
    return f"{beats}/{bar.meter.beat_unit}" if beats.denominator == 1 else str(duration)


def _are_one(bar: Bar, following: Bar, full: Fraction) -> bool:
    """Whether a bar line too many has made two short bars of one."""
    return bar.after.plain and bar.duration + following.duration == full


def _holds_a_sign(bar: Bar, full: Fraction) -> bool:
    """Whether an invisible rest at its end is too much, there for its sign alone: ``d4 Hx||``."""
    last = bar.sounds[-1]
    return last.rest == "x" and bool(last.decorations) and bar.duration - last.duration == full


def _message(bar: Bar, full: Fraction, *, split: bool) -> str:
    difference = bar.duration - full
    verdict = "too long" if difference > 0 else "too short"
    hint = ""
    if split:
        hint = "; with the next it makes one: take out the bar line between them"
    elif bar.duration == 2 * full:
        hint = "; it makes two: a bar line is missing"
    return (
        f"bar lasts {in_meter(bar.duration, bar)}, meter is {bar.meter}: "
        f"{abs(difference)} {verdict}{hint}"
    )
