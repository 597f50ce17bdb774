"""``abclm sheet``: tunes on paper, as PDF, SVG or PNG."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

import typer

from abclm.cli import options
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import say
from abclm.render.sheet.options import SheetOptions

if TYPE_CHECKING:
    from abclm.files import FileKind

__all__ = ["sheet"]

_COUNTED_FROM: Final = 30
"""The number of tunes from which a progress bar is shown: they take a second or more."""


@options.spread(SheetOptions, after="tune")
def sheet(
    given: dict[str, Any],
    file: options.File,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="PDF file to write.")] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="SVG file to write; numbered for several pages.")
    ] = None,
    png: Annotated[
        Path | None, typer.Option("--png", help="PNG file to write; numbered for several pages.")
    ] = None,
    tune: Annotated[
        str | None,
        typer.Option("--tune", "--set", help="Numbers (X:) such as 1,3,2, or titles; else all."),
    ] = None,
    no_mark: Annotated[
        bool, typer.Option("--no-mark", help="Do not name abclm in the files.")
    ] = False,
) -> None:
    """Print tunes: a page, a set or a whole book, with fingering or an index if you like."""
    from abclm.api.sheets import sheet as lay_out
    from abclm.api.tunebook import Tunebook
    from abclm.cli.input import read_input

    wanted = SheetOptions(**given, mark=not no_mark)
    outputs = _outputs(file, pdf, svg, png)
    book = Tunebook(read_input(file), None if str(file) == "-" else file)
    with _Counter() as counter:
        pages = lay_out(book, tune, wanted, engraved=counter.count)
    for kind, path in outputs.items():
        files = pages.write(path, kind)
        if str(path) == "-":
            continue
        count = "1 page" if len(pages) == 1 else f"{len(pages)} pages"
        to = f"{files[0]} to {files[-1].name}" if len(files) > 1 else f"{path}"
        say(f"written: {to} ({count})")
    for line in pages.remarks:
        say(line)
    for line in pages.problems:
        say(f"left out: {line}")
    if pages.problems:
        raise typer.Exit(ExitCode.NO)


class _Counter:
    """A progress bar on standard error for a long book; nothing off a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def count(self, done: int, tunes: int) -> None:
        """Show how many of the ``tunes`` are done."""
        if tunes < _COUNTED_FROM or not sys.stderr.isatty():
            return
        if self._bar is None:
            from abclm.cli.console import TerminalConsole, TerminalProgress

            self._bar = TerminalProgress(console=TerminalConsole(to_stderr=True), transient=True)
            self._bar.start()
            self._bar.add_task("engraving tunes", total=tunes)
        self._bar.update(self._bar.task_ids[0], completed=done)


def _outputs(
    file: Path, pdf: Path | None, svg: Path | None, png: Path | None
) -> "dict[FileKind, Path]":
    """Return the files to write, by their kind.

    Raises:
        InputError: there is none.
        OutputError: one cannot be written, is the input, or is of another kind.
        MissingExtraError: the packages for one are not installed.
    """
    from abclm.api.sheets import SHEET_KINDS, require_sheet
    from abclm.errors import InputError
    from abclm.files import check_outputs

    asked = zip(SHEET_KINDS, (pdf, svg, png), strict=True)
    outputs = {kind: path for kind, path in asked if path is not None}
    if not outputs:
        raise InputError("nothing to write: give --pdf, --svg or --png and a file")
    check_outputs(*((path, kind) for kind, path in outputs.items()), inputs=[file])
    for kind in outputs:
        require_sheet(kind, "abclm sheet")
    return outputs
