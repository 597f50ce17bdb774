"""The rounds of editing: text goes out to an editor and comes back until it is good or given up.

Everything that touches the world is handed in, so that the rounds can be tested with lists.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from abclm.compose.book import lines_of
from abclm.notation.syntax.problem import Problem

__all__ = ["Answer", "Edited", "Outcome", "edit_until_good"]


class Answer(Enum):
    """What the user wants done with a text that has problems."""

    EDIT = "e"
    KEEP = "k"
    DROP = "d"


class Outcome(Enum):
    """How the editing ended."""

    UNCHANGED = auto()  # the text came back as it went out
    GOOD = auto()  # it has no problems
    KEPT = auto()  # it has problems and is wanted all the same
    DROPPED = auto()  # it is not wanted
    UNANSWERED = auto()  # it has problems and nobody is there to be asked


@dataclass(frozen=True, slots=True)
class Edited:
    """The text that came back last, and how the editing ended."""

    text: str
    outcome: Outcome


def edit_until_good(
    text: str,
    edit: Callable[[str], str],
    check: Callable[[str], Sequence[Problem]],
    ask: Callable[[str, Sequence[Problem]], Answer | None],
) -> Edited:
    """Let ``text`` be edited until it is good, or the user wants no more.

    Args:
        text: what there is.
        edit: shows a text in the editor and gives back what was saved.
        check: finds the problems of a text.
        ask: shows the problems of a text and asks what to do; None where nobody can answer.
    """
    typed = text
    while True:
        typed = edit(typed)
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
