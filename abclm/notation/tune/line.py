"""The melodic line of a tune as it is written: its notes against the tonic, bar by bar.

Of a chord the top note counts, tied notes are one, grace notes are counted but not part of the
line, and repeats are not played. All times of a line are integers, in ticks of its own.
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
        notes: those that begin in it.
        duration: of the bar, in ticks.
        measure: how long a full bar lasts, in ticks; None in free meter.
        meter: that holds in it.
        section: from 0; a section ends at a double bar or a repeat sign.
        place: number in the section, from 1; a pickup has 0.
        pickup: whether it is a short bar that opens a section.
        rests: how many it has.
        needless: how many of its accidentals say what the key signature, or an accidental before
            them in the bar, says already.
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
    """The melodic line of a tune; it has a tonic and a note at least.

    Attributes:
        bars: in written order; a rest alone makes a bar too.
        ticks: in a whole note.
        tonic: of the tune's own key, 0 for C to 11 for B.
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
        """The bars of each section, without its pickup and without bars of rests alone."""
        found: dict[int, list[MelodicBar]] = {}
        for bar in self.bars:
            if bar.notes and not bar.pickup:
                found.setdefault(bar.section, []).append(bar)
        return tuple(map(tuple, found.values()))


def melodic_line(tune: Tune) -> MelodicLine | None:
    """The line of the first voice of ``tune``; None without notes or without a tonic."""
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
