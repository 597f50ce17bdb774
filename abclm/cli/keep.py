"""``abclm keep``: a tune from the history, kept in a tunebook."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.terminal import one_line, say

__all__ = ["keep"]

_BOOK = Path("kept.abc")


def keep(
    tune: Annotated[
        int | None,
        typer.Argument(metavar="[ID]", help="A tune's number in the history; else the last."),
    ] = None,
    title: Annotated[
        str | None,
        typer.Argument(
            metavar="[TITLE]", help="The tune's title in the book; at a terminal you are asked."
        ),
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="Tunebook to keep it in.")] = _BOOK,
    no_mark: options.NoMark = False,
) -> None:
    """Keep a tune in a tunebook, under a title and with a note of how it was made."""
    from abclm.api.history import History
    from abclm.errors import InputError

    made = History(say)
    number = made.newest() if tune is None else tune
    if title is None:
        if not sys.stdin.isatty():
            raise InputError(f'give a title, as in: abclm keep {number} "The Kept Reel"')
        title = _ask(made[number].title)
    made.keep(number, title, output, mark=not no_mark)


def _ask(title: str) -> str:
    """Ask for a title; an empty answer takes the one that the tune has."""
    print(f"title ({one_line(title) or 'untitled'})? ", end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.strip() or title
