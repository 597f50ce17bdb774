"""``abclm history``: the tunes made so far, each below the one it was made from."""

from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.terminal import one_line, say, tell
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.ledger.row import LoggedTune

__all__ = ["history"]

_DEEPEST = 40
"""The deepest indent, in levels."""


def history(
    tune: Annotated[
        int | None, typer.Argument(metavar="[ID]", help="Show this tune and all made from it.")
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", help="Number of most recent tunes.")] = 20,
    search: Annotated[
        str | None,
        typer.Option("--search", help="Only tunes with these words in header, title or command."),
    ] = None,
    starred: Annotated[bool, typer.Option("--starred", help="Only tunes with a star.")] = False,
    star: Annotated[
        list[int] | None,
        typer.Option("--star", metavar="ID", help="Mark a tune with a star; may be repeated."),
    ] = None,
    unstar: Annotated[
        list[int] | None,
        typer.Option("--unstar", metavar="ID", help="Take its star away; may be repeated."),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """List the tunes made so far, each below the one it was made from; mark the best with stars."""
    from abclm.api.history import History
    from abclm.errors import InputError

    if tune is not None and (search is not None or starred):
        raise InputError("give an ID, or --search and --starred, not both")
    made = History(say)
    for number, starring in (*((n, True) for n in star or ()), *((n, False) for n in unstar or ())):
        made.star(number, starred=starring)
        say(f"tune {number} has {'a' if starring else 'no'} star now")
    if (star or unstar) and not (as_json or starred or search is not None or tune is not None):
        return

    def leave_out(reason: str) -> None:
        say(f"left out: {reason}")

    if search is None and not starred:
        shown = made.tree(count, tune, leave_out)
    else:
        shown = made.search(search or "", count, starred=starred, on_damaged=leave_out)
    if as_json:
        typer.echo(write_json([one.as_dict() for _, one in shown]))
        return
    for depth, one in shown:
        tell(one_line(_line(depth, one)))
    if not shown:
        say("no tunes yet: abclm generate" if made.last() is None else "no such tunes")


def _line(depth: int, tune: "LoggedTune") -> str:
    kept = f', kept as "{tune.title}"' if tune.title else ""
    fields = " ".join(filter(None, (_field(tune.entry.text, letter) for letter in "RMK")))
    title = _field(tune.entry.text, "T").removeprefix("T:") or "untitled"
    made = tune.made.replace("T", " ").removesuffix("Z")
    indent = "  " * min(depth, _DEEPEST)
    star = "*" if tune.starred else " "
    return f"{tune.id:>5}{star} {indent}{title} ({fields}) {tune.entry.as_typed()}, {made}{kept}"


def _field(text: str, letter: str) -> str:
    """Return the first field ``letter`` of a tune's text, or an empty string."""
    return next((line for line in text.split("\n") if line.startswith(f"{letter}:")), "")
