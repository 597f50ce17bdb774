"""The melodic line of a tune as written: its notes relative to the tonic, bar by bar.

A chord counts as its top note, tied notes as one; grace notes are counted but not part of the line,
and repeats are not expanded. All times of a line are integers, in ticks whose size is its own.
"""

from dataclasses import dataclass
from functools import cached_property

from abclm.notation.syntax.meter import Meter
from abclm.notation.tune.bars import bars
from abclm.notation.tune.line_notes import LineReader, MelodicNote, tonic_class
from abclm.notation.tune.music import Tune
from abclm.notation.tune.numbering import number_bars

__all__ = ["MelodicBar", "MelodicLine", "MelodicNote", "melodic_line"]


@dataclass(frozen=True)
class MelodicBar:
    """One bar of the line.

    Attributes:
        notes: the notes that begin in it.
        duration: its length, in ticks.
        measure: the length of a full bar, in ticks; None in free meter.
        meter: the meter in force in it.
        section: index of its section, from 0; a section ends at a double bar or a repeat sign.
        place: number in the section, from 1; a pickup has 0.
        pickup: whether it is a short bar that opens a section.
        rests: the number of its rests.
        needless: the number of its accidentals that repeat the key signature or an accidental
            before them in the bar.
    """

    notes: tuple[MelodicNote, ...]
    duration: int
    measure: int | None
    meter: Meter
    section: int
    place: int
    pickup: bool
    rests: int
    needless: int

    @property
    def full(self) -> bool:
        """Whether it lasts one measure."""
        return self.duration == self.measure

    @cached_property
    def figure(self) -> tuple[tuple[int, int, int], ...]:
        """Onset, duration and pitch of each note: equal for bars that are the same."""
        return tuple((note.onset, note.duration, note.pitch) for note in self.notes)

    @cached_property
    def rhythm(self) -> tuple[tuple[int, int], ...]:
        """Onset and duration of each note."""
        return tuple((note.onset, note.duration) for note in self.notes)


@dataclass(frozen=True)
class MelodicLine:
    """The melodic line of a tune; it has a tonic and at least one note.

    Attributes:
        bars: the bars in written order, including bars of rests.
        ticks: the number of ticks in a whole note.
        tonic: the tonic of the tune's key, 0 for C to 11 for B.
        mode: canonical suffix of that key: empty for major, ``m``, ``mix``, ``dor`` …
    """

    bars: tuple[MelodicBar, ...]
    ticks: int
    tonic: int
    mode: str

    @cached_property
    def notes(self) -> tuple[MelodicNote, ...]:
        """All notes in order."""
        return tuple(note for bar in self.bars for note in bar.notes)

    @cached_property
    def full_bars(self) -> tuple[MelodicBar, ...]:
        """The bars that last one measure and have notes."""
        return tuple(bar for bar in self.bars if bar.full and bar.notes)

    @cached_property
    def sections(self) -> tuple[tuple[MelodicBar, ...], ...]:
        """The bars of each section, without pickups and bars of rests."""
        found: dict[int, list[MelodicBar]] = {}
        for bar in self.bars:
            if bar.notes and not bar.pickup:
                found.setdefault(bar.section, []).append(bar)
        return tuple(map(tuple, found.values()))


def melodic_line(tune: Tune) -> MelodicLine | None:
    """Return the line of the first voice of ``tune``; None without notes or without a tonic."""
    voices, tonic = tune.voices, tonic_class(tune.key)
    if not voices or tune.key is None or tonic is None:
        return None
    written = bars(voices[0].tune)
    reader = LineReader(tune.key, written)
    for bar in written:
        reader.read(bar)
    if not any(reader.notes):
        return None
    read = tuple(
        MelodicBar(
            tuple(notes),
            reader.in_ticks(bar.duration),
            reader.in_ticks(bar.meter.bar) if bar.meter.bar is not None else None,
            bar.meter,
            number.section,
            number.in_section,
            number.pickup,
            rests,
            needless,
        )
        for bar, number, notes, rests, needless in zip(
            written,
            number_bars(written),
            reader.notes,
            reader.rests,
            reader.needless,
            strict=True,
        )
    )
    return MelodicLine(read, reader.ticks, tonic, tune.key.mode)
