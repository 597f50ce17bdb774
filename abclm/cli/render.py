"""``abclm render``: tunes as MIDI."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli.group import ExitCode

if TYPE_CHECKING:
    from abclm.notation.music import Tune
    from abclm.render.playback import Playback

__all__ = ["render"]


def render(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A tunebook; - for stdin.")],
    midi: Annotated[Path | None, typer.Option("--midi", help="MIDI file to write.")] = None,
    tune: Annotated[
        int | None,
        typer.Option("--tune", help="Reference number (X:) of the tune; else the first."),
    ] = None,
    every: Annotated[
        bool,
        typer.Option("--all", help="Every tune, each in a file of its own: OUT-1.mid, OUT-2.mid…"),
    ] = False,
    swing: Annotated[
        bool, typer.Option("--swing", help="Play the even quavers of hornpipes two to one.")
    ] = False,
    instrument: Annotated[
        str, typer.Option("--instrument", help="Such as fiddle, flute, accordion or piano.")
    ] = "violin",
    tempo: Annotated[
        float | None,
        typer.Option("--tempo", help="Beats in a minute; a reel's beat is a half note."),
    ] = None,
) -> None:
    """Render tunes to MIDI."""
    from abclm.cli.inputs import read_source, source_name
    from abclm.errors import InputError
    from abclm.files import check_writable
    from abclm.notation.parser import parse_tunebook
    from abclm.render.playback import Playback

    if midi is None:
        raise InputError("nothing to render to: give --midi OUT.mid")
    if every and tune is not None:
        raise InputError("--all and --tune exclude each other: give one of them")
    check_writable(midi)
    playback = Playback(swing=swing, instrument=instrument, tempo=tempo)
    tunes = [parsed.tune for parsed in parse_tunebook(read_source(file))]
    if not tunes:
        raise InputError(f"{source_name(file)}: no tune found: a tune starts with X:1")
    if every:
        _write_all(tunes, midi, playback)
    else:
        _write_one(tunes, tune, midi, playback, source_name(file))


def _write_one(
    tunes: Sequence["Tune"], number: int | None, path: Path, playback: "Playback", source: str
) -> None:
    from abclm.files import write_atomically
    from abclm.notation.swing import swings
    from abclm.render.midi import midi_bytes

    chosen = _choose(tunes, number, source)
    write_atomically(path, midi_bytes(chosen, playback))
    if playback.swing and not swings(chosen):
        print("no hornpipe or schottische (R:), so nothing to swing", file=sys.stderr)
    others = f" (the first of {len(tunes)} tunes)" if number is None and len(tunes) > 1 else ""
    print(f"written: {path}{others}", file=sys.stderr)


def _write_all(tunes: Sequence["Tune"], path: Path, playback: "Playback") -> None:
    """One file for each tune; a tune that cannot be rendered is told and left out."""
    from abclm.errors import RenderError
    from abclm.files import write_atomically
    from abclm.render.midi import midi_bytes

    failed = 0
    for tune, target in zip(tunes, _numbered(tunes, path), strict=True):
        try:
            write_atomically(target, midi_bytes(tune, playback))
        except RenderError as error:
            print(f"left out: {error}", file=sys.stderr)
            failed += 1
    print(f"written: {len(tunes) - failed} of {len(tunes)} tunes", file=sys.stderr)
    if failed:
        raise typer.Exit(ExitCode.NO)


def _choose(tunes: Sequence["Tune"], number: int | None, source: str) -> "Tune":
    """The tune whose ``X:`` is ``number``, which may be written with zeros before it."""
    from abclm.errors import InputError

    if number is None:
        return tunes[0]
    numbers = [tune.value("X") or "" for tune in tunes]
    for tune, written in zip(tunes, numbers, strict=True):
        if written.isdecimal() and int(written) == number:
            return tune
    raise InputError(f"{source}: no X:{number}; there are: {_listed(numbers)}")


def _numbered(tunes: Sequence["Tune"], path: Path) -> Iterator[Path]:
    """``tunes.mid`` as ``tunes-1.mid`` and so on by ``X:``; a number used before gets a second."""
    used: dict[str, int] = {}
    for place, tune in enumerate(tunes, 1):
        written = tune.value("X") or ""
        number = str(int(written[:9])) if written[:9].isdecimal() else str(place)
        used[number] = used.get(number, 0) + 1
        again = f"-{used[number]}" if used[number] > 1 else ""
        yield path.with_name(f"{path.stem}-{number}{again}{path.suffix or '.mid'}")


def _listed(numbers: list[str], most: int = 12) -> str:
    shown = ", ".join(numbers[:most])
    return f"{shown}, … up to {numbers[-1]}" if len(numbers) > most else shown
