"""``abclm render``: a tune as MIDI."""

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["render"]


def render(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A tunebook; - for stdin.")],
    midi: Annotated[Path | None, typer.Option("--midi", help="MIDI file to write.")] = None,
    tune: Annotated[
        int | None,
        typer.Option("--tune", help="Reference number (X:) of the tune; else the first."),
    ] = None,
) -> None:
    """Render a tune to MIDI."""
    from abclm.cli.inputs import read_source, source_name
    from abclm.errors import InputError
    from abclm.files import write_atomically
    from abclm.notation.parser import parse_tunebook
    from abclm.render.midi import midi_bytes

    if midi is None:
        raise InputError("nothing to render to: give --midi OUT.mid")
    tunes = [parsed.tune for parsed in parse_tunebook(read_source(file))]
    if not tunes:
        raise InputError(f"{source_name(file)}: no tune found: a tune starts with X:1")
    numbers = [one.value("X") or "" for one in tunes]
    if tune is not None and str(tune) not in numbers:
        raise InputError(f"{source_name(file)}: no X:{tune}; there are: {_listed(numbers)}")
    chosen = tunes[numbers.index(str(tune))] if tune is not None else tunes[0]
    write_atomically(midi, midi_bytes(chosen))
    others = f" (the first of {len(tunes)} tunes)" if tune is None and len(tunes) > 1 else ""
    print(f"written: {midi}{others}", file=sys.stderr)


def _listed(numbers: list[str], most: int = 12) -> str:
    shown = ", ".join(numbers[:most])
    return f"{shown}, … up to {numbers[-1]}" if len(numbers) > most else shown
