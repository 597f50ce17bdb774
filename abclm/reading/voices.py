"""One stream of notes becomes voices: a beam search for the way in which each moves least.

After the costs of Chew and Wu (2004) and Temperley (2009): a voice moves by small intervals, stays
in its register, does not rest or stop a note without need, and does not cross another.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, groupby, pairwise
from typing import Final, NamedTuple

from abclm.reading.score import QUARTER
from abclm.reading.tones import Tone
from abclm.reading.trail import Trail, choices

__all__ = ["MOST", "separate", "usual_voices"]

_BEAM: Final = 8
MOST: Final = 8
"""No more voices than this are separated."""
_FULL: Final = 10
"""The notes of a larger chord are shared out evenly."""
_STEADY: Final = 0.85
"""A stream has n voices if n notes sound for this share of its time."""

_MOVE, _REGISTER, _STOP, _REST, _CROSS, _CHORD = 1.0, 0.35, 30.0, 1.5, 7.0, 8.0
"""Costs: of a semitone, of a semitone away from the register, of stopping a note for a quarter, of
a rest of a quarter, of crossing another voice, of two notes in one voice."""


class _Voice(NamedTuple):
    """Where a voice is."""

    pitch: int
    end: int
    home: float


class _State(NamedTuple):
    """Where the voices are, what it cost, and which voices the notes of each onset were given."""

    cost: float
    voices: tuple[_Voice, ...]
    trail: Trail[tuple[int, ...]] | None


def usual_voices(tones: Sequence[Tone]) -> int | None:
    """How many voices sound together nearly all the time, 2 or more; None if that varies."""
    changes: Counter[int] = Counter()
    for tone in tones:
        changes[tone.start] += 1
        changes[tone.end] -= 1
    lasting: Counter[int] = Counter()
    sounding, before = 0, 0
    for time, change in sorted(changes.items()):
        lasting[sounding] += time - before
        sounding, before = sounding + change, time
    del lasting[0]
    count, ticks = lasting.most_common(1)[0]
    steady = ticks >= _STEADY * lasting.total() and 2 <= count <= MOST
    return count if steady else None


def separate(tones: Sequence[Tone], count: int) -> list[int]:
    """The voice of each note, 0 for the highest.

    Args:
        tones: of one stream, by start, then from low to high.
        count: the number of voices.
    """
    beam = [_State(0.0, _first_voices(tones, count), None)]
    for time, group in groupby(tones, key=lambda tone: tone.start):
        notes = list(group)[::-1]
        beam = _pruned(state for before in beam for state in _extended(before, time, notes, count))
    best = min(beam, key=lambda state: state.cost)
    return [voice for chosen in choices(best.trail) for voice in reversed(chosen)]


def _first_voices(tones: Sequence[Tone], count: int) -> tuple[_Voice, ...]:
    """Voices in the registers where full chords put them; else spread over the range."""
    full = [
        [tone.pitch for tone in group]
        for _, notes in groupby(tones, key=lambda tone: tone.start)
        if len(group := list(notes)) == count
    ]
    if len(full) >= 3:
        columns = [sorted(column)[len(full) // 2] for column in zip(*full, strict=True)]
    else:
        pitches = sorted(tone.pitch for tone in tones)
        columns = [pitches[int(len(pitches) * (one + 0.5) / count)] for one in range(count)]
    return tuple(_Voice(pitch, 0, pitch) for pitch in reversed(columns))


def _pruned(states: Iterator[_State]) -> list[_State]:
    """The cheapest states, one for each place that the voices can be in."""
    best: dict[tuple[tuple[int, int], ...], _State] = {}
    for state in states:
        key = tuple((voice.pitch, voice.end) for voice in state.voices)
        if key not in best or state.cost < best[key].cost:
            best[key] = state
    return sorted(best.values(), key=lambda state: state.cost)[:_BEAM]


def _extended(before: _State, time: int, notes: list[Tone], count: int) -> Iterator[_State]:
    """All likely ways to give ``notes``, from high to low, to the voices."""
    for chosen in _assignments(len(notes), count):
        cost, voices = before.cost, list(before.voices)
        taken: set[int] = set()
        for note, number in zip(notes, chosen, strict=True):
            voice = voices[number]
            if number in taken:
                cost += _CHORD + 0.2 * abs(note.pitch - voice.pitch)
                end = max(voice.end, note.end)
                voices[number] = voice._replace(end=end)
                continue
            taken.add(number)
            cost += _step_cost(voice, note, time)
            home = 0.97 * voice.home + 0.03 * note.pitch
            voices[number] = _Voice(note.pitch, note.end, home)
        cost += _CROSS * sum(
            upper.pitch < lower.pitch and upper.end > time and lower.end > time
            for upper, lower in combinations(voices, 2)
        )
        yield _State(cost, tuple(voices), Trail(before.trail, chosen))


def _step_cost(voice: _Voice, note: Tone, time: int) -> float:
    """What it costs a voice to go on with a note."""
    gap = (time - voice.end) / QUARTER
    cost = _MOVE * min(12, abs(note.pitch - voice.pitch)) + _REGISTER * abs(note.pitch - voice.home)
    return cost + (_STOP * min(1.0, 0.3 - gap) if gap < 0 else _REST * min(4.0, gap))


@lru_cache(maxsize=128)
def _assignments(notes: int, count: int) -> tuple[tuple[int, ...], ...]:
    """Voices for notes from high to low: in order, or with two neighbours exchanged."""
    return tuple(_ordered(notes, count))


def _ordered(notes: int, count: int) -> Iterator[tuple[int, ...]]:
    if notes > _FULL:
        yield tuple(place * count // notes for place in range(notes))
        return
    if notes > count:
        # Neighbours share a voice; the first voices get the surplus, or the last, or each alike.
        for shares in combinations(range(1, notes), count - 1):
            bounds = (0, *shares, notes)
            sizes = [end - start for start, end in pairwise(bounds)]
            if max(sizes) <= -(-notes // count) + 1:
                yield tuple(voice for voice, size in enumerate(sizes) for _ in range(size))
        return
    for chosen in combinations(range(count), notes):
        yield chosen
        for place in range(notes - 1):
            swapped = list(chosen)
            swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
            yield tuple(swapped)
