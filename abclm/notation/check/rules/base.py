"""What all rules share."""

from collections.abc import Callable, Iterator, Sequence

from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import Tune

__all__ = ["TuneRule", "VoiceRule", "problem_at"]

TuneRule = Callable[[Tune], Iterator[Problem]]
VoiceRule = Callable[[Tune, Sequence[Bar]], Iterator[Problem]]


def problem_at(token: Token, rule: str, message: str) -> Problem:
    """Return a problem positioned at the first character of ``token``."""
    return Problem(token.line, token.column, rule, message)
