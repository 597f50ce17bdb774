"""The notes of a part of MusicXML as voices, none of whose notes overlap."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from abclm.reading.score import QUARTER, ChordSymbol, Note, Pitch, ScoreVoice
from abclm.reading.xml_attributes import number
from abclm.reading.xml_note import RawNote
from abclm.reading.xml_part import PartReader

__all__ = ["Timing", "voices_of"]

_Voice = tuple[int, str]
"""A staff, or 0 where voices cross between staves, and a voice."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Where measures begin.

    Attributes:
        quarter: units of time in a quarter note.
        starts: the tick at which each measure starts.
        lengths: the ticks that each lasts.
    """

    quarter: int
    starts: Sequence[int]
    lengths: Sequence[int]

    def ticks(self, units: int) -> int:
        """Return units of time as ticks, rounded."""
        return (units * QUARTER + self.quarter // 2) // self.quarter


class _Placed(NamedTuple):
    """A note and its measure."""

    measure: int
    note: RawNote


@dataclass(slots=True)
class _Line:
    """Notes, none of which overlap, and the measures they stand in."""

    staff: int
    notes: list[_Placed] = field(default_factory=list)
    measures: set[int] = field(default_factory=set)
    end: tuple[int, int] = (-1, 0)

    def takes(self, placed: _Placed) -> bool:
        """Add a note if it starts after the others, or to the chord that it belongs to."""
        measure, note = placed
        if self.end <= (measure, note.start):
            self.notes.append(placed)
            self.measures.add(measure)
            self.end = (measure, note.start + note.duration)
            return True
        last = self.notes[-1]
        same = (last.measure, last.note.start, last.note.duration)
        if same != (measure, note.start, note.duration):
            return False
        last.note.pitches += note.pitches
        last.note.held += note.held
        return True


def voices_of(part: PartReader, timing: Timing) -> list[list[ScoreVoice]]:
    """Return the voices of each staff, from the top one down; each staff has one at least."""
    staves = max(1, min(part.staves, 16))
    by_staff: list[list[_Line]] = [[] for _ in range(staves)]
    for line in _lines(part):
        by_staff[min(max(line.staff, 1), staves) - 1].append(line)
    chords = _chords(part, timing, staves)
    return [
        [
            ScoreVoice(
                tuple(_notes(line.notes, timing)),
                _clef(part, staff),
                () if place else tuple(chords[staff - 1]),
            )
            for place, line in enumerate(_shared(lines) or [_Line(staff)])
        ]
        for staff, lines in enumerate(by_staff, 1)
    ]


def _lines(part: PartReader) -> Iterator[_Line]:
    """The voices of a part, and further lines for those of their notes that overlap."""
    cross = not _conflicts(part)
    found: dict[_Voice, list[_Line]] = {}
    staves: dict[_Voice, Counter[int]] = {}
    for index, measure in enumerate(part.measures):
        for note in sorted(measure.notes, key=_start):
            if not note.pitches:
                continue
            voice = (0 if cross else note.staff, note.voice)
            lines = found.setdefault(voice, [])
            staves.setdefault(voice, Counter())[note.staff] += 1
            placed = _Placed(index, note)
            if not any(line.takes(placed) for line in lines):
                lines.append(_Line(0))
                lines[-1].takes(placed)
    for voice in sorted(found, key=lambda one: (one[0], number(one[1], 99), one[1])):
        staff = staves[voice].most_common(1)[0][0]
        for line in found[voice]:
            line.staff = staff
            yield line


def _start(note: RawNote) -> int:
    return note.start


def _conflicts(part: PartReader) -> bool:
    """Whether one voice sounds on two staves at once, so that each staff has its own."""
    if part.staves < 2:
        return False
    for measure in part.measures:
        ends: dict[str, tuple[int, int]] = {}
        for note in sorted(measure.notes, key=_start):
            if not note.pitches:
                continue
            staff, end = ends.get(note.voice, (note.staff, 0))
            if staff != note.staff and note.start < end:
                return True
            ends[note.voice] = (note.staff, note.start + note.duration)
    return False


def _shared(lines: Iterable[_Line]) -> list[_Line]:
    """Join lines that never stand in the same measure."""
    joined: list[_Line] = []
    for line in lines:
        other = next((one for one in joined if not one.measures & line.measures), None)
        if other is None:
            joined.append(line)
        else:
            other.measures |= line.measures
            other.notes = sorted([*other.notes, *line.notes], key=lambda one: one.measure)
    return joined


def _notes(placed: Sequence[_Placed], timing: Timing) -> Iterator[Note]:
    verses = sorted(
        {verse for _, note in placed for verse in note.lyrics},
        key=lambda verse: (number(verse, 99), verse),
    )
    holding: set[str] = set()
    for index, note in placed:
        begin, length = timing.starts[index], timing.lengths[index]
        start = timing.ticks(note.start)
        end = min(length, timing.ticks(note.start + note.duration))
        if start >= end:
            continue
        lyrics: tuple[str, ...] = ()
        if verses:
            lyrics = tuple(
                note.lyrics.get(verse, "_" if verse in holding else "") for verse in verses
            )
            holding = (holding - note.lyrics.keys()) | note.extends
        yield Note(
            begin + start,
            end - start,
            _sorted(note.pitches),
            note.tuplet,
            tuple(note.graces),
            tuple(note.symbols),
            tuple(note.texts),
            note.opens,
            note.closes,
            lyrics,
            tuple(note.held),
        )


def _sorted(pitches: Sequence[Pitch]) -> tuple[Pitch, ...]:
    """The pitches of a chord from low to high, each once."""
    if len(pitches) == 1:
        return tuple(pitches)
    return tuple(sorted({*pitches}, key=lambda one: (one.octave, "CDEFGAB".index(one.letter), one)))


def _clef(part: PartReader, staff: int) -> str:
    """The clef of most notes of a staff."""
    known = part.clefs.get(staff)
    return known.most_common(1)[0][0] if known else "treble"


def _chords(part: PartReader, timing: Timing, staves: int) -> list[list[ChordSymbol]]:
    """The chord symbols of each staff, each time once."""
    found: list[dict[int, str]] = [{} for _ in range(staves)]
    for index, measure in enumerate(part.measures):
        for units, staff, text in measure.chords:
            start = min(timing.ticks(units), timing.lengths[index] - 1)
            found[min(max(staff, 1), staves) - 1].setdefault(timing.starts[index] + start, text)
    return [[ChordSymbol(start, text) for start, text in sorted(one.items())] for one in found]
