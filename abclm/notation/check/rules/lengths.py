"""The rule for bar lengths: none too long, none too short inside a section."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from abclm.notation.check.rules.base import problem_at
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.problem import Problem
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import Tune

__all__ = ["bar_lengths", "in_meter"]

_FEW = 2
"""Wrong bars that may be slips; with more, the meter is taken to be wrong."""


def bar_lengths(_tune: Tune, bars: Sequence[Bar]) -> Iterator[Problem]:
    """No bar may be longer than its meter, and only a bar at a section boundary shorter.

    Where all bars under a meter are wrong by the same amount, the meter is: that is one problem.
    """
    found = list(_wrong_bars(bars))
    wrong_meters = {
        bar.meter for bar, _ in found if len(found) > _FEW and _is_wrong(bar.meter, bars, found)
    }
    said: set[Meter] = set()
    for bar, problem in found:
        if bar.meter not in wrong_meters:
            yield problem
        elif bar.meter not in said:
            said.add(bar.meter)
            message = f"from here on bars last {in_meter(bar.duration, bar)}, meter is {bar.meter}"
            yield replace(problem, message=message)


def _wrong_bars(bars: Sequence[Bar]) -> Iterator[tuple[Bar, Problem]]:
    skip = False
    for index, bar in enumerate(bars):
        full = bar.meter.bar
        if skip or full is None or bar.duration is full or bar.exact or _holds_a_sign(bar, full):
            skip = False
            continue
        following = bars[index + 1] if index + 1 < len(bars) else None
        skip = following is not None and _are_one(bar, following, full)
        what = _message(bar, full, split=skip)
        yield bar, problem_at(bar.events[0].token, "bar-length", what)


def _is_wrong(meter: Meter, bars: Sequence[Bar], found: Sequence[tuple[Bar, Problem]]) -> bool:
    """Whether several bars under a meter are wrong by the same amount, and none is right."""
    wrong = [bar.duration for bar, _ in found if bar.meter == meter]
    full = [bar for bar in bars if bar.meter == meter and bar.duration == meter.bar]
    return len(wrong) > _FEW and len({*wrong}) == 1 and not full


def in_meter(duration: Fraction, bar: Bar) -> str:
    """A duration as a fraction over the meter's beat unit if it is whole beats, else reduced."""
    beats = duration * bar.meter.beat_unit
    return f"{beats}/{bar.meter.beat_unit}" if beats.denominator == 1 else str(duration)


def _are_one(bar: Bar, following: Bar, full: Fraction) -> bool:
    """Whether a superfluous bar line has split one bar into these two."""
    return bar.after.plain and bar.duration + following.duration == full


def _holds_a_sign(bar: Bar, full: Fraction) -> bool:
    """Whether only an invisible rest that carries a sign makes the bar too long: ``d4 Hx||``."""
    last = bar.events[-1]
    return last.rest == "x" and bool(last.decorations) and bar.duration - last.duration == full


def _message(bar: Bar, full: Fraction, *, split: bool) -> str:
    difference = bar.duration - full
    verdict = "too long" if difference > 0 else "too short"
    hint = ""
    if split:
        hint = "; with the next it makes one bar: remove the bar line between them"
    elif bar.duration == 2 * full:
        hint = "; it makes two bars: a bar line is missing"
    return (
        f"bar lasts {in_meter(bar.duration, bar)}, meter is {bar.meter}: "
        f"{abs(difference)} {verdict}{hint}"
    )
