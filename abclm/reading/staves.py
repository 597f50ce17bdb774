"""The notes of one part become chords in at most two voices a staff, and a piano's in two staves.

What three voices would be needed for is shortened, so that every onset stays; where ends are exact,
`one_voice.with_ties` then gives the notes their lengths back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from abclm.reading.score import QUARTER
from abclm.reading.tones import Tone
from abclm.reading.trail import Trail, choices

__all__ = ["Chord", "Layers", "is_for_two_hands", "single_voice", "split_hands", "split_layers"]

_BEAM: Final = 6
_MANY: Final = 8
"""A chord of more notes is not parted between any two of them."""
_MIDDLE: Final = 60
_SPAN: Final = 14
"""A hand reaches this many semitones with ease."""


_WIDE: Final = 19
"""A part that spans no more semitones, but for a tenth at each end, needs one staff."""
_STRETCH, _LEAP, _AWAY, _BEYOND, _IDLE = 2.0, 0.18, 0.01, 0.07, 0.5
"""Costs of a hand: of a semitone beyond its reach, from where it was, from its usual place, and on
the other hand's side of middle C; and of playing nothing."""
_UNISON: Final = 3.0
"""What it costs to write a unison of two notes as one."""


class Chord(NamedTuple):
    """Notes of one voice that sound together, as indices from low to high.

    Those that are ``held`` are tied to the next chord.
    """

    start: int
    end: int
    members: tuple[int, ...]
    held: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Layers:
    """The voices of a staff, one or two, and how many notes had to be shortened."""

    voices: tuple[tuple[Chord, ...], ...]
    shortened: int


def is_for_two_hands(tones: Sequence[Tone]) -> bool:
    """Whether a part is so wide and full that it needs two staves."""
    pitches = sorted(tone.pitch for tone in tones)
    low, high = pitches[len(pitches) // 10], pitches[-(len(pitches) // 10) - 1]
    return low < _MIDDLE < high and high - low > _WIDE and _is_full(tones)


def _is_full(tones: Sequence[Tone]) -> bool:
    """Whether a note in five, at least, sounds while another begins."""
    overlapping, sounding = 0, -1
    for tone in tones:
        overlapping += tone.start < sounding
        sounding = max(sounding, tone.end)
    return overlapping >= 0.2 * len(tones)


class _Hands(NamedTuple):
    """Where both hands are: their middle pitches, and the way here."""

    cost: float
    left: float
    right: float
    trail: Trail[int] | None


def split_hands(tones: Sequence[Tone]) -> list[int]:
    """The hand of each note, 0 for the right and 1 for the left.

    Args:
        tones: of one part, by start, then from low to high.
    """
    beam = [_Hands(0.0, 48.0, 67.0, None)]
    groups = [list(group) for _, group in groupby(tones, key=lambda tone: tone.start)]
    for notes in groups:
        pitches = [note.pitch for note in notes]
        cuts = [len(notes) - cut for cut in _cuts(notes)]
        states = [_with_left(before, pitches, cut) for before in beam for cut in cuts]
        best: dict[tuple[int, int], _Hands] = {}
        for state in sorted(states, key=_cost_of):
            best.setdefault((round(state.left), round(state.right)), state)
        beam = list(best.values())[:_BEAM]
    return [
        int(place < count)
        for notes, count in zip(groups, choices(beam[0].trail), strict=True)
        for place in range(len(notes))
    ]


def _with_left(before: _Hands, pitches: Sequence[int], count: int) -> _Hands:
    """The hands after the left one has played the ``count`` lowest notes."""
    cost, left, right = before.cost, before.left, before.right
    for hand, home, played in ((0, 48.0, pitches[:count]), (1, 67.0, pitches[count:])):
        if not played:
            cost += _IDLE
            continue
        middle = (played[0] + played[-1]) / 2
        cost += _STRETCH * max(0, played[-1] - played[0] - _SPAN) + max(0, len(played) - 5) * 5
        cost += _LEAP * abs(middle - (right if hand else left)) + _AWAY * abs(middle - home)
        if hand:
            cost += _BEYOND * max(0, _MIDDLE - 2 - played[0])
            right = 0.5 * right + 0.5 * middle
        else:
            cost += _BEYOND * max(0, played[-1] - _MIDDLE - 2)
            left = 0.5 * left + 0.5 * middle
    return _Hands(cost, left, right, Trail(before.trail, count))


class _Pair(NamedTuple):
    """Where the two voices of a staff are: their ends and last pitches, and the way here."""

    cost: float
    ends: tuple[int, int]
    pitches: tuple[int, int]
    trail: Trail[int] | None


def split_layers(tones: Sequence[Tone], members: Sequence[int]) -> Layers:
    """Chords in one voice, or in two where that cannot be.

    Args:
        tones: of all parts.
        members: those of one staff, as indices by start, then from low to high.
    """
    groups = [list(group) for _, group in groupby(members, key=lambda one: tones[one].start)]
    counts: list[int] = []
    for passage in _passages([[tones[one] for one in group] for group in groups]):
        counts += (
            [len(passage[0])] if len(passage) == 1 and _is_chord(passage[0]) else _divided(passage)
        )
    voices: tuple[list[list[int]], list[list[int]]] = ([], [])
    for group, count in zip(groups, counts, strict=True):
        cut = len(group) - count
        for voice, part in zip(voices, (group[cut:], group[:cut]), strict=True):
            if part:
                voice.append(part)
    return _layers(tones, [voice for voice in voices if voice])


def _passages(groups: Sequence[list[Tone]]) -> Iterator[list[list[Tone]]]:
    """Groups of notes that begin together, cut wherever no note sounds on."""
    passage: list[list[Tone]] = []
    end = 0
    for group in groups:
        if passage and group[0].start >= end:
            yield passage
            passage = []
        passage.append(group)
        end = max(end, *(note.end for note in group))
    yield passage


def _is_chord(notes: Sequence[Tone]) -> bool:
    """Whether notes that begin together end together, on different pitches."""
    same = all(note.end == notes[0].end for note in notes)
    return same and len({note.pitch for note in notes}) == len(notes)


def _divided(passage: Sequence[Sequence[Tone]]) -> list[int]:
    """How many of the highest notes of each group the upper voice gets."""
    beam = [_Pair(0.0, (0, 0), (72, 60), None)]
    for notes in passage:
        cuts = _cuts(notes)
        states = sorted(
            (_with_upper(before, notes, cut) for before in beam for cut in cuts), key=_cost_of
        )
        best: dict[tuple[int, int], _Pair] = {}
        for state in states:
            best.setdefault(state.ends, state)
        beam = list(best.values())[:_BEAM]
    return choices(beam[0].trail)


def _cost_of(state: "_Pair | _Hands") -> float:
    return state.cost


def _cuts(notes: Sequence[Tone]) -> list[int]:
    """How many of the highest notes may be parted from the others: of many, at wide gaps alone."""
    inner = list(range(1, len(notes)))
    if len(inner) > _MANY:
        inner.sort(key=lambda cut: notes[-cut - 1].pitch - notes[-cut].pitch)
    return [0, *inner[:_MANY], len(notes)]


def single_voice(tones: Sequence[Tone], members: Sequence[int]) -> Layers:
    """All notes in one voice; arguments as for `split_layers`."""
    groups = [list(group) for _, group in groupby(members, key=lambda one: tones[one].start)]
    return _layers(tones, [groups])


def _layers(tones: Sequence[Tone], voices: Sequence[Sequence[Sequence[int]]]) -> Layers:
    """Voices, each given as groups of notes that begin together."""
    found = tuple(tuple(_chords(tones, voice)) for voice in voices)
    ends = {one: chord.end for voice in found for chord in voice for one in chord.members}
    return Layers(found, sum(tones[one].end > end for one, end in ends.items()))


def _with_upper(before: _Pair, notes: Sequence[Tone], count: int) -> _Pair:
    """The two voices after the upper one has the ``count`` highest notes."""
    cost, ends, pitches = before.cost, list(before.ends), list(before.pitches)
    cut, time = len(notes) - count, notes[0].start
    for voice, played in enumerate((notes[cut:], notes[:cut])):
        if not played:
            continue
        end = min(note.end for note in played)
        cost += _UNISON * (len(played) - len({note.pitch for note in played}))
        lost = sum(note.end - end for note in played) + max(0, ends[voice] - time)
        gap = max(0, time - ends[voice]) if ends[voice] else 0
        cost += 4.0 * lost / QUARTER + 2.0 * (lost > 0) + 0.1 * min(4.0, gap / QUARTER)
        cost += 1.2 * voice + 0.05 * abs(played[-1].pitch - pitches[voice])
        ends[voice], pitches[voice] = end, played[-1].pitch
    other = ends[0] > time and ends[1] > time
    cost += 0.3 * other * max(0, pitches[1] - pitches[0])
    return _Pair(cost, (ends[0], ends[1]), (pitches[0], pitches[1]), Trail(before.trail, count))


def _chords(tones: Sequence[Tone], voice: Sequence[Sequence[int]]) -> Iterator[Chord]:
    """Each group ends when its first note does, or when the next group begins."""
    for place, members in enumerate(voice):
        end = min(tones[one].end for one in members)
        if place + 1 < len(voice):
            end = min(end, tones[voice[place + 1][0]].start)
        yield Chord(tones[members[0]].start, end, tuple(members))
