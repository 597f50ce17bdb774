"""The rule for several voices: their bars have equal lengths and their repeats coincide."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

from abclm.notation.check.rules.base import problem_at
from abclm.notation.check.rules.lengths import in_meter
from abclm.notation.check.rules.pickups import pickups
from abclm.notation.syntax.problem import Problem
from abclm.notation.tune.bars import Bar, Boundary
from abclm.notation.tune.music import Tune, Voice
from abclm.notation.tune.structure import explicit_repeats

__all__ = ["alignment"]


_RULE = "voices-align"
_USUAL = 4
"""Sections have four bars, eight or sixteen."""
Value = TypeVar("Value", bound=Hashable)


class _Signs(NamedTuple):
    """The repeat signs after a measure."""

    closes: bool = False
    opens: bool = False
    ending: tuple[int, ...] = ()

    def ends(self) -> Hashable:
        """What ends a repeat or starts an ending."""
        return self.closes, self.ending

    def all_of(self) -> Hashable:
        """All of them."""
        return self

    def __str__(self) -> str:
        names = [":|"] * self.closes + ["|:"] * self.opens
        names += ["[" + ",".join(map(str, self.ending))] * bool(self.ending)
        return " and ".join(names) or "no repeat sign"


_PLAIN = _Signs()


class _Measure(NamedTuple):
    """One measure of a voice: the bar it is written in, its duration, and the signs after it."""

    bar: Bar
    duration: Fraction
    signs: _Signs


class _Row(NamedTuple):
    """A voice, its measures, and the number of its irregular sections."""

    voice: Voice
    measures: list[_Measure]
    irregular: int


def alignment(
    voices: Sequence[Voice],
    bars: Sequence[Sequence[Bar]],
    faulty: Sequence[bool],
) -> Iterator[Problem]:
    """Yield the first place where each voice departs from the others.

    All voices must have the same number of measures, of the same lengths, with the same repeats.
    The majority is right; of two voices the one with regular sections is, else the first. A voice
    gets one problem at most, since everything after its first difference is out of step too.

    Args:
        voices: the voices of a tune, in order.
        bars: the bars of each voice.
        faulty: whether each voice has a fault of its own; such a voice is not compared.
    """
    rows = [
        _Row(voice, list(_measures(written)), _irregular(voice.tune, written))
        for voice, written, fault in zip(voices, bars, faulty, strict=True)
        if not fault
    ]
    if len(rows) < 2:
        return
    by_trust = sorted(rows, key=lambda row: row.irregular)
    count = _common(len(row.measures) for row in by_trust)
    alike = [row for row in by_trust if len(row.measures) == count]
    for row in rows:
        if row not in alike:
            yield _counted(row, alike[0])
        elif difference := _length_difference(row, alike) or _sign_difference(row, alike):
            yield difference


def _measures(written: Sequence[Bar]) -> Iterator[_Measure]:
    for bar, explicit in zip(written, explicit_repeats(written), strict=True):
        count = bar.measures
        for number in range(1, count + 1):
            signs = _signs(explicit.after) if number == count else _PLAIN
            yield _Measure(bar, bar.duration / count, signs)


def _irregular(tune: Tune, written: Sequence[Bar]) -> int:
    """The number of sections whose bars are not a multiple of four or whose pickups do not fit."""
    found = sum(1 for _ in pickups(tune, written))
    count = 0
    for bar in written:
        count += bar.measures if bar.exact and bar.duration == bar.meter.bar else 0
        if bar.after.ends_section:
            found += count % _USUAL != 0
            count = 0
    return found


def _signs(bound: Boundary) -> _Signs:
    return _Signs(bound.closes, bound.opens, bound.ending)


def _counted(row: _Row, other: _Row) -> Problem:
    """The problem of a voice with more or fewer measures than another, at the line that differs.

    Where the voices have different numbers of lines, the problem is at the last bar.
    """
    message = (
        f"voice {row.voice.id} has {_bars(len(row.measures))}, "
        f"voice {other.voice.id} has {len(other.measures)}"
    )
    own_lines, other_lines = _by_line(row), _by_line(other)
    if len(own_lines) == len(other_lines):
        for own, theirs in zip(own_lines, other_lines, strict=True):
            if len(own) != len(theirs):
                message += f": {len(own)} in this line, {len(theirs)} there"
                return problem_at(own[-1].bar.events[0].token, _RULE, message)
    return problem_at(row.measures[-1].bar.events[-1].token, _RULE, message)


def _by_line(row: _Row) -> list[list[_Measure]]:
    """The measures of a voice, grouped by the line of text in which they begin."""
    lines: dict[int, list[_Measure]] = {}
    for measure in row.measures:
        lines.setdefault(measure.bar.events[0].token.line, []).append(measure)
    return list(lines.values())


def _length_difference(row: _Row, alike: Sequence[_Row]) -> Problem | None:
    """The first measure of a voice whose length differs from that in the other voices."""
    for place, measure in enumerate(row.measures):
        durations = [other.measures[place].duration for other in alike]
        duration = _common(durations)
        if measure.duration != duration:
            other = alike[durations.index(duration)]
            message = (
                f"bar {place + 1} lasts {in_meter(measure.duration, measure.bar)} in voice "
                f"{row.voice.id} but {in_meter(duration, measure.bar)} in voice {other.voice.id}"
            )
            return problem_at(measure.bar.events[0].token, _RULE, message)
    return None


def _sign_difference(row: _Row, alike: Sequence[_Row]) -> Problem | None:
    """The first measure after which a voice has other repeat signs than the others.

    Ends are compared before starts: a wrong end implies a wrong start before it, which would be
    reported instead.
    """
    for parts in (_Signs.ends, _Signs.all_of):
        for place, measure in enumerate(row.measures):
            others = [other.measures[place].signs for other in alike]
            signs = _common(map(parts, others))
            if parts(measure.signs) == signs:
                continue
            at = next(number for number, one in enumerate(others) if parts(one) == signs)
            token = (measure.bar.after.tokens or (measure.bar.events[-1].token,))[0]
            message = (
                f"after bar {place + 1} voice {row.voice.id} has {measure.signs}, "
                f"voice {alike[at].voice.id} has {others[at]}"
            )
            return problem_at(token, _RULE, message)
    return None


def _common(values: Iterable[Value]) -> Value:
    """The most common value; of equally common ones the first."""
    return Counter(values).most_common(1)[0][0]


def _bars(count: int) -> str:
    return "1 bar" if count == 1 else f"{count} bars"
