"""The rule of several voices: bar by bar they last as long, and repeat where the others do."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

from abclm.notation.bars import Bar, Boundary
from abclm.notation.music import Voice
from abclm.notation.problem import Problem
from abclm.notation.rules.base import problem_at
from abclm.notation.structure import explicit_repeats

__all__ = ["alignment"]


_RULE = "voices-align"
_PLAIN = (False, False, ())

Value = TypeVar("Value", bound=Hashable)


class _Measure(NamedTuple):
    """One measure of a voice: the bar it is written in, how long it lasts, what ends it."""

    bar: Bar
    duration: Fraction
    signs: tuple[bool, bool, tuple[int, ...]]


class _Row(NamedTuple):
    voice: Voice
    measures: list[_Measure]


def alignment(
    voices: Sequence[Voice], bars: Sequence[Sequence[Bar]], faulty: Sequence[bool]
) -> Iterator[Problem]:
    """Each voice has as many measures as the others, as long, and repeats where they do.

    What most voices have is right, and of two what the first one has. A voice gets one problem at
    most: where it first goes another way, all that follows is out of step too.

    Args:
        voices: of a tune, in order.
        bars: of each.
        faulty: whether a voice has a wrong bar or repeat of its own, which explains the rest.
    """
    rows = [
        _Row(voice, list(_measures(written))) for voice, written in zip(voices, bars, strict=True)
    ]
    count = _common(len(row.measures) for row in rows)
    alike = [row for row in rows if len(row.measures) == count]
    for row, has_fault in zip(rows, faulty, strict=True):
        if not has_fault:
            yield from _counted(row, alike) if row not in alike else _compared(row, alike)


def _measures(written: Sequence[Bar]) -> Iterator[_Measure]:
    for bar, explicit in zip(written, explicit_repeats(written), strict=True):
        count = bar.measures
        for number in range(1, count + 1):
            signs = _signs(explicit.after) if number == count else _PLAIN
            yield _Measure(bar, bar.duration / count, signs)


def _signs(bound: Boundary) -> tuple[bool, bool, tuple[int, ...]]:
    return bound.closes, bound.opens, bound.ending


def _counted(row: _Row, alike: Sequence[_Row]) -> Iterator[Problem]:
    """That the voice has more or fewer measures than the others."""
    other = alike[0]
    message = (
        f"voice {row.voice.id} has {_bars(len(row.measures))}, "
        f"voice {other.voice.id} {len(other.measures)}"
    )
    yield problem_at(row.measures[-1].bar.sounds[-1].token, _RULE, message)


def _compared(row: _Row, alike: Sequence[_Row]) -> Iterator[Problem]:
    """Where the voice first has a measure or a repeat that the others have not."""
    for place, measure in enumerate(row.measures):
        others = [other.measures[place] for other in alike]
        duration = _common(other.duration for other in others)
        if measure.duration != duration:
            other = alike[[one.duration for one in others].index(duration)]
            message = (
                f"bar {place + 1} of voice {row.voice.id} lasts {measure.duration}, "
                f"of voice {other.voice.id} {duration} whole notes"
            )
            yield problem_at(measure.bar.sounds[0].token, _RULE, message)
            return
        signs = _common(other.signs for other in others)
        if measure.signs != signs:
            other = alike[[one.signs for one in others].index(signs)]
            token = (measure.bar.after.tokens or (measure.bar.sounds[-1].token,))[0]
            message = (
                f"behind bar {place + 1} voice {row.voice.id} has {_named(measure.signs)}, "
                f"voice {other.voice.id} {_named(signs)}"
            )
            yield problem_at(token, _RULE, message)
            return


def _common(values: Iterable[Value]) -> Value:
    """The value that most have; the first of those where several are as common."""
    return Counter(values).most_common(1)[0][0]


def _bars(count: int) -> str:
    return "1 bar" if count == 1 else f"{count} bars"


def _named(signs: tuple[bool, bool, tuple[int, ...]]) -> str:
    closes, opens, ending = signs
    names = [":|"] * closes + ["|:"] * opens + ["[" + ",".join(map(str, ending))] * bool(ending)
    return " and ".join(names) or "no repeat sign"
