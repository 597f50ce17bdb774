"""All problems of a text, in the order of their places, and one for each fault."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from abclm.notation.bars import Bar, bars
from abclm.notation.lexer import Token
from abclm.notation.parser import Parsed, parse_tune
from abclm.notation.problem import Problem
from abclm.notation.rules import RULES, STRICT_RULES
from abclm.notation.tunebook import each_tune

__all__ = ["problems_of", "validate"]


def validate(text: str, *, strict: bool = False) -> list[Problem]:
    """Every problem of every tune in ``text``; never raises, whatever the text.

    A text without any tune has the problem ``no-tune``.

    Args:
        text: a tunebook.
        strict: whether a pickup and the last bar of its section must make one bar.
    """
    found: list[Problem] = []
    count = 0
    # Tune by tune, each let go of at once: a whole book of tokens keeps the collector busy.
    for count, tokens in enumerate(each_tune(text), 1):  # noqa: B007 - counts them
        found += problems_of(parse_tune(tokens), strict=strict)
    if not count:
        return [Problem(1, 1, "no-tune", "no tune found: a tune starts with a line such as X:1")]
    return found


def problems_of(parsed: Parsed, *, strict: bool = False) -> list[Problem]:
    """What is wrong with one tune: its grammar and the rules, sorted by place."""
    written = bars(parsed.tune)
    found: list[Problem] = []
    for rule in (*RULES, *STRICT_RULES) if strict else RULES:
        found.extend(rule(parsed.tune, written))
    return sorted([*parsed.problems, *_not_consequences(found, parsed.problems, written)])


def _not_consequences(
    found: Iterable[Problem], grammar: Sequence[Problem], written: Sequence[Bar]
) -> list[Problem]:
    """Without the bars whose length is wrong because of a fault of grammar inside them."""
    if not grammar:
        return list(found)
    starts = sorted(_place(bar.sounds[0].token) for bar in written)
    if not starts:
        return list(found)
    # The bar in which a fault lies starts at or before it; one before all belongs to the first.
    faulty = {
        starts[max(0, bisect_right(starts, (problem.line, problem.column)) - 1)]
        for problem in grammar
    }
    return [
        problem
        for problem in found
        if problem.rule != "bar-length" or (problem.line, problem.column) not in faulty
    ]


def _place(token: Token) -> tuple[int, int]:
    return token.line, token.column
