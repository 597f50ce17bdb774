"""`abclm.play`: tunes on the loudspeaker."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, TypedDict, Unpack

from abclm.errors import InputError
from abclm.notation.tune import music
from abclm.render.player.options import PlayOptions

__all__ = ["PlayValues", "Playable", "play"]


class Playable(Protocol):
    """What can be played: an `abclm.Tune`."""

    @property
    def music(self) -> music.Tune:
        """The parsed tune."""


class PlayValues(TypedDict, total=False):
    """The arguments of `play`; they are those of ``abclm play``."""

    bars: str | None
    loop: bool
    times: int
    tempo: str | None
    ramp: str | None
    count_in: bool
    click: bool
    instrument: str | None
    drone: str | None
    chords: bool
    swing: bool


def play(
    tunes: Playable | Iterable[Playable],
    *,
    sound_font: str | Path | None = None,
    **options: Unpack[PlayValues],
) -> None:
    """Play a tune, or a set of tunes one after the other, and return at the end.

    With ``loop``, or with ``ramp`` and without ``times``, only Ctrl-C ends it.

    Args:
        tunes: what to play; a `Tunebook` plays all its tunes.
        sound_font: an SF2 file; None for the installed one.
        options: as in ``abclm play``: ``bars="5-8"``, ``loop``, ``times``, ``tempo="80"`` or
            ``"70%"``, ``ramp="60-100"``, ``count_in``, ``click``, ``instrument``, ``drone="D"``,
            ``chords``, ``swing``.

    Raises:
        InputError: there is no tune, or a value cannot be used.
        MissingExtraError: a package for sound is not installed.
        NoSoundDeviceError: there is no sound device.
        RenderError: a tune cannot be played.

    Example:
        >>> abclm.play([book[1], book[3]], tempo="80%", count_in=True)  # doctest: +SKIP
        >>> book[2].play(bars="5-8", loop=True)  # doctest: +SKIP
    """
    from abclm.render.player.player import Player
    from abclm.render.player.programme import programme_of

    wanted = PlayOptions(**options)
    chosen = [tune.music for tune in (tunes if isinstance(tunes, Iterable) else [tunes])]
    if not chosen:
        raise InputError("there is no tune to play")
    font = Path(sound_font) if sound_font else None
    with Player(programme_of(chosen, wanted), sound_font=font, command="abclm.play") as player:
        player.wait()
