"""``abclm edit``: a tune in the user's editor, checked before it goes back into the book."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import say

if TYPE_CHECKING:
    from abclm.cli.actions import Target
    from abclm.editor.loop import Answer, Outcome
    from abclm.notation.syntax.problem import Problem

__all__ = ["edit"]

_QUESTION = "[e]dit again, [k]eep anyway, [d]rop changes? "


def edit(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A tunebook; a new one if there is none.")
    ],
    tune: Annotated[
        str | None,
        typer.Option("--tune", help="Reference number (X:) or title of a tune; else the file."),
    ] = None,
) -> None:
    """Open a tune or a tunebook in your editor, and check it when it is saved.

    The editor is $VISUAL or $EDITOR, and opens at the first problem; a new file begins as a
    template. If the tune has problems, they are shown and you can edit it again. If you drop your
    changes, they are saved beside the file as FILE.rejected.abc; if you keep the problems, the old
    version stays as FILE.bak. At a terminal you can then render it.
    """
    from abclm.cli.actions import Target
    from abclm.cli.input import read_input
    from abclm.compose.tune_choice import number_of
    from abclm.editor.loop import Outcome
    from abclm.editor.program import find_editor
    from abclm.errors import InputError

    if str(file) == "-":
        raise InputError("abclm edit needs a file: standard input cannot be edited")
    editor = find_editor(os.environ)
    if not os.path.lexists(file):
        if tune is not None:
            raise InputError(f"{file}: cannot be read: no such file or directory")
        if not file.is_symlink():
            say(f"new file: {file}")
    target = Target(file, None if tune is None else number_of(read_input(file), tune))
    outcome = _edit_once(target, editor)
    not_written = {Outcome.DROPPED, Outcome.UNANSWERED}
    while outcome not in not_written and sys.stdin.isatty() and _asks_for_more(target):
        outcome = _edit_once(target, editor)
    if outcome in {Outcome.KEPT, Outcome.UNANSWERED}:
        raise typer.Exit(ExitCode.NO)


def _edit_once(target: "Target", editor: list[str]) -> "Outcome":
    from abclm.editor.loop import Outcome
    from abclm.editor.session import edit_file

    file = target.file
    ask = _Prompt(file, target.number).ask
    result = edit_file(file, target.number, editor, ask, say)
    typed = (
        "nothing was typed" if result.beside is None else f"what you typed is in {result.beside}"
    )
    messages = {
        Outcome.UNCHANGED: f"unchanged: {file}",
        Outcome.GOOD: f"written: {file}",
        Outcome.KEPT: f"written with its problems: {file}; the old version is in {result.beside}",
        Outcome.DROPPED: f"unchanged: {file}; {typed}",
        Outcome.UNANSWERED: f"not written: {file}; {typed}",
    }
    say(messages[result.outcome])
    return result.outcome


def _asks_for_more(target: "Target") -> bool:
    """Do what the user asks for; return true to edit again, false to stop."""
    from abclm.cli.actions import ACTIONS
    from abclm.errors import AbclmError

    actions = {action.key: action for action in ACTIONS}
    labels = ["[e]dit", *(action.label for action in ACTIONS), "[q]uit"]
    while True:
        print(", ".join(labels) + "? ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        answer = line.strip().lower()[:1]
        if not line or answer in {"", "q"}:
            return False
        if answer == "e":
            return True
        if answer in actions:
            try:
                message = actions[answer].run(target)
                print(message, end="\n" if message else "", file=sys.stderr)
            except AbclmError as error:
                say(f"abclm: {error}")


class _Prompt:
    """Shows problems and asks what to do about them."""

    def __init__(self, file: Path, tune: int | None) -> None:
        self._name = str(file) if tune is None else f"{file} X:{tune}"

    def ask(self, text: str, problems: Sequence["Problem"]) -> "Answer | None":
        """Return the user's answer, or None without a terminal."""
        from abclm.cli.validate import show_problems
        from abclm.editor.loop import Answer

        show_problems(text, list(problems), self._name, to_stderr=True)
        if not sys.stdin.isatty():
            return None
        while True:
            print(_QUESTION, end="", file=sys.stderr, flush=True)
            line = sys.stdin.readline()
            if not line:
                return None
            for answer in Answer:
                if line.strip().lower()[:1] == answer.value:
                    return answer
