"""``abclm diff``: the bars that differ between two versions of a tunebook."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.busy import busy
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import one_line, say
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.cli.console import TerminalConsole
    from abclm.compose.differences import BarDifference, TuneDifference

__all__ = ["diff"]


def diff(
    file: options.File,
    other: Annotated[
        Path | None,
        typer.Argument(
            metavar="[NEW]", help="A newer version; else FILE is the newer of FILE.bak."
        ),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Show the bars, fields and tunes that differ between FILE.bak and FILE, or FILE and NEW.

    Only music counts: spaces, line breaks and spelling make no difference. Exit code 1 if something
    differs.
    """
    from abclm.api.backups import last_backup
    from abclm.cli.input import read_tunes
    from abclm.compose.differences import differences
    from abclm.errors import InputError

    if other is None and str(file) == "-":
        raise InputError("abclm diff - needs a second file: standard input has no old version")
    old, new = (last_backup(file), file) if other is None else (file, other)
    with busy("comparing"):
        found = differences(read_tunes(old), read_tunes(new))
    if as_json:
        typer.echo(write_json([one.as_dict() for one in found]))
    else:
        _show(found, old, new)
    if found:
        raise typer.Exit(ExitCode.NO)


def _show(found: "list[TuneDifference]", old: Path, new: Path) -> None:
    from abclm.cli.console import TerminalConsole

    console = TerminalConsole(soft_wrap=True)
    for one in found:
        only = {"": "", "old": f": only in {old}", "new": f": only in {new}"}[one.only_in]
        console.print(one_line(f"X:{one.number} {one.title}{only}".rstrip()), style="bold")
        for letter, before, after in one.fields:
            console.print(one_line(f"  {letter}: {before or '(none)'} -> {after or '(none)'}"))
        if one.moved is not None:
            way = "up" if one.moved > 0 else "down"
            semitones = "1 semitone" if abs(one.moved) == 1 else f"{abs(one.moved)} semitones"
            console.print(f"  all notes moved {way} by {semitones}")
        for bar in one.bars:
            _show_bars(console, bar)
    if not found:
        say(f"no bar differs between {old} and {new}")


def _show_bars(console: "TerminalConsole", bar: "BarDifference") -> None:
    voice = f" of voice {bar.voice}" if bar.voice else ""
    what = "" if bar.sound else ": the same notes, with other signs"
    console.print(one_line(f"  bar {bar.bar}{voice}{what}"))
    for sign, bars, style in (("-", bar.old, "red"), ("+", bar.new, "green")):
        if bars:
            console.print(one_line(f"    {sign} {' | '.join(bars)}"), style=style)
