"""``abclm show``: a tune from the history, or its plan."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import one_line, say, tell
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.ledger.row import LoggedTune

__all__ = ["show"]


def show(
    tune: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="A tune's number in the history, else the last; or a file with --plan or "
            "--provenance.",
        ),
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Show which bars are the same, varied or moved.")
    ] = False,
    provenance: Annotated[
        bool,
        typer.Option("--provenance", help="Show what a file says of abclm, and how it wrote it."),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Print a tune from the history; how it was made goes to standard error.

    With --plan, print its plan instead, or that of each tune of a file: a letter for each bar, the
    same letter for the same bar, a' for a variation of a, a^ for a with another first note.
    With --provenance, print the marks of abclm in a file of any kind that it writes; exit code 1 if
    there are none.
    """
    from abclm.api.history import History
    from abclm.compose.tunebook import with_reference_number
    from abclm.errors import InputError

    if provenance:
        _show_provenance(tune, as_json=as_json)
        return
    history = History(say)
    tune = str(history.newest()) if tune is None else tune
    if not tune.isdecimal():
        if not plan:
            raise InputError(f"{tune!r} is not the number of a tune; for a file: show --plan FILE")
        _show_plans(Path(tune), as_json=as_json)
        return
    found = history.logged(int(tune[:18]))
    if plan:
        text = with_reference_number(found.entry.text, found.id)
        _print_plans([(found.id, text)], as_json=as_json)
        return
    if as_json:
        typer.echo(write_json(found.as_dict()))
        return
    sys.stdout.write(with_reference_number(found.entry.text, found.id))
    sys.stdout.flush()
    say(one_line(_how(found)))


def _show_provenance(file: str | None, *, as_json: bool) -> None:
    from abclm.api.provenance import provenance
    from abclm.errors import InputError

    if file is None:
        raise InputError("show --provenance needs a file")
    found = provenance(file)
    if as_json:
        typer.echo(write_json([one.as_dict() for one in found]))
    else:
        for one in found:
            tune = f"X:{one.number} {one.title}: " if one.number else f"{file}: "
            tell(one_line(f"{tune}{one.mark}"))
    if not found:
        say(f"{file}: nothing says that abclm wrote it")
        raise typer.Exit(ExitCode.NO)


def _show_plans(file: Path, *, as_json: bool) -> None:
    """Print the plan of each tune of ``file``."""
    from abclm.cli.input import read_text, source_name
    from abclm.errors import InputError
    from abclm.notation.parse.tunebook import split_tunes

    tunes = split_tunes(read_text(file))
    if not tunes:
        raise InputError(f"{source_name(file)}: no tune found: a tune starts with X:1")
    texts = ["".join(token.text for token in tune.tokens) for tune in tunes]
    _print_plans(enumerate(texts, 1), as_json=as_json)


def _print_plans(tunes: Iterable[tuple[int, str]], *, as_json: bool) -> None:
    from abclm.api.plans import plan_row

    rows = [plan_row(number, text) for number, text in tunes]
    if as_json:
        typer.echo(write_json(rows))
        return
    for row in rows:
        if row["plan"]:
            typer.echo(f"X:{row['tune']} {row['title']}: {row['plan']}")
        else:
            say(f"X:{row['tune']}: no plan: {row['why']}")


def _how(tune: "LoggedTune") -> str:
    entry = tune.entry
    settings = "".join(f" {name}={value}" for name, value in entry.settings.items())
    parent = f" from {entry.parent}" if entry.parent is not None else ""
    kept = f', kept as "{tune.title}" in {tune.book}' if tune.title else ""
    star = ", with a star" if tune.starred else ""
    return (
        f"{entry.command}{parent}, {tune.made}, seed {entry.seed} number {entry.number},"
        f" checkpoint {entry.checkpoint[:12] or '?'}{settings}{kept}{star}"
    )
