"""The rule of several voices: bar by bar they last as long, and repeat where the others do."""

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
    """The signs behind a measure."""

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
    """One measure of a voice: the bar it is written in, how long it lasts, what ends it."""

    bar: Bar
    duration: Fraction
    signs: _Signs


class _Row(NamedTuple):
    """A voice, its measures, and how many of its sections are not as sections usually are."""

    voice: Voice
    measures: list[_Measure]
    irregular: int


def alignment(
    voices: Sequence[Voice],
    bars: Sequence[Sequence[Bar]],
    faulty: Sequence[bool],
) -> Iterator[Problem]:
    """Each voice has as many measures as the others, as long, and repeats where they do.

    What most voices have is right; of two, what the one has whose sections are regular, and else
    the first. A voice gets one problem at most: where it first goes another way, all that follows
    is out of step too.

    Args:
        voices: of a tune, in order.
        bars: of each.
        faulty: whether a voice has a fault of its own, which explains the rest: it is left out.
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
    """How many sections have no whole fours of bars, or pickups that are not made up for."""
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
    """That the voice has more or fewer measures than another; in which line, where lines tell."""
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
    """The measures of a voice by the lines of the text in which they begin."""
    lines: dict[int, list[_Measure]] = {}
    for measure in row.measures:
        lines.setdefault(measure.bar.events[0].token.line, []).append(measure)
    return list(lines.values())


def _length_difference(row: _Row, alike: Sequence[_Row]) -> Problem | None:
    """Where the voice first has a measure of another length than the others."""
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
    """Where the voice first has another repeat than the others.

    Ends count before starts: an end that does not belong there has a start before it by itself.
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
    """The value that most have; the first of those where several are as common."""
    return Counter(values).most_common(1)[0][0]


def _bars(count: int) -> str:
    return "1 bar" if count == 1 else f"{count} bars"
