"""Notes get exact times: onsets from the grid, ends from what follows in the same part."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from abclm.reading.grid import Grid
from abclm.reading.score import QUARTER

__all__ = ["RawNote", "Tone", "snap_notes"]

_SIMPLE: Final = (1, 2, 4, 8, 3, 6)
"""Divisions of a beat in which an end is believed, from the simplest on."""
_SHORT: Final = QUARTER // 2
_FINE: Final = (16, 12, 32, 24)
"""More of them for notes shorter than an eighth note."""


class RawNote(NamedTuple):
    """A note with its times in quarter notes, as the file or the beat tracker has them."""

    start: float
    end: float
    pitch: int
    part: int


class Tone(NamedTuple):
    """A note with exact times, in ticks of a score; ``pitch`` is its MIDI number."""

    start: int
    end: int
    pitch: int
    part: int


def snap_notes(notes: Iterable[RawNote], grid: Grid, tick: float) -> list[Tone]:
    """Give every note its place on the grid; none is empty.

    Args:
        notes: of all parts.
        grid: of their onsets.
        tick: the length of a tick of the file, in quarter notes.

    Returns:
        By start, then from low to high. Of notes of one part with one start and pitch two are
        kept, since two voices may meet in a unison.
    """
    placed = [(grid.snap(note.start), note) for note in notes]
    starts: dict[int, set[int]] = defaultdict(set)
    for start, note in placed:
        starts[note.part].add(start)
    onsets = {part: sorted(times) for part, times in starts.items()}
    tolerance = max(1.01 * tick, 0.0015)
    tones = []
    for start, note in placed:
        end = _exact_end(start, note.end, grid, tolerance) if grid.exact else None
        if end is None:
            end = _likely_end(start, note.end, grid, onsets[note.part])
        tones.append(Tone(start, end, note.pitch, note.part))
    tones.sort(key=lambda tone: (tone.start, tone.pitch, tone.end))
    return _without_overlaps(_without_copies(tones))


def _without_copies(tones: Sequence[Tone]) -> list[Tone]:
    """At most two notes of a part with one start and pitch, in their order."""
    seen: Counter[tuple[int, int, int]] = Counter()
    kept = []
    for tone in tones:
        seen[tone.part, tone.start, tone.pitch] += 1
        if seen[tone.part, tone.start, tone.pitch] <= 2:
            kept.append(tone)
    return kept


def _without_overlaps(tones: list[Tone]) -> list[Tone]:
    """Notes that end where the same pitch begins again in their part, if not before."""
    following: dict[tuple[int, int], tuple[int, int]] = {}
    for index in range(len(tones) - 1, -1, -1):
        tone = tones[index]
        start, later = following.get((tone.part, tone.pitch), (tone.end, tone.end))
        limit = later if start == tone.start else start
        if limit < tone.end:
            tones[index] = tone._replace(end=limit)
        following[tone.part, tone.pitch] = (tone.start, limit)
    return tones


def _exact_end(start: int, end: float, grid: Grid, tolerance: float) -> int | None:
    """The end of a note that was written, if it lies on a division that is likely here."""
    beat = int(end + tolerance)
    short = end * QUARTER - start <= _SHORT + tolerance * QUARTER
    own = (grid.division(start / QUARTER), grid.division(end))
    for parts in (*_SIMPLE, *own, *(_FINE if short else ())):
        place = round((end - beat) * parts)
        if abs(end - beat - place / parts) <= tolerance:
            found = beat * QUARTER + place * (QUARTER // parts)
            return found if found > start else None
    return None


def _likely_end(start: int, end: float, grid: Grid, onsets: Sequence[int]) -> int:
    """The end of a note that was played or shortened: an onset near it, or the grid."""
    at = end * QUARTER
    following = bisect_right(onsets, start)
    near = bisect_left(onsets, at, lo=following)
    length = at - start
    reach = min(max(0.15 * QUARTER, 0.3 * length), 0.5 * QUARTER)
    beside = onsets[max(following, near - 1) : near + 1]
    if beside:
        closest = min(beside, key=lambda onset: abs(onset - at))
        if abs(closest - at) <= reach:
            return closest
    parts = min(grid.division(end), 4) if grid.division(end) % 3 else 3
    parts = max(parts, 2)
    beat = int(end + grid.margin)
    found = beat * QUARTER + round((end - beat) * parts) * (QUARTER // parts)
    if found > start:
        return found
    smallest = start + QUARTER // max(4, grid.division(start / QUARTER))
    return min(smallest, onsets[following]) if following < len(onsets) else smallest
