"""``abclm render``: tunes as MIDI, pictures, an HTML page or sound."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.busy import busy
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import one_line, say, say_written
from abclm.option import Option

if TYPE_CHECKING:
    from abclm.files import FileKind
    from abclm.notation.tune.music import Tune
    from abclm.render.writers import Renderer, Writer

__all__ = ["render"]


@dataclass(frozen=True)
class Outputs:
    """The output options."""

    midi: Annotated[Path | None, Option("MIDI file to write.")] = None
    svg: Annotated[Path | None, Option("Picture of the staves to write.")] = None
    html: Annotated[
        Path | None, Option("Page to write: all tunes or --tune, with staves and player.")
    ] = None
    wav: Annotated[Path | None, Option("Sound file to write.")] = None
    musicxml: Annotated[
        Path | None, Option("MusicXML to write; compressed if it ends in .mxl.")
    ] = None
    roll: Annotated[Path | None, Option("Picture of the piano roll to write, as SVG.")] = None


@options.spread(Outputs, after="file")
def render(
    given: dict[str, Path | None],
    file: options.File,
    tune: options.TuneSet = None,
    every: Annotated[
        bool,
        typer.Option("--all", help="All tunes, each in a file of its own: OUT-1.mid, OUT-2.mid…"),
    ] = False,
    swing: Annotated[
        bool, typer.Option("--swing", help="Play the even eighth notes of hornpipes two to one.")
    ] = False,
    instrument: Annotated[
        str | None,
        typer.Option("--instrument", help="Such as flute or piano; else %%MIDI program or violin."),
    ] = None,
    tempo: Annotated[
        float | None,
        typer.Option("--tempo", help="Beats per minute; a reel's beat is a half note."),
    ] = None,
    no_chords: Annotated[
        bool, typer.Option("--no-chords", help="Leave the chord symbols silent.")
    ] = False,
    sound_font: Annotated[
        Path | None, typer.Option("--sound-font", help="SF2 file for --wav; else TimGM6mb.")
    ] = None,
    samples: Annotated[
        bool,
        typer.Option("--samples", help="Put a recorded fiddle, flute and whistle into the page."),
    ] = False,
    no_mark: options.NoMark = False,
) -> None:
    """Render tunes to MIDI, sheet music (SVG, HTML, MusicXML), piano rolls and sound."""
    from abclm.cli.input import read_tunes, source_name
    from abclm.compose.set_choice import choose_tunes
    from abclm.errors import InputError
    from abclm.render.sound.playback import Playback
    from abclm.render.writers import Renderer, remarks

    if every and tune is not None:
        raise InputError("--all and --tune exclude each other: give one of them")
    outputs = {name: path for name, path in given.items() if path is not None}
    _check(outputs, file, every=every)
    playback = Playback(swing=swing, instrument=instrument, tempo=tempo, chords=not no_chords)
    tunes = read_tunes(file)
    chosen = choose_tunes(tunes, tune, source_name(file))
    others = f" (the first of {len(tunes)} tunes)" if tune is None and len(tunes) > 1 else ""
    failed = 0
    with Renderer(playback, sound_font, mark=not no_mark) as renderer:
        page = outputs.pop("html", None)
        for name, path in outputs.items():
            writer = _writer(name, path)
            if every:
                failed += _write_all(tunes, path, writer, renderer)
            else:
                with busy(f"writing {path}"):
                    renderer.write_set(chosen, path, writer)
                say_written(path, others or _titles(chosen))
        if page is not None:
            shown = tunes if tune is None else chosen
            failed += _write_page(shown, page, _book_title(file), renderer, samples=samples)
    for remark in remarks(playback, tunes if every else chosen):
        say(remark)
    if failed:
        raise typer.Exit(ExitCode.NO)


def _kind(name: str, path: Path) -> "FileKind":
    """Return the kind of file that the output option ``name`` writes to ``path``."""
    from abclm.files import FileKind
    from abclm.files.kinds import kind_named

    if name == "roll":
        return FileKind.SVG
    if name == "musicxml" and kind_named(path) is FileKind.MXL:
        return FileKind.MXL
    return FileKind[name.upper()]


def _writer(name: str, path: Path) -> "Writer":
    from abclm.render.writers import ROLL, WRITERS

    return ROLL if name == "roll" else WRITERS[_kind(name, path)]


def _check(outputs: dict[str, Path], file: Path, *, every: bool) -> None:
    """Check that there is something to write, that it can be written, and its packages installed.

    Raises:
        InputError: no output was given, or one is to take the files of all tunes and is not a name.
        OutputError: a file cannot be written, is the input, or is of another kind.
        MissingExtraError: verovio or the synthesiser is not installed.
    """
    from abclm.errors import InputError
    from abclm.files import check_outputs, is_stream

    if not outputs:
        *others, last = (f"--{field.name}" for field in fields(Outputs))
        raise InputError(f"nothing to render to: give {', '.join(others)} or {last} and a file")
    check_outputs(*((path, _kind(name, path)) for name, path in outputs.items()), inputs=[file])
    for name, path in outputs.items():
        if every and name != "html" and is_stream(path):
            raise InputError(f"--{name} {path}: --all writes a file for each tune: give a name")
        _writer(name, path).require(f"abclm render --{name}")


def _write_page(
    tunes: Sequence["Tune"], path: Path, title: str, renderer: "Renderer", *, samples: bool
) -> int:
    """Write all tunes to one page; report and count those that could not be engraved."""
    with busy(f"engraving {_tunes(len(tunes))}"):
        problems = renderer.write_page(tunes, path, title, samples=samples)
    for problem in problems:
        say(problem)
    say_written(path, f" ({_tunes(len(tunes))})")
    return len(problems)


def _write_all(tunes: Sequence["Tune"], path: Path, writer: "Writer", renderer: "Renderer") -> int:
    """Write each tune to a file of its own; report, skip and count those that fail."""
    from abclm.errors import RenderError
    from abclm.render.writers import numbered_paths

    failed: list[RenderError] = []
    with busy(f"writing {_tunes(len(tunes))}"):
        for tune, target in zip(tunes, numbered_paths(tunes, path), strict=True):
            try:
                renderer.write(tune, target, writer)
            except RenderError as error:
                failed.append(error)
    for one in failed:
        say(f"left out: {one}")
    say(f"written: {len(tunes) - len(failed)} of {len(tunes)} tunes")
    return len(failed)


def _titles(tunes: Sequence["Tune"]) -> str:
    """Return the titles of a set for a message; nothing for a single tune."""
    titles = " / ".join(tune.title or f"X:{tune.value('X')}" for tune in tunes)
    return f" ({one_line(titles)})" if len(tunes) > 1 else ""


def _book_title(file: Path) -> str:
    """Return the file name as a title: ``session tunes`` for ``session_tunes.abc``."""
    return "Tunebook" if str(file) == "-" else file.stem.replace("_", " ")


def _tunes(count: int) -> str:
    return "1 tune" if count == 1 else f"{count:,} tunes"
