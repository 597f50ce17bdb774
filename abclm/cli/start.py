"""The screen of ``abclm`` alone: what to type next."""

from typing import Final

import typer

from abclm.cli.table import COMMANDS
from abclm.cli.terminal import one_line, visible

__all__ = ["start"]

_HEADING: Final = "abclm writes folk tunes, checks and renders them. Try:"
_LINES: Final = (
    ("generate", "generate --rhythm reel --key G", "a new tune"),
    ("generate", 'generate "a jig in D" -o jigs.abc', "one for a book"),
    ("play", "play jigs.abc", "hear it"),
    ("render", "render jigs.abc --html jigs.html", "a page that plays"),
    ("sheet", "sheet jigs.abc --pdf jigs.pdf", "print it"),
    ("validate", "validate jigs.abc", "find mistakes"),
    ("edit", "edit jigs.abc", "write your own"),
)
"""A command, what to type, and what for; lines of commands that are not there are left out."""
_AGAIN: Final = (
    ("show", "look at it again"),
    ("tweak {} --key D", "change one thing"),
    ("more {}", "others like it"),
    ("keep {}", "put it in a book"),
)
_WIDTH: Final = 41
"""Columns of what to type; with what for, the lines have at most 60."""
_TITLE: Final = 30


def start() -> None:
    """Print what to type first, or next if there are tunes in the history."""
    typer.echo(f"{_HEADING}\n")
    for command, line, what in _LINES:
        if command in COMMANDS:
            _print_line(line, what)
    last = _last()
    if last is not None:
        number, title = last
        shown = visible(one_line(title))
        shown = shown if len(shown) <= _TITLE else f"{shown[: _TITLE - 3]}..."
        typer.echo(f"\nYour last tune is {number}, {shown}:\n")
        for line, what in _AGAIN:
            _print_line(line.format(number), what)
    typer.echo("\nAll commands: abclm -h   One of them: abclm redo -h")


def _print_line(line: str, what: str) -> None:
    typer.echo(f"  {f'abclm {line}':<{_WIDTH - 1}}{what}")


def _last() -> tuple[int, str] | None:
    """Return number and title of the last tune of the history; None if there is none to read."""
    from abclm.api.history import History
    from abclm.compose.tunebook import title_of
    from abclm.errors import AbclmError

    try:
        last = History().last()
    except AbclmError:
        return None
    return None if last is None else (last.id, title_of(last.entry.text) or "untitled")
