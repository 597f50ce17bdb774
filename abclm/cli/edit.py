"""``abclm edit``: a tune in the user's editor, checked before it goes back into the book."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli.group import ExitCode

if TYPE_CHECKING:
    from abclm.editor.loop import Answer
    from abclm.notation.problem import Problem

__all__ = ["edit"]

_QUESTION = "[e]dit again, [k]eep anyway, [d]rop changes? "


def edit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A tunebook.")],
    tune: Annotated[
        int | None, typer.Option("--tune", help="Reference number (X:) of a tune; else the file.")
    ] = None,
) -> None:
    """Open a tune or a tunebook in your editor, and check it when it is saved.

    The editor is $VISUAL or $EDITOR. What has problems is shown with them and can be edited
    again; what is not written lies beside the file as FILE.rejected.abc.
    """
    from abclm.editor.loop import Outcome
    from abclm.editor.program import find_editor
    from abclm.editor.session import edit_file
    from abclm.errors import InputError

    if str(file) == "-":
        raise InputError("abclm edit wants a file: standard input cannot be edited")
    result = edit_file(file, tune, find_editor(os.environ), _Prompt(file, tune).ask)
    said = {
        Outcome.UNCHANGED: f"unchanged: {file}",
        Outcome.GOOD: f"written: {file}",
        Outcome.KEPT: f"written with its problems: {file}",
        Outcome.DROPPED: f"unchanged: {file}; what you typed is in {result.beside}",
        Outcome.UNANSWERED: f"not written: {file}; what you typed is in {result.beside}",
    }
    print(said[result.outcome], file=sys.stderr)
    if result.outcome in {Outcome.KEPT, Outcome.UNANSWERED}:
        raise typer.Exit(ExitCode.NO)


class _Prompt:
    """Shows problems and asks what to do about them."""

    def __init__(self, file: Path, tune: int | None) -> None:
        self._name = str(file) if tune is None else f"{file} X:{tune}"

    def ask(self, text: str, problems: Sequence["Problem"]) -> "Answer | None":
        """The user's answer, or None where there is no terminal to give it."""
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
