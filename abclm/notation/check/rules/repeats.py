"""Rules for repeats and endings: a repeat that opens closes, and a first ending has a second."""

from collections.abc import Iterator, Sequence

from abclm.notation.check.rules.base import problem_at
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.bars import Bar, Boundary
from abclm.notation.tune.music import Tune

__all__ = ["endings", "repeats"]


def repeats(_tune: Tune, bars: Sequence[Bar], *, unfinished: bool = False) -> Iterator[Problem]:
    """A repeat that opens must close before the next one opens or the tune ends.

    Args:
        bars: the bars of a voice.
        unfinished: whether the tune is unfinished, so that an open repeat may still close.
    """
    opened: Boundary | None = None
    for bound in _bounds(bars):
        if bound.closes:
            opened = None
        if not bound.opens:
            continue
        if opened is not None:
            yield _unclosed(opened, bound.tokens[0])
        opened = bound
    if opened is not None and not unfinished:
        last = bars[-1].after.tokens or (bars[-1].events[-1].token,)
        yield _unclosed(opened, last[0])


def endings(_tune: Tune, bars: Sequence[Bar], *, unfinished: bool = False) -> Iterator[Problem]:
    """A first ending must have a second, and a second ending a first.

    ``|1,3`` and ``|2,4`` are a first and a second ending, each played twice. In ``|1 A:|1 B:|`` the
    first ``1`` has no second ending; in ``|2 A||`` the ``2`` has no first.

    Args:
        bars: the bars of a voice.
        unfinished: whether the tune is unfinished, so that a second ending may still follow.
    """
    first: Token | None = None
    for bar in bars:
        times = bar.before.ending
        if not times:
            continue
        mark = bar.before.tokens[-1]
        if 1 in times:
            if first is not None:
                yield _lonely(first)
        elif times[0] == 2 and first is None:
            yield problem_at(mark, "ending", "second ending without a first: add |1 before it")
        first = mark if 1 in times and 2 not in times else None
    if bars and not unfinished:
        yield from _at_end(bars[-1], first)


def _at_end(last: Bar, first: Token | None) -> Iterator[Problem]:
    """Problems of endings at the end of the tune, after the mark ``first`` of a first ending."""
    if last.after.ending:
        yield problem_at(last.after.tokens[-1], "ending", "this ending has no notes: remove it")
    elif first is not None:
        yield _lonely(first)


def _bounds(bars: Sequence[Bar]) -> list[Boundary]:
    return [bar.before for bar in bars[:1]] + [bar.after for bar in bars]


def _unclosed(opened: Boundary, here: Token) -> Problem:
    """The problem of an open repeat: at its sign if that is misplaced, else where ``:|`` is due."""
    sign = opened.tokens[-1]
    if not _starts_section(opened):
        return problem_at(sign, "repeat", "this repeat opens inside a section and never closes")
    place = f"line {sign.line}, column {sign.column}"
    return problem_at(here, "repeat", f"the repeat opened at {place} is never closed: add :|")


def _starts_section(opened: Boundary) -> bool:
    """Whether a section starts here even without the sign: an edge, a double bar, a new line."""
    starts_line = any(token.column == 1 for token in opened.tokens)
    return opened.edge or opened.closes or opened.style != "|" or starts_line


def _lonely(token: Token) -> Problem:
    return problem_at(token, "ending", "first ending without a second: add :|2 after it")
