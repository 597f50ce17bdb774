"""What a player can ask for: bars, loop, tempo, count-in, click, drone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from abclm.errors import InputError
from abclm.option import Option
from abclm.render.sound.instruments import program_of
from abclm.render.sound.playback import Playback

__all__ = ["FACTORS", "PlayOptions", "Speed"]

FACTORS: Final = (0.1, 4.0)
"""The slowest and the fastest, as a share of the tune's own tempo."""
_BEATS: Final = (10.0, 600.0)
"""Beats per minute."""
_MOST_TIMES: Final = 100

_SPEED: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*(%?)")
_RAMP: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%?\s*-\s*(\d{1,3}(?:\.\d{1,3})?)\s*(%?)")
_BARS: Final = re.compile(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?")
_DRONE: Final = re.compile(r"([A-Ga-g])([#b]?)")
_SEMITONES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_LOWEST_DRONE: Final = 43
"""G2: drones lie in the octave from there, below a fiddle's and a whistle's notes."""


@dataclass(frozen=True, slots=True)
class Speed:
    """A speed: beats per minute, or a share of the tune's own tempo."""

    value: float
    relative: bool

    def factor(self, beats_per_minute: float) -> float:
        """Return it as a share of a tempo in beats per minute, limited to `FACTORS`."""
        low, high = FACTORS
        share = self.value / 100 if self.relative else self.value / beats_per_minute
        return min(max(share, low), high)


@dataclass(frozen=True)
class PlayOptions:
    """How tunes are played.

    Raises:
        InputError: a value cannot be read, or is out of range.
    """

    bars: Annotated[str | None, Option("Only these bars, such as 5-8, counted as printed.")] = None
    """A bar of an ending counts on; of the ways through the repeats the shortest is played."""

    loop: Annotated[bool, Option("Play the bars again and again, until q.")] = False

    times: Annotated[int, Option("How often each tune, or the bars, are played.")] = 1

    tempo: Annotated[
        str | None, Option("Beats per minute, such as 80, or a share of the tempo, such as 70%.")
    ] = None

    ramp: Annotated[
        str | None, Option("A tempo that rises with each loop, such as 60-100 or 60-100%.")
    ] = None
    """In equal steps over ``times``; without ``times``, 5 more each loop, and then at the top."""

    count_in: Annotated[bool, Option("Count one bar before the first.")] = False

    click: Annotated[bool, Option("Click on every beat.")] = False

    instrument: Annotated[
        str | None, Option("Such as flute or piano; else %%MIDI program or violin.")
    ] = None

    drone: Annotated[str | None, Option("A held note below the tune, such as D.")] = None

    chords: Annotated[bool, Option("Whether chord symbols are played.", "chords/--no-chords")] = (
        True
    )

    swing: Annotated[bool, Option("Play the even eighth notes of hornpipes two to one.")] = False

    def __post_init__(self) -> None:
        """Read every value once, so that a mistake is found before anything sounds."""
        if not 1 <= self.times <= _MOST_TIMES:
            raise InputError(f"times {self.times}: must be from 1 to {_MOST_TIMES}")
        if self.tempo is not None and self.ramp is not None:
            raise InputError("--tempo and --ramp exclude each other: give one of them")
        if self.instrument is not None:
            program_of(self.instrument)
        for read in _READERS:
            read(self)

    @property
    def range(self) -> tuple[int, int] | None:
        """The numbers of the first and the last bar."""
        if self.bars is None:
            return None
        found = _match(_BARS, self.bars, "bars: give numbers such as 5-8 or 3")
        low, high = int(found[1]), int(found[2] or found[1])
        if high < low:
            raise InputError(f"bars {self.bars}: the last comes before the first: {high}-{low}?")
        return low, high

    @property
    def speed(self) -> Speed | None:
        """The speed that ``tempo`` asks for."""
        if self.tempo is None:
            return None
        found = _match(
            _SPEED, self.tempo, "tempo: give beats per minute such as 80, or a share such as 70%"
        )
        return _speed(found[1], relative=bool(found[2]), name="tempo")

    @property
    def ramp_speeds(self) -> tuple[Speed, Speed] | None:
        """The first and the last speed that ``ramp`` asks for."""
        if self.ramp is None:
            return None
        found = _match(_RAMP, self.ramp, "ramp: give two tempos such as 60-100 or 60-100%")
        low, high = (_speed(found[at], relative=bool(found[3]), name="ramp") for at in (1, 2))
        if high.value <= low.value:
            raise InputError(f"ramp {self.ramp}: the second tempo must be the faster one")
        return low, high

    @property
    def drone_pitches(self) -> tuple[int, ...]:
        """The MIDI numbers of the drone and its octave; empty without one."""
        if self.drone is None:
            return ()
        found = _match(_DRONE, self.drone, "drone: give a note such as D, F# or Bb")
        wanted = _SEMITONES[found[1].upper()] + {"#": 1, "b": -1, "": 0}[found[2]]
        lowest = _LOWEST_DRONE + (wanted - _LOWEST_DRONE) % 12
        return lowest, lowest + 12

    @property
    def playback(self) -> Playback:
        """The choices that it shares with files."""
        speed = self.speed
        return Playback(
            swing=self.swing,
            instrument=self.instrument,
            tempo=speed.value if speed is not None and not speed.relative else None,
            chords=self.chords,
        )


_READERS: Final[tuple[Callable[[PlayOptions], object], ...]] = (
    lambda options: options.range,
    lambda options: options.speed,
    lambda options: options.ramp_speeds,
    lambda options: options.drone_pitches,
)


def _match(pattern: re.Pattern[str], text: str, help_: str) -> re.Match[str]:
    found = pattern.fullmatch(text.strip())
    if found is None:
        raise InputError(f"{help_}, not {text!r}")
    return found


def _speed(text: str, *, relative: bool, name: str) -> Speed:
    value = float(text)
    low, high = (100 * FACTORS[0], 100 * FACTORS[1]) if relative else _BEATS
    if not low <= value <= high:
        unit = "%" if relative else " beats per minute"
        raise InputError(f"{name} {text}{unit}: must be from {low:g} to {high:g}{unit}")
    return Speed(value, relative)
