"""``abclm history``: the tunes made so far, each below the one it was made from."""

from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.terminal import one_line, say
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
    as_json: options.AsJson = False,
) -> None:
    """List the tunes made so far, each below the one it was made from."""
    from abclm.api.history import History

    shown = History(say).tree(count, tune, lambda reason: say(f"left out: {reason}"))
    if as_json:
        typer.echo(write_json([one.as_dict() for _, one in shown]))
        return
    for depth, one in shown:
        typer.echo(one_line(_line(depth, one)))
    if not shown:
        say("no tunes yet: abclm generate")


def _line(depth: int, tune: "LoggedTune") -> str:
    kept = f', kept as "{tune.title}"' if tune.title else ""
    fields = " ".join(filter(None, (_field(tune.entry.text, letter) for letter in "RMK")))
    title = _field(tune.entry.text, "T").removeprefix("T:") or "untitled"
    made = tune.made.replace("T", " ").removesuffix("Z")
    indent = "  " * min(depth, _DEEPEST)
    return f"{tune.id:>5}  {indent}{title} ({fields}) {tune.entry.as_typed()}, {made}{kept}"


def _field(text: str, letter: str) -> str:
    """Return the first field ``letter`` of a tune's text, or an empty string."""
    return next((line for line in text.split("\n") if line.startswith(f"{letter}:")), "")
