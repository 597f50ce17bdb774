"""The edit loop: text goes to an editor and comes back until it is good or the user stops.

Everything with side effects is passed in, so that the loop can be tested with lists.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from abclm.compose.book import lines_of
from abclm.notation.syntax.problem import Problem

__all__ = ["Answer", "Edited", "Outcome", "edit_until_good"]


class Answer(Enum):
    """What to do with a text that has problems."""

    EDIT = "e"
    KEEP = "k"
    DROP = "d"


class Outcome(Enum):
    """How the editing ended."""

    UNCHANGED = auto()  # the text came back unchanged
    GOOD = auto()  # it has no problems
    KEPT = auto()  # it has problems, and the user keeps it anyway
    DROPPED = auto()  # the user does not want it
    UNANSWERED = auto()  # it has problems, and there is nobody to ask


@dataclass(frozen=True, slots=True)
class Edited:
    """The last text that came back, and how the editing ended."""

    text: str
    outcome: Outcome


def edit_until_good(
    text: str,
    edit: Callable[[str, int | None], str],
    check: Callable[[str], Sequence[Problem]],
    ask: Callable[[str, Sequence[Problem]], Answer | None],
) -> Edited:
    """Let the user edit ``text`` until it is good or they stop.

    The editor opens at the line of the first problem, if there is one.

    Args:
        text: the current text.
        edit: opens a text in the editor at a line, and returns what was saved.
        check: finds the problems of a text.
        ask: shows the problems of a text and asks what to do; None if nobody can answer.
    """
    typed, problems = text, check(text)
    while True:
        typed = edit(typed, problems[0].line if problems else None)
        if lines_of(typed) == lines_of(text):
            return Edited(text, Outcome.UNCHANGED)
        problems = check(typed)
        if not problems:
            return Edited(typed, Outcome.GOOD)
        answer = ask(typed, problems)
        if answer is Answer.KEEP:
            return Edited(typed, Outcome.KEPT)
        if answer is Answer.DROP:
            return Edited(typed, Outcome.DROPPED)
        if answer is None:
            return Edited(typed, Outcome.UNANSWERED)
