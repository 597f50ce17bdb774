"""``abclm history`` and ``abclm show``: the tunes that were made, and how."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.task import as_typed
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from abclm.ledger.ledger import Entry, Ledger, LoggedTune

__all__ = ["history", "ledger_path", "log", "logged", "opened", "parent_of", "show"]

_DEEPEST = 40
"""How far to the right a tune stands at most."""


def ledger_path() -> Path:
    """The ledger's file: in the folder $ABCLM_DATA, else in the user's data folder."""
    from abclm.files import data_folder

    return data_folder() / "ledger.sqlite"


def log(entries: "Sequence[Entry]") -> list[int]:
    """Log tunes; their ids, or none and a remark where the ledger cannot be used.

    A tune is never lost to a ledger that cannot take it.
    """
    from abclm.cli.outputs import say_waiting
    from abclm.errors import LedgerError
    from abclm.ledger.ledger import Ledger

    try:
        with Ledger(ledger_path(), say_waiting) as ledger:
            return ledger.add_all(entries)
    except LedgerError as error:
        print(f"not logged: {error}", file=sys.stderr)
        return []


def parent_of(text: str, title: str, file: Path) -> int | None:
    """The logged tune that a tune of ``file`` is or was, if it can be told."""
    from abclm.errors import LedgerError

    try:
        ledger = _existing()
        if ledger is None:
            return None
        with ledger:
            return ledger.find(text, title, file)
    except LedgerError:
        return None  # the tune that is made of it says so when it cannot be logged


def history(
    tune: Annotated[
        int | None, typer.Argument(metavar="[ID]", help="A tune: it and all made from it.")
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", help="How many of the last tunes.")] = 20,
    as_json: options.AsJson = False,
) -> None:
    """List the tunes that were made, each below the one it was made from."""
    from abclm.errors import InputError

    if count < 1:
        raise InputError(f"--count must be 1 or more, not {count}")
    ledger = _existing()
    if ledger is None:
        if tune is not None:
            raise InputError(f"no tune {tune} in the ledger: it has none yet")
        shown: list[tuple[int, LoggedTune]] = []
    else:
        with ledger:
            shown = ledger.history(
                count, tune, on_damaged=lambda reason: print(f"left out: {reason}", file=sys.stderr)
            )
    if as_json:
        typer.echo(write_json([_values(one) for _, one in shown]))
        return
    for depth, one in shown:
        typer.echo(_one_line(_line(depth, one)))
    if not shown:
        print("no tunes yet: abclm generate", file=sys.stderr)


def show(
    tune: Annotated[
        str,
        typer.Argument(metavar="ID", help="A tune's number in the history, or a file with --plan."),
    ],
    plan: Annotated[
        bool, typer.Option("--plan", help="Which of its bars are the same, varied or moved.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Print a tune from the history; how it was made goes to standard error.

    With --plan, the plan read off it instead, or off each tune of a file: a letter for each bar,
    the same letter for the same bar, a' for a variation of a, a^ for a begun on another note.
    """
    from abclm.compose.tunebook import with_reference_number
    from abclm.errors import InputError

    if not tune.isdecimal():
        if not plan:
            raise InputError(f"{tune!r} is not the number of a tune; for a file: show --plan FILE")
        _show_plans(Path(tune), as_json=as_json)
        return
    ledger = _existing()
    if ledger is None:
        raise InputError(f"no tune {tune} in the ledger: it has none yet")
    with ledger:
        found = ledger.get(int(tune[:18]))
    if plan:
        _print_plans(
            [(found.id, with_reference_number(found.entry.text, found.id))], as_json=as_json
        )
        return
    if as_json:
        typer.echo(write_json(_values(found)))
        return
    sys.stdout.write(with_reference_number(found.entry.text, found.id))
    sys.stdout.flush()
    print(_one_line(_how(found)), file=sys.stderr)


def _show_plans(file: Path, *, as_json: bool) -> None:
    """Print the plan of each tune of ``file``."""
    from abclm.cli.inputs import read_source, source_name
    from abclm.errors import InputError
    from abclm.notation.parse.tunebook import split_tunes

    tunes = split_tunes(read_source(file))
    if not tunes:
        raise InputError(f"{source_name(file)}: no tune found: a tune starts with X:1")
    texts = ["".join(token.text for token in tune.tokens) for tune in tunes]
    _print_plans(list(enumerate(texts, 1)), as_json=as_json)


def _print_plans(tunes: "Sequence[tuple[int, str]]", *, as_json: bool) -> None:
    from abclm.cli.reading import read_for_model
    from abclm.errors import InputError
    from abclm.model.text import plan_of_tune
    from abclm.notation.parse.parser import parse_tunebook
    from abclm.notation.write.writer import write_tune

    rows = []
    for number, text in tunes:
        tune = parse_tunebook(text)[0].tune
        name = tune.value("X") or str(number)
        try:
            found = plan_of_tune(write_tune(read_for_model(tune, f"X:{name}")))
            why = "" if found is not None else "has too many different bars to name"
        except InputError as error:
            found, why = None, str(error)
        rows.append({"tune": name, "title": tune.title, "plan": found and str(found), "why": why})
    if as_json:
        typer.echo(write_json(rows))
        return
    for row in rows:
        if row["plan"]:
            typer.echo(f"X:{row['tune']} {row['title']}: {row['plan']}")
        else:
            print(f"X:{row['tune']}: no plan: {row['why']}", file=sys.stderr)


def opened() -> "Ledger":
    """The ledger, which must be there.

    Raises:
        InputError: nothing has been made yet.
    """
    from abclm.errors import InputError

    ledger = _existing()
    if ledger is None:
        raise InputError("the ledger has no tunes yet: abclm generate")
    return ledger


def logged(tune: int) -> "LoggedTune":
    """The tune with the id ``tune``.

    Raises:
        InputError: there is none.
    """
    with opened() as ledger:
        return ledger.get(tune)


def _existing() -> "Ledger | None":
    """The ledger, if there is one: looking makes none."""
    from abclm.cli.outputs import say_waiting
    from abclm.ledger.ledger import Ledger

    path = ledger_path()
    return Ledger(path, say_waiting) if path.exists() else None


def _line(depth: int, tune: "LoggedTune") -> str:
    kept = f', kept as "{tune.title}"' if tune.title else ""
    fields = " ".join(filter(None, (_field(tune.entry.text, letter) for letter in "RMK")))
    title = _field(tune.entry.text, "T").removeprefix("T:") or "untitled"
    made = tune.made.replace("T", " ").removesuffix("Z")
    indent = "  " * min(depth, _DEEPEST)
    return f"{tune.id:>5}  {indent}{title} ({fields}) {as_typed(tune.entry)}, {made}{kept}"


def _how(tune: "LoggedTune") -> str:
    entry = tune.entry
    settings = "".join(f" {name}={value}" for name, value in entry.settings.items())
    parent = f" from {entry.parent}" if entry.parent is not None else ""
    kept = f', kept as "{tune.title}" in {tune.book}' if tune.title else ""
    return (
        f"{entry.command}{parent}, {tune.made}, seed {entry.seed} number {entry.number},"
        f" checkpoint {entry.checkpoint[:12] or '?'}{settings}{kept}"
    )


def _one_line(text: str) -> str:
    """``text`` without line ends, with which a title could pass for a tune of its own."""
    return text.replace("\n", " ")


def _field(text: str, letter: str) -> str:
    """The first field ``letter`` of a tune's text, or nothing."""
    return next((line for line in text.split("\n") if line.startswith(f"{letter}:")), "")


def _values(tune: "LoggedTune") -> dict[str, Any]:
    entry = tune.entry
    return {
        "id": tune.id,
        "parent": entry.parent,
        "made": tune.made,
        "command": entry.command,
        "prompt": entry.prompt,
        "settings": dict(entry.settings),
        "seed": entry.seed,
        "number": entry.number,
        "checkpoint": entry.checkpoint,
        "abc": entry.text,
        "title": tune.title,
        "book": tune.book,
    }
