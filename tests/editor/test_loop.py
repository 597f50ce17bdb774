from collections.abc import Sequence

import pytest

from abclm.editor.loop import Answer, Edited, Outcome, edit_until_good
from abclm.notation.syntax.problem import Problem

BAD = Problem(1, 1, "character", "'#' means nothing")


class World:
    """An editor and a user that follow a script."""

    def __init__(self, typed: Sequence[str], answers: Sequence[Answer | None] = ()) -> None:
        self.typed = list(typed)
        self.answers = list(answers)
        self.shown: list[str] = []
        self.lines: list[int | None] = []

    def edit(self, text: str, line: int | None) -> str:
        self.shown.append(text)
        self.lines.append(line)
        return self.typed.pop(0)

    def check(self, text: str) -> list[Problem]:
        return [BAD] if "#" in text else []

    def ask(self, text: str, problems: Sequence[Problem]) -> Answer | None:
        assert list(problems) == [BAD]
        return self.answers.pop(0)

    def run(self, text: str = "G|\n") -> Edited:
        return edit_until_good(text, self.edit, self.check, self.ask)


def test_a_text_that_comes_back_as_it_was_is_unchanged() -> None:
    assert World(["G|\r\n"]).run() == Edited("G|\n", Outcome.UNCHANGED)


def test_what_was_bad_before_and_is_left_alone_is_unchanged() -> None:
    assert World(["G#|"]).run("G#|\n").outcome is Outcome.UNCHANGED


def test_a_good_text_asks_nothing() -> None:
    assert World(["A|\n"]).run() == Edited("A|\n", Outcome.GOOD)


def test_a_bad_text_goes_back_to_the_editor_as_it_was_typed() -> None:
    world = World(["A#|\n", "B#|\n", "B|\n"], [Answer.EDIT, Answer.EDIT])
    assert world.run() == Edited("B|\n", Outcome.GOOD)
    assert world.shown == ["G|\n", "A#|\n", "B#|\n"]
    assert world.lines == [None, 1, 1]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer.KEEP, Outcome.KEPT),
        (Answer.DROP, Outcome.DROPPED),
        (None, Outcome.UNANSWERED),
    ],
)
def test_a_bad_text_can_be_kept_or_dropped(answer: Answer | None, outcome: Outcome) -> None:
    assert World(["A#|\n"], [answer]).run() == Edited("A#|\n", outcome)


def test_going_back_to_the_old_text_changes_nothing() -> None:
    assert World(["A#|\n", "G|\n"], [Answer.EDIT]).run().outcome is Outcome.UNCHANGED
