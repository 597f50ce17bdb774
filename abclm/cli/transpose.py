"""``abclm transpose``: tunes moved to another key; everything else stays byte for byte."""

from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options

if TYPE_CHECKING:
    from abclm.notation.syntax.source import Source

__all__ = ["transpose"]


def transpose(
    file: options.File,
    key: Annotated[
        str | None, typer.Option("--key", help="New tonic, such as G or Bb; the mode stays.")
    ] = None,
    semitones: Annotated[
        int | None,
        typer.Option("--semitones", help="Semitones instead of a key; negative is down."),
    ] = None,
    up: Annotated[bool, typer.Option("--up", help="Move to the next such tonic above.")] = False,
    down: Annotated[
        bool, typer.Option("--down", help="Move to the next such tonic below.")
    ] = False,
    tune: Annotated[
        str | None,
        typer.Option("--tune", help="Reference number (X:) or title, or several: 1,3; else all."),
    ] = None,
    output: options.Output = None,
    in_place: options.InPlace = False,
) -> None:
    """Transpose tunes to another key of the same mode, the nearest by default.

    Notes, keys and chord symbols change; everything else stays as it is.
    """
    from abclm.api.books import check_output
    from abclm.api.tunebook import moved
    from abclm.cli.input import read_input
    from abclm.cli.result import write_result
    from abclm.compose.key_change import read_move
    from abclm.compose.tune_choice import numbers_of

    move = read_move(key, semitones, up=up, down=down)
    check_output(file, output, in_place=in_place)

    source = read_input(file)
    numbers = numbers_of(source, tune)

    def change(now: "Source") -> bytes:
        return moved(now, move, numbers)

    write_result(file, source, change, output, in_place=in_place)
