"""All problems of a text, in the order of their places."""

from abclm.notation.bars import bars
from abclm.notation.parser import Parsed, parse_tunebook
from abclm.notation.problem import Problem
from abclm.notation.rules import RULES

__all__ = ["problems_of", "validate"]


def validate(text: str) -> list[Problem]:
    """Every problem of every tune in ``text``; never raises, whatever the text.

    A text without any tune has the problem ``no-tune``.
    """
    tunes = parse_tunebook(text)
    if not tunes:
        return [Problem(1, 1, "no-tune", "no tune found: a tune starts with a line such as X:1")]
    return [problem for parsed in tunes for problem in problems_of(parsed)]


def problems_of(parsed: Parsed) -> list[Problem]:
    """What is wrong with one tune: its grammar first, then the rules, sorted by place."""
    written = bars(parsed.tune)
    found = list(parsed.problems)
    for rule in RULES:
        found.extend(rule(parsed.tune, written))
    return sorted(found)
