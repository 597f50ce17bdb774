"""Where the chord of a tune may change: at the half bar in dances, at the beat in hymns."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import takewhile
from typing import Final, NamedTuple

from abclm.notation.syntax.decorations import decoration_name
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.line import MelodicBar, MelodicLine, melodic_line
from abclm.notation.tune.music import Event, Overlay, Tune

__all__ = [
    "BEATS",
    "HALVES",
    "Start",
    "beat_of",
    "grid_of",
    "has_fermata",
    "split_bar",
    "starts_of",
]

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
_HYMN_FERMATAS: Final = 2
_HYMN_VOICES: Final = 4
_HYMN_BEATS: Final = 0.78
"""A tune with so many fermatas or voices, or such a share of beats with one note, is a hymn."""


class Start(NamedTuple):
    """Where a slot begins.

    Attributes:
        bar: index of the bar.
        number: index of the slot in the bar.
        start, stop: its times from the start of the tune, in ticks.
        token: the note or rest that begins there.
        level: 0 at the start of a bar, 1 at the half bar, else 2.
        size: its length in slots: 2 if the next one has no note of its own.
    """

    bar: int
    number: int
    start: int
    stop: int
    token: Token
    level: int
    size: int = 1


def grid_of(tune: Tune) -> str:
    """Return how often chords change under a melody: `BEATS` in a hymn, `HALVES` in others.

    What marks a hymn is fermatas at the ends of its lines, four voices, or a melody without ``R:``
    in 4/4 or 2/2 that moves from beat to beat.
    """
    fermatas = sum(map(has_fermata, tune.voices[0].tune.events))
    hymn = fermatas >= _HYMN_FERMATAS or len(tune.voices) >= _HYMN_VOICES
    moves = not tune.value("R") and _beat_by_beat(melodic_line(tune)) >= _HYMN_BEATS
    return BEATS if hymn or moves else HALVES


def has_fermata(event: Event) -> bool:
    """Whether a note, chord or rest has a fermata."""
    return any(decoration_name(one) in {"H", "fermata"} for one in event.decorations)


def beat_of(meter: Meter) -> Fraction:
    """Return the length of a beat, in whole notes: three eighths in 6/8, a quarter in 2/2."""
    if meter.compound:
        return Fraction(3, meter.beat_unit)
    if not meter.beats or (meter.beats, meter.beat_unit) == (2, 2):
        return Fraction(1, 4)
    return Fraction(1, meter.beat_unit)


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


def starts_of(
    line: MelodicLine, written: Sequence[Bar], grid: str, begins: Sequence[int]
) -> Iterator[Start]:
    """Yield the slots that begin with a note or a rest; others are joined to the one before.

    Args:
        line: the melody.
        written: its bars.
        grid: `BEATS`, or `HALVES`, in which pickups have no slot.
        begins: the times at which the bars begin, in ticks.
    """
    waiting: Start | None = None
    for at, (bar, melodic) in enumerate(zip(written, line.bars, strict=True)):
        if melodic.pickup and grid == HALVES:
            if waiting is not None:
                yield waiting
            waiting = None
            continue
        for number, start, stop in _cuts(bar, melodic, line.ticks, grid):
            token = _token_at(bar, Fraction(start, line.ticks))
            if token is not None:
                if waiting is not None:
                    yield waiting
                level = _level(bar.meter, number, Fraction(start, line.ticks))
                waiting = Start(at, number, begins[at] + start, begins[at] + stop, token, level)
            elif waiting is not None:
                waiting = waiting._replace(stop=begins[at] + stop, size=waiting.size + 1)
    if waiting is not None:
        yield waiting


def _cuts(bar: Bar, melodic: MelodicBar, ticks: int, grid: str) -> Iterator[tuple[int, int, int]]:
    """The number, start and stop of each slot within a bar, in ticks; a pickup fills its end."""
    missing = (melodic.measure or 0) - melodic.duration if melodic.pickup else 0
    now = -missing
    for number, length in enumerate(split_bar(bar.meter, bar.duration, grid)):
        start, now = now, now + int(length * ticks)
        if now > 0 and start < melodic.duration:
            yield number, max(0, start), min(now, melodic.duration)


def _token_at(bar: Bar, time: Fraction) -> Token | None:
    """The first token of the note or rest of the first layer that begins at ``time``."""
    now = Fraction(0)
    for item in takewhile(lambda item: not isinstance(item, Overlay), bar.items):
        if isinstance(item, Event):
            if now == time:
                return item.token
            now += item.duration
    return None


def _beat_by_beat(line: MelodicLine | None) -> float:
    """The share of beats in which one note begins, at their start; 0 in other meters than 4/4."""
    full = line.full_bars if line is not None else ()
    if line is None or any(bar.meter.bar != 1 or bar.meter.compound for bar in full):
        return 0.0
    onsets = [
        [note.onset for note in bar.notes if beat <= 4 * note.onset / line.ticks < beat + 1]
        for bar in full
        for beat in range(4)
    ]
    single = sum(len(one) == 1 and 4 * one[0] % line.ticks == 0 for one in onsets)
    return single / len(onsets) if onsets else 0.0


def _level(meter: Meter, number: int, onset: Fraction) -> int:
    if not number:
        return 0
    return 1 if meter.beats % 2 == 0 and 2 * onset == meter.bar else 2
