"""``abclm play``: tunes on the loudspeaker, for practice."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from abclm.cli import options
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import one_line, say
from abclm.render.player.options import PlayOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from abclm.cli.keys import Keys
    from abclm.notation.tune.music import Tune
    from abclm.render.player.player import Player

__all__ = ["play", "play_texts", "play_tunes"]

_HELP: Final = "space pause, arrows bar, + - tempo, [ ] loop from and to here, l no loop, q end"
_AS_WRITTEN: Final = PlayOptions()
_REDRAWN: Final = 0.05
"""Seconds between two looks at keys and place."""


@options.spread(PlayOptions, after="tune")
def play(
    given: dict[str, Any],
    file: options.File,
    tune: options.SetOfTunes = None,
    sound_font: Annotated[
        Path | None, typer.Option("--sound-font", help="SF2 file; else TimGM6mb.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="WAV file to write if there is no sound device."),
    ] = None,
) -> None:
    """Play tunes on the loudspeaker, in a loop, slower or with a click if you like.

    While it plays: space pauses, the arrows go a bar on or back, + and - change the tempo,
    [ and ] loop from and to this bar, l ends the loop, q ends.
    """
    from abclm.cli.input import read_tunes, source_name
    from abclm.compose.set_choice import choose_tunes

    wanted = PlayOptions(**given)
    tunes = read_tunes(file)
    chosen = choose_tunes(tunes, tune, source_name(file))
    if tune is None and len(tunes) > 1:
        say(f"playing the first of {len(tunes)} tunes; --tune 1,3,2 plays others")
    beside = Path("tune.abc") if str(file) == "-" else file
    play_tunes(chosen, wanted, beside, output, sound_font)


def play_texts(texts: "Sequence[str]", wanted: PlayOptions = _AS_WRITTEN) -> None:
    """Play tunes that are not in a file, each text one tune with or without ``X:``.

    Raises:
        Exit: there is no sound device; its code is 2.
        MissingExtraError: a package for sound is not installed.
        RenderError: a tune cannot be played.
    """
    from abclm.compose.tunebook import by_itself, with_reference_number
    from abclm.notation.parse.parser import parse_tunebook

    numbered = (
        with_reference_number(by_itself(text), number) for number, text in enumerate(texts, 1)
    )
    play_tunes([parse_tunebook(text)[0].tune for text in numbered], wanted)


def play_tunes(
    tunes: "Sequence[Tune]",
    wanted: PlayOptions,
    beside: Path = Path("tune.abc"),
    output: Path | None = None,
    sound_font: Path | None = None,
) -> None:
    """Play tunes, with keys and a line that follows the notes if there is a terminal.

    Args:
        tunes: one tune, or a set.
        wanted: how they are played.
        beside: without a sound device the WAV file is written beside this file.
        output: that WAV file, if it has another name.
        sound_font: an SF2 file; None for the installed one.

    Raises:
        Exit: there is no sound device; its code is 2.
        InputError: there are no such bars.
        MissingExtraError: a package for sound is not installed.
        RenderError: a tune cannot be played.
    """
    from abclm.cli.keys import pressed_keys
    from abclm.errors import NoSoundDeviceError
    from abclm.files import FileKind, check_outputs
    from abclm.render.player.player import Player
    from abclm.render.player.programme import programme_of

    check_outputs((output, FileKind.WAV))
    programme = programme_of(tunes, wanted)
    try:
        with Player(programme, sound_font=sound_font) as player, pressed_keys() as keys:
            _follow(player, keys)
    except NoSoundDeviceError as error:
        from abclm.files import write_atomically
        from abclm.render.mark import wav_with_mark
        from abclm.render.player.player import programme_wav

        target = output or _free(beside.with_suffix(".wav"))
        write_atomically(target, wav_with_mark(programme_wav(programme, sound_font)))
        say(f"{error}; written instead: {target}")
        raise typer.Exit(ExitCode.FAILED) from error


def _follow(player: "Player", keys: "Keys") -> None:
    """Show where the player is, and do what the keys say, until it ends."""
    import shutil
    import sys
    from textwrap import fill

    from abclm.cli.play_line import PlayLine

    if sys.stdin.isatty():
        say(fill(_HELP, shutil.get_terminal_size().columns - 1))
    line = PlayLine()
    title = ""
    try:
        while not player.done:
            for key in keys.read(_REDRAWN):
                if key in {"q", "\x03"}:
                    return
                _press(player, key)
            place = player.place
            now = player.programme.bar(place.transport.at).title
            if now != title:
                line.end()
                say(one_line(now))
                title = now
            line.show(player.programme, place, paused=player.engine.paused)
    finally:
        line.end()


def _press(player: "Player", key: str) -> None:
    """Do what a key says; other keys do nothing."""
    from abclm.cli.keys import LEFT, RIGHT

    actions = {
        " ": player.pause,
        LEFT: player.back,
        RIGHT: player.forward,
        "+": player.faster,
        "=": player.faster,  # the same key without shift
        "-": player.slower,
        "[": player.loop_from,
        "]": player.loop_to,
        "l": player.unloop,
    }
    action = actions.get(key)
    if action is not None:
        action()


def _free(path: Path) -> Path:
    """Return ``path``, or such as ``tune (2).wav`` if there is a file of that name."""
    free, count = path, 1
    while free.exists():
        count += 1
        free = path.with_name(f"{path.stem} ({count}){path.suffix}")
    return free
