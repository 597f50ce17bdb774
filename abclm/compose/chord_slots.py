"""The places of a tune where the chord may change, each with the melody above it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from statistics import median
from typing import Final, NamedTuple

from abclm.notation.syntax.decorations import decoration_name
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.line import MelodicBar, MelodicLine, melodic_line
from abclm.notation.tune.line_notes import tonic_class
from abclm.notation.tune.music import BodyField, Event, Overlay, Tune

__all__ = ["BEATS", "HALVES", "Part", "Slot", "beat_of", "grid_of", "slots_of", "split_bar"]

BEATS: Final = "beats"
"""The chord may change at every beat, as in hymns."""
HALVES: Final = "halves"
"""The chord may change at the half bar, as in dances."""

_HALVES: Final = {
    (4, 4): "1/2 1/2",
    (2, 2): "1/2 1/2",
    (2, 4): "1/4 1/4",
    (3, 4): "1/2 1/4",
    (6, 8): "3/8 3/8",
    (9, 8): "3/8 3/8 3/8",
    (12, 8): "3/4 3/4",
    (3, 2): "1/2 1/2 1/2",
    (4, 2): "1 1",
    (6, 4): "3/4 3/4",
    (5, 4): "3/4 1/2",
}
"""The lengths of the slots of a bar in whole notes; a bar of another meter is one slot."""
_EVEN_HALVES: Final = frozenset({(4, 4), (2, 2), (2, 4), (6, 8), (12, 8), (6, 4), (4, 2)})
_HYMN_FERMATAS: Final = 2
_HYMN_VOICES: Final = 4
"""A tune with so many fermatas or voices is harmonised beat by beat."""
_LONG_NOTE: Final = 1.75
"""A note of at least so many beats ends a phrase of a melody harmonised beat by beat."""


class Part(NamedTuple):
    """The part of a melody note that sounds within a slot.

    Attributes:
        pitch: semitones above the tonic, 0 to 11.
        share: its length as a share of the slot's.
        strength: 0 if it sounds at the start of the slot, 1 if it begins in the middle, else 2.
    """

    pitch: int
    share: float
    strength: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the melody under one chord.

    Attributes:
        bar: index of the bar in which it begins.
        onset: where it begins in that bar, in whole notes.
        token: the note or rest that begins there.
        key: the key in force.
        parts: the melody above it.
        size: its length, in slots: 2 if the next one has no note of its own.
        level: 0 at the start of a bar, 1 at the half bar, else 2.
        place: its place in the section or phrase; the tables are learnt for each.
        opens: whether a section, a repeat or an ending starts here, where a symbol is restated.
        ending: the number of the ending that starts here; 0 if none does.
        section: index of its section.
    """

    bar: int
    onset: Fraction
    token: Token
    key: Key
    parts: tuple[Part, ...]
    size: int
    level: int
    place: str
    opens: bool
    ending: int
    section: int


class _Start(NamedTuple):
    """Where a slot begins: its bar and the times of its start and end from the tune's start."""

    bar: int
    index: int
    start: int
    stop: int
    token: Token


def slots_of(tune: Tune, grid: str | None = None) -> list[Slot]:
    """Return the slots of the first voice of ``tune``, in written order, without pickups.

    A slot begins with a note or a rest: one inside a held note is joined to the slot before it.

    Args:
        tune: a tune whose key has a tonic; without one, or without notes, there are no slots.
        grid: `BEATS` or `HALVES`; by default `grid_of` the tune.
    """
    line = melodic_line(tune)
    if line is None or tune.key is None:
        return []
    written = bars(tune.voices[0].tune)
    grid = grid or grid_of(tune)
    begins = [0]
    for bar in line.bars:
        begins.append(begins[-1] + bar.duration)
    starts = [*_starts(line, written, grid, begins)]
    keys = _keys(written, tune.key)
    places = _phrase_places(starts, written, line, begins) if grid == BEATS else None
    numbers = _numbers(written, line)
    sounding = _Sounding(line, begins)
    found: list[Slot] = []
    for at, one in enumerate(starts):
        bar = written[one.bar]
        following = starts[at + 1] if at + 1 < len(starts) else None
        nominal = split_bar(bar.meter, bar.duration, grid)
        length = line.ticks * nominal[min(one.index, len(nominal) - 1)]
        opens = _opens(bar.before) and (not at or starts[at - 1].bar != one.bar)
        opens = opens or not at or line.bars[starts[at - 1].bar].section != line.bars[one.bar].section
        found.append(
            Slot(
                bar=one.bar,
                onset=Fraction(one.start - begins[one.bar], line.ticks),
                token=one.token,
                key=keys[one.bar],
                parts=sounding.within(one),
                size=max(1, round((one.stop - one.start) / length)),
                level=_level(bar.meter, one, begins[one.bar], line.ticks),
                place=places[at] if places else _bar_place(one, following, numbers, written),
                opens=opens,
                ending=bar.before.ending[0] if opens and bar.before.ending else 0,
                section=line.bars[one.bar].section,
            )
        )
    return found


def grid_of(tune: Tune) -> str:
    """Return how often chords change under a melody: `BEATS` in a hymn, `HALVES` in others.

    What marks a hymn is the fermatas at the ends of its lines, or four voices.
    """
    events = tune.voices[0].tune.events
    fermatas = sum(map(_has_fermata, events))
    hymn = fermatas >= _HYMN_FERMATAS or len(tune.voices) >= _HYMN_VOICES
    return BEATS if hymn else HALVES


def beat_of(meter: Meter) -> Fraction:
    """Return the length of a beat, in whole notes: three eighths in 6/8, a quarter in 2/2."""
    if meter.compound:
        return Fraction(3, meter.beat_unit)
    return Fraction(1, 4) if (meter.beats, meter.beat_unit) == (2, 2) else (
        Fraction(1, meter.beat_unit) if meter.beats else Fraction(1, 4)
    )


def split_bar(meter: Meter, duration: Fraction, grid: str) -> list[Fraction]:
    """Return the lengths of the slots of a bar of ``meter`` that lasts ``duration``."""
    full = meter.bar
    if full is None or duration > full:
        return [duration]
    if grid == BEATS:
        beat = beat_of(meter)
        return [beat] * max(1, int(full / beat))
    lengths = _HALVES.get((meter.beats, meter.beat_unit))
    return [Fraction(one) for one in lengths.split()] if lengths else [full]


class _Sounding:
    """The notes of a line by absolute time, in ticks."""

    def __init__(self, line: MelodicLine, begins: Sequence[int]) -> None:
        self._notes = [
            (begins[note.bar] + note.onset, note.duration, note.above_tonic) for note in line.notes
        ]
        self._from = 0

    def within(self, one: _Start) -> tuple[Part, ...]:
        """The parts of notes that sound within a slot; slots are asked for in order."""
        notes = self._notes
        while self._from < len(notes) and sum(notes[self._from][:2]) <= one.start:
            self._from += 1
        parts = []
        for onset, duration, pitch in notes[self._from :]:
            if onset >= one.stop:
                break
            overlap = min(one.stop, onset + duration) - max(one.start, onset)
            if overlap <= 0:
                continue
            strength = 2 - (2 * onset == one.start + one.stop) if onset > one.start else 0
            parts.append(Part(pitch, overlap / (one.stop - one.start), strength))
        return tuple(parts)


def _starts(
    line: MelodicLine, written: Sequence[Bar], grid: str, begins: Sequence[int]
) -> Iterator[_Start]:
    """The slots that begin with a note or a rest; the others are joined to the one before."""
    waiting: _Start | None = None
    for at, (bar, melodic) in enumerate(zip(written, line.bars, strict=True)):
        if melodic.pickup and grid == HALVES:
            if waiting is not None:
                yield waiting
            waiting = None
            continue
        for index, start, stop in _cuts(bar, melodic, line.ticks, grid):
            token = _token_at(bar, Fraction(start, line.ticks))
            start_at, stop_at = begins[at] + start, begins[at] + stop
            if token is None:
                waiting = waiting._replace(stop=stop_at) if waiting else None
                continue
            if waiting is not None:
                yield waiting
            waiting = _Start(at, index, start_at, stop_at, token)
    if waiting is not None:
        yield waiting


def _cuts(
    bar: Bar, melodic: MelodicBar, ticks: int, grid: str
) -> Iterator[tuple[int, int, int]]:
    """The index, start and stop of each slot within a bar, in ticks; a pickup fills its end."""
    missing = (melodic.measure or 0) - melodic.duration if melodic.pickup else 0
    now = -missing
    for index, length in enumerate(split_bar(bar.meter, bar.duration, grid)):
        start, now = now, now + int(length * ticks)
        if now > 0 and start < melodic.duration:
            yield index, max(0, start), min(now, melodic.duration)


def _token_at(bar: Bar, time: Fraction) -> Token | None:
    """The first token of the note or rest of the first layer that begins at ``time``."""
    now = Fraction(0)
    for item in takewhile(lambda item: not isinstance(item, Overlay), bar.items):
        if isinstance(item, Event):
            if now == time:
                return item.token
            now += item.duration
    return None


def _keys(written: Sequence[Bar], key: Key) -> list[Key]:
    """The key in force in each bar; a change inside a bar holds from its start."""
    keys: list[Key] = []
    for bar in written:
        for item in bar.items:
            if isinstance(item, BodyField) and item.name == "K":
                new = parse_key(item.value)
                key = new if new is not None and tonic_class(new) is not None else key
        keys.append(key)
    return keys


def _opens(before: object) -> bool:
    return bool(before.ending) or before.ends_section  # type: ignore[attr-defined]


def _level(meter: Meter, one: _Start, begin: int, ticks: int) -> int:
    if not one.index:
        return 0
    full = meter.bar
    half = full is not None and 2 * (one.start - begin) == full * ticks
    return 1 if half and (meter.beats, meter.beat_unit) in _EVEN_HALVES else 2


def _numbers(written: Sequence[Bar], line: MelodicLine) -> list[int]:
    """The number of each bar in its section as played: a second ending counts like the first."""
    numbers: list[int] = []
    shift, first = 0, 0
    for bar, melodic in zip(written, line.bars, strict=True):
        if bar.before.ending:
            if bar.before.ending[0] == 1:
                first = melodic.place
            else:
                shift = melodic.place - first if first else 0
        if melodic.place <= 1:
            shift, first = 0, 0 if not bar.before.ending else first
        numbers.append(max(0, melodic.place - shift))
    return numbers


def _bar_place(
    one: _Start, following: _Start | None, numbers: Sequence[int], written: Sequence[Bar]
) -> str:
    """The place of a slot in its section, with ``+`` after the first slot of a bar.

    ``close`` for the last slot, ``end`` for others of the last bar, ``pre`` in the bar before it,
    else the number of the bar from 1 to 8.
    """
    later = "+" if one.index else ""
    if _ends(written, one.bar):
        return f"end{later}" if following and following.bar == one.bar else "close"
    if one.bar + 1 < len(written) and _ends(written, one.bar + 1):
        return f"pre{later}"
    return f"{(numbers[one.bar] - 1) % 8 + 1}{later}"


def _ends(written: Sequence[Bar], at: int) -> bool:
    after = written[at].after
    return after.ends_section or (bool(after.ending) and after.closes)


def _phrase_places(
    starts: Sequence[_Start],
    written: Sequence[Bar],
    line: MelodicLine,
    begins: Sequence[int],
) -> list[str]:
    """The place of each slot in a phrase, which ends at a fermata, a long note or a section's end.

    ``end``, before it ``pre`` and ``pre2``; ``1`` after it; ``mid`` elsewhere.
    """
    ends = _phrase_ends(line, written, begins)
    places = ["mid"] * len(starts)
    last = -1
    for at, one in enumerate(starts):
        final = at + 1 == len(starts) or (
            starts[at + 1].bar != one.bar and _ends(written, one.bar)
        )
        if not (final or any(one.start <= time < one.stop for time in ends)):
            continue
        for back, name in ((0, "end"), (1, "pre"), (2, "pre2")):
            if at - back > last:
                places[at - back] = name
        if last + 1 < at - 2:
            places[last + 1] = "1"
        last = at
    return places


def _phrase_ends(
    line: MelodicLine, written: Sequence[Bar], begins: Sequence[int]
) -> list[int]:
    """The onsets of notes that end a phrase, in ticks: those with a fermata, else long ones."""
    marked: list[int] = []
    for at, bar in enumerate(written):
        now = Fraction(0)
        for event in bar.events:
            if _has_fermata(event):
                marked.append(begins[at] + int(now * line.ticks))
            now += event.duration
    if marked:
        return marked
    usual = median(note.duration for note in line.notes)
    return [
        begins[note.bar] + note.onset
        for note in line.notes
        if note.duration >= max(
            1.5 * usual, _LONG_NOTE * float(beat_of(line.bars[note.bar].meter)) * line.ticks
        )
    ]


def _has_fermata(event: Event) -> bool:
    return any(decoration_name(one) in {"H", "fermata"} for one in event.decorations)
