"""A MIDI file as data: its notes, and its tempos, meters, keys and names."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

__all__ = ["DRUMS", "KeyEvent", "MeterEvent", "MidiFile", "MidiNote", "TempoEvent"]

DRUMS: Final = 9
"""The channel of drums in General MIDI, counted from 0."""


class MidiNote(NamedTuple):
    """A note, its times in ticks of the file."""

    start: int
    end: int
    pitch: int
    track: int
    channel: int


class TempoEvent(NamedTuple):
    """From ``tick`` on, a quarter note lasts ``microseconds``."""

    tick: int
    microseconds: int


class MeterEvent(NamedTuple):
    """From ``tick`` on, the meter is ``numerator/denominator``."""

    tick: int
    numerator: int
    denominator: int


class KeyEvent(NamedTuple):
    """From ``tick`` on, ``fifths`` sharps (flats if negative), major or minor."""

    tick: int
    fifths: int
    minor: bool


@dataclass(slots=True)
class MidiFile:
    """What a file says.

    Attributes:
        division: ticks in a quarter note.
        notes: by start, then from low to high.
        tempos, meters, keys: by tick; keys that do not exist are left out.
        names: of the tracks that have one, by number.
        programs: the first program of a track and channel.
        rights: the copyright notice.
        timed: whether the file counts in seconds (SMPTE) and so has no beats.
        mended: what was mended, each in a clause.
    """

    division: int
    notes: list[MidiNote] = field(default_factory=list)
    tempos: list[TempoEvent] = field(default_factory=list)
    meters: list[MeterEvent] = field(default_factory=list)
    keys: list[KeyEvent] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    programs: dict[tuple[int, int], int] = field(default_factory=dict)
    rights: str = ""
    timed: bool = False
    mended: list[str] = field(default_factory=list)

    def seconds(self, ticks: list[int]) -> list[float]:
        """The times of ``ticks``, which must be in order, in seconds by the tempos."""
        tempos = iter([] if self.timed else self.tempos)
        coming = next(tempos, None)
        times, at, base, length = [], 0, 0.0, 500_000
        for tick in ticks:
            while coming is not None and coming.tick <= tick:
                base += (coming.tick - at) * length / self.division / 1e6
                at, length = coming.tick, coming.microseconds
                coming = next(tempos, None)
            times.append(base + (tick - at) * length / self.division / 1e6)
        return times
