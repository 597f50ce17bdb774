"""``abclm convert``: MIDI and MusicXML as ABC, one tune a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import one_line, say, say_written
from abclm.reading.midi_options import MidiOptions
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from abclm.api.conversion import Conversion

__all__ = ["convert"]


@options.spread(MidiOptions, after="output")
def convert(
    given: dict[str, Any],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Files (.mid .midi .xml .musicxml .mxl), or folders."),
    ],
    output: options.Output = None,
    as_json: options.AsJson = False,
) -> None:
    """Convert MIDI and MusicXML to ABC, one tune a file.

    What was guessed, left out or changed is said on stderr, with the option that overrides it. Exit
    code 2 if a file could not be read; the others are still converted.
    """
    from abclm.api.conversion import convert_files, files_to_convert
    from abclm.files import FileKind, check_outputs, write_atomically

    paths = files_to_convert(files)
    check_outputs((output, FileKind.ABC), inputs=paths)
    done: list[Conversion] = []
    book: list[str] = []
    for one in _with_progress(convert_files(paths, MidiOptions(**given)), paths):
        for line in one.lines():
            say(one_line(line) if not one.error else f"abclm: {one_line(line)}")
        done.append(one)
        if one.tune is not None:
            book.append(one.tune.abc)
            if output is None and not as_json:
                sys.stdout.write("\n" * (len(book) > 1) + one.tune.abc)
                sys.stdout.flush()
    if output is not None and book:
        write_atomically(output, "\n".join(book))
        say_written(output)
    if as_json:
        typer.echo(write_json([_as_dict(one, with_abc=output is None) for one in done]))
    if len(book) < len(done):
        raise typer.Exit(ExitCode.FAILED)


def _with_progress(
    conversions: "Iterator[Conversion]", paths: "Sequence[Path]"
) -> "Iterator[Conversion]":
    """Yield the conversions, with a progress bar on a terminal if there are several."""
    if len(paths) < 2 or not sys.stderr.isatty():
        yield from conversions
        return
    from abclm.cli.console import TerminalConsole, TerminalProgress

    with TerminalProgress(console=TerminalConsole(to_stderr=True)) as progress:
        task = progress.add_task("convert", total=len(paths))
        for one in conversions:
            progress.advance(task)
            yield one


def _as_dict(one: "Conversion", *, with_abc: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"path": str(one.path), "error": one.error or None}
    if one.tune is not None:
        row |= {"number": one.tune.number, "title": one.tune.title}
        row |= {"abc": one.tune.abc} if with_abc else {}
    row["remarks"] = [
        {"text": remark.text, "option": remark.option or None} for remark in one.remarks
    ]
    return row
