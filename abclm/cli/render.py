"""``abclm render``: tunes as MIDI, pictures, a page of HTML, sound."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.group import ExitCode
from abclm.cli.sheet import Outputs, Write, write_html

if TYPE_CHECKING:
    from abclm.notation.tune.music import Tune
    from abclm.render.engrave.engraving import Engraver
    from abclm.render.sound.playback import Playback

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
        typer.Option("--all", help="Every tune, each in a file of its own: OUT-1.mid, OUT-2.mid…"),
    ] = False,
    swing: Annotated[
        bool, typer.Option("--swing", help="Play the even quavers of hornpipes two to one.")
    ] = False,
    instrument: Annotated[
        str | None,
        typer.Option("--instrument", help="Such as flute or piano; else %%MIDI program or violin."),
    ] = None,
    tempo: Annotated[
        float | None,
        typer.Option("--tempo", help="Beats in a minute; a reel's beat is a half note."),
    ] = None,
    sound_font: Annotated[
        Path | None, typer.Option("--sound-font", help="SF2 file for --wav; else TimGM6mb.")
    ] = None,
) -> None:
    """Render tunes to MIDI, sheet music (SVG, HTML) and sound."""
    from abclm.cli.inputs import source_name
    from abclm.cli.tunes import choose_tune, read_tunes
    from abclm.errors import InputError
    from abclm.render.engrave.engraving import Engraver
    from abclm.render.sound.playback import Playback

    if every and tune is not None:
        raise InputError("--all and --tune exclude each other: give one of them")
    outputs = Outputs(midi, svg, html, wav)
    outputs.check(file)
    playback = Playback(swing=swing, instrument=instrument, tempo=tempo)
    tunes = read_tunes(file)
    chosen = choose_tune(tunes, tune, source_name(file))
    others = f" (the first of {len(tunes)} tunes)" if tune is None and len(tunes) > 1 else ""
    failed = 0
    with Engraver() as engraver:
        for path, write in outputs.writers(playback, sound_font, engraver):
            if every:
                failed += _write_all(tunes, path, write)
            else:
                write(chosen, path)
                print(f"written: {path}{others}", file=sys.stderr)
        if html is not None:
            shown = tunes if tune is None else [chosen]
            failed += _write_page(shown, html, _book_title(file), engraver)
    played = tunes if every else [chosen]
    _say_if_nothing_swings(playback, played)
    _say_if_rounded(played)
    if failed:
        raise typer.Exit(ExitCode.NO)


def _write_page(tunes: Sequence["Tune"], path: Path, title: str, engraver: "Engraver") -> int:
    """One page of all; those that could not be engraved are told and counted."""
    title = (tunes[0].title if len(tunes) == 1 else "") or title
    problems = write_html(tunes, path, title, engraver)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"written: {path} ({_tunes(len(tunes))})", file=sys.stderr)
    return len(problems)


def _write_all(tunes: Sequence["Tune"], path: Path, write: Write) -> int:
    """One file for each tune; those that cannot be rendered are told, left out and counted."""
    from abclm.errors import RenderError

    failed = 0
    for tune, target in zip(tunes, _numbered(tunes, path), strict=True):
        try:
            write(tune, target)
        except RenderError as error:
            print(f"left out: {error}", file=sys.stderr)
            failed += 1
    print(f"written: {len(tunes) - failed} of {len(tunes)} tunes", file=sys.stderr)
    return failed


def _say_if_nothing_swings(playback: "Playback", tunes: Sequence["Tune"]) -> None:
    from abclm.notation.play.swing import swings

    if playback.swing and not any(map(swings, tunes)):
        print("no hornpipe or schottische (R:), so nothing to swing", file=sys.stderr)


def _say_if_rounded(tunes: Sequence["Tune"]) -> None:
    from abclm.notation.syntax.accidentals import is_microtone

    for tune in tunes:
        if any(is_microtone(pitch.accidental) for event in tune.events for pitch in event.pitches):
            number = tune.value("X") or "?"
            print(f"X:{number}: microtones are played as the semitone below", file=sys.stderr)


def _book_title(file: Path) -> str:
    """The name of the file as a title: ``session_tunes.abc`` is ``session tunes``."""
    return "Tunebook" if str(file) == "-" else file.stem.replace("_", " ")


def _tunes(count: int) -> str:
    return "1 tune" if count == 1 else f"{count:,} tunes"


def _numbered(tunes: Sequence["Tune"], path: Path) -> Iterator[Path]:
    """``tunes.mid`` as ``tunes-1.mid`` and so on by ``X:``; a number used before gets a second."""
    used: dict[str, int] = {}
    for place, tune in enumerate(tunes, 1):
        written = tune.value("X") or ""
        number = str(int(written[:9])) if written[:9].isdecimal() else str(place)
        used[number] = used.get(number, 0) + 1
        again = f"-{used[number]}" if used[number] > 1 else ""
        yield path.with_name(f"{path.stem}-{number}{again}{path.suffix or '.mid'}")
