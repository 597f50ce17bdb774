"""All notes of a staff in one voice: chords, with ties where a note sounds on under others."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from abclm.reading.score import QUARTER
from abclm.reading.staves import Chord, Layers
from abclm.reading.tones import Tone

__all__ = ["is_rare", "one_voice", "with_ties"]

_RARE: Final = (0.05, 0.1)
"""A second layer with a smaller share of the notes and of the time is not worth a voice."""
_RARE_BOWED: Final = (0.25, 0.5)
"""The same for an instrument that plays double stops."""
_LEGATO: Final = QUARTER // 2
"""A note that sounds on for no longer than this into a longer note was meant to end before it."""


def is_rare(layers: Layers, *, bowed: bool) -> bool:
    """Whether the second layer of a staff is too rare for a voice of its own.

    Args:
        layers: one or two.
        bowed: whether the instrument is of the violin family.
    """
    if len(layers.voices) < 2:
        return False
    notes = [sum(len(chord.members) for chord in voice) for voice in layers.voices]
    times = [sum(chord.end - chord.start for chord in voice) for voice in layers.voices]
    most_notes, most_time = _RARE_BOWED if bowed else _RARE
    return notes[1] < most_notes * sum(notes) and times[1] < most_time * max(times)


def one_voice(tones: Sequence[Tone], members: Sequence[int]) -> Layers:
    """Chords of one voice in which every onset stays; arguments as for `split_layers`."""
    starting: dict[int, list[int]] = defaultdict(list)
    for one in members:
        starting[tones[one].start].append(one)
    ends = _ends(tones, starting)
    chords: list[Chord] = []
    sounding: list[int] = []
    for start, end in pairwise(sorted({*starting, *ends.values()})):
        sounding = [one for one in sounding if ends[one] > start] + starting.get(start, [])
        if sounding:
            sounding.sort(key=lambda one: tones[one].pitch)
            held = frozenset(one for one in sounding if ends[one] > end)
            chords.append(Chord(start, end, tuple(sounding), held))
    return Layers((tuple(chords),), sum(tones[one].end > end for one, end in ends.items()))


def with_ties(tones: Sequence[Tone], layers: Layers) -> Layers:
    """The same voices, with notes tied where they sound on under others of their voice."""
    tied = [
        one_voice(tones, [one for chord in voice for one in chord.members])
        for voice in layers.voices
    ]
    return Layers(
        tuple(voice for one in tied for voice in one.voices), sum(one.shortened for one in tied)
    )


def _ends(tones: Sequence[Tone], starting: dict[int, list[int]]) -> dict[int, int]:
    """The end of each note, given the notes by start; small overlaps are cut off."""
    ends: dict[int, int] = {}
    sounding: list[int] = []
    for start, group in starting.items():
        shortest = min(tones[one].end for one in group) - start
        sounding = [one for one in sounding if ends[one] > start]
        for one in sounding:
            rest = ends[one] - start
            if rest <= _LEGATO and rest < shortest:
                ends[one] = start
        for one in group:
            ends[one] = tones[one].end
        sounding += group
    return ends
