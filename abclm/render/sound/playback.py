"""How to play a tune: a listener's choices, which override those of the tune."""

from dataclasses import dataclass

from abclm.errors import InputError
from abclm.render.sound.instruments import program_of

__all__ = ["AS_WRITTEN", "Playback"]

_TEMPO = (10.0, 600.0)
"""Beats per minute: far slower and far faster than anything is played."""


@dataclass(frozen=True, slots=True)
class Playback:
    """Choices for playing a tune.

    Raises:
        InputError: the instrument is unknown, or the tempo is out of range.
    """

    swing: bool = False
    """Play the even eighth notes of hornpipes and schottisches two to one."""

    instrument: str | None = None
    """Name of the instrument, such as flute or accordion; by default that of the tune's
    ``%%MIDI program``, or else a violin."""

    tempo: float | None = None
    """Beats per minute; the beat is that of the tune's own tempo, such as a half note in a reel and
    a dotted quarter in a jig."""

    chords: bool = True
    """Play the chord symbols as bass and chords."""

    def __post_init__(self) -> None:
        if self.instrument is not None:
            program_of(self.instrument)
        low, high = _TEMPO
        if self.tempo is not None and not low <= self.tempo <= high:
            raise InputError(
                f"tempo {self.tempo:g}: must be from {low:g} to {high:g} beats per minute"
            )


AS_WRITTEN = Playback()
"""Plays the tune as written."""
