"""What all rules share."""

from collections.abc import Callable, Iterator, Sequence

from abclm.notation.bars import Bar
from abclm.notation.lexer import Token
from abclm.notation.music import Tune
from abclm.notation.problem import Problem

__all__ = ["TuneRule", "VoiceRule", "problem_at"]

TuneRule = Callable[[Tune], Iterator[Problem]]
VoiceRule = Callable[[Tune, Sequence[Bar]], Iterator[Problem]]


def problem_at(token: Token, rule: str, message: str) -> Problem:
    """A problem whose place is the first character of ``token``."""
    return Problem(token.line, token.column, rule, message)
