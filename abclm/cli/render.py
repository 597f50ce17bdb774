"""``abclm render``: tunes as MIDI, pictures, an HTML page or sound."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import say

if TYPE_CHECKING:
    from abclm.api.renderer import Renderer
    from abclm.files import FileKind
    from abclm.notation.tune.music import Tune

__all__ = ["render"]


def render(
    file: options.File,
    midi: Annotated[Path | None, typer.Option("--midi", help="MIDI file to write.")] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Picture of the staves to write.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Page to write: all tunes or --tune, with staves and player."),
    ] = None,
    wav: Annotated[Path | None, typer.Option("--wav", help="Sound file to write.")] = None,
    tune: options.FirstTune = None,
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
    sound_font: Annotated[
        Path | None, typer.Option("--sound-font", help="SF2 file for --wav; else TimGM6mb.")
    ] = None,
) -> None:
    """Render tunes to MIDI, sheet music (SVG, HTML) and sound."""
    from abclm.api.renderer import Renderer, remarks
    from abclm.cli.input import read_tunes, source_name
    from abclm.compose.chosen import choose_tune
    from abclm.errors import InputError
    from abclm.files import FileKind
    from abclm.render.sound.playback import Playback

    if every and tune is not None:
        raise InputError("--all and --tune exclude each other: give one of them")
    asked = {FileKind.MIDI: midi, FileKind.SVG: svg, FileKind.HTML: html, FileKind.WAV: wav}
    outputs = {kind: path for kind, path in asked.items() if path is not None}
    _check(outputs, file)
    playback = Playback(swing=swing, instrument=instrument, tempo=tempo)
    tunes = read_tunes(file)
    chosen = choose_tune(tunes, tune, source_name(file))
    others = f" (the first of {len(tunes)} tunes)" if tune is None and len(tunes) > 1 else ""
    failed = 0
    with Renderer(playback, sound_font) as renderer:
        for kind in (FileKind.MIDI, FileKind.SVG, FileKind.WAV):
            if kind in outputs and every:
                failed += _write_all(tunes, outputs[kind], kind, renderer)
            elif kind in outputs:
                renderer.write(chosen, outputs[kind], kind)
                say(f"written: {outputs[kind]}{others}")
        if html is not None:
            shown = tunes if tune is None else [chosen]
            failed += _write_page(shown, html, _book_title(file), renderer)
    for remark in remarks(playback, tunes if every else [chosen]):
        say(remark)
    if failed:
        raise typer.Exit(ExitCode.NO)


def _check(outputs: "dict[FileKind, Path]", file: Path) -> None:
    """Check that there is something to write, that it can be written, and its packages installed.

    Raises:
        InputError: no output was given.
        OutputError: a file cannot be written, is the input, or is of another kind.
        MissingExtraError: verovio or the synthesiser is not installed.
    """
    from abclm.api.renderer import require
    from abclm.errors import InputError
    from abclm.files import check_outputs

    if not outputs:
        raise InputError("nothing to render to: give --midi, --svg, --html or --wav and a file")
    check_outputs(*((path, kind) for kind, path in outputs.items()), inputs=[file])
    for kind in outputs:
        require(kind, f"abclm render --{kind.value.lower()}")


def _write_page(tunes: Sequence["Tune"], path: Path, title: str, renderer: "Renderer") -> int:
    """Write all tunes to one page; report and count those that could not be engraved."""
    problems = renderer.write_page(tunes, path, title)
    for problem in problems:
        say(problem)
    say(f"written: {path} ({_tunes(len(tunes))})")
    return len(problems)


def _write_all(tunes: Sequence["Tune"], path: Path, kind: "FileKind", renderer: "Renderer") -> int:
    """Write each tune to a file of its own; report, skip and count those that fail."""
    from abclm.api.renderer import numbered_paths
    from abclm.errors import RenderError

    failed = 0
    for tune, target in zip(tunes, numbered_paths(tunes, path), strict=True):
        try:
            renderer.write(tune, target, kind)
        except RenderError as error:
            say(f"left out: {error}")
            failed += 1
    say(f"written: {len(tunes) - failed} of {len(tunes)} tunes")
    return failed


def _book_title(file: Path) -> str:
    """Return the file name as a title: ``session tunes`` for ``session_tunes.abc``."""
    return "Tunebook" if str(file) == "-" else file.stem.replace("_", " ")


def _tunes(count: int) -> str:
    return "1 tune" if count == 1 else f"{count:,} tunes"
