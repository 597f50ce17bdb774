"""The notes of each track and channel become a part: its staves, its voices, its clefs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from abclm.reading.one_voice import is_rare, one_voice, with_ties
from abclm.reading.score import Note, Part, Pitch, ScoreVoice
from abclm.reading.staves import (
    Chord,
    Layers,
    is_for_two_hands,
    single_voice,
    split_hands,
    split_layers,
)
from abclm.reading.tones import Tone
from abclm.reading.voices import separate, usual_voices

__all__ = ["Layout", "lay_out", "lines_of", "written_part"]

_BASS_BELOW: Final = 57
"""A voice whose middle note is lower is written in the bass clef."""
_ALTO: Final = frozenset({41})
"""General MIDI programs of instruments that read the alto clef."""
_BOWED: Final = range(40, 44)
"""Those of violin, viola, cello and double bass."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The chords of a part: staff by staff, voice by voice.

    Attributes:
        staves: each a tuple of voices, each a tuple of chords.
        shortened: how many notes end early so that two voices a staff are enough.
        separated: the number of voices that the part was separated into; 0 if it was not.
        joined: how many notes of a second layer are written in the first voice of their staff.
    """

    staves: tuple[tuple[tuple[Chord, ...], ...], ...]
    shortened: int = 0
    separated: int = 0
    joined: int = 0


def lay_out(
    tones: Sequence[Tone],
    members: Sequence[int],
    *,
    voices: int | None,
    program: int | None,
    alone: bool,
    exact: bool,
) -> Layout:
    """Give the notes of a part their staves and voices.

    Args:
        tones: of all parts.
        members: those of this part, as indices in order.
        voices: how many voices the part is separated into, if the user says so.
        program: its General MIDI program.
        alone: whether no other part sounds, so that this one may have been merged from several.
        exact: whether the ends of notes are exact, so that notes of a third layer are tied and not
            shortened.
    """
    if not members:
        return Layout(())
    own = [tones[one] for one in members]
    count = voices or (usual_voices(own) if alone else None)
    if count and count > 1 and (voices or count > 2):
        return _in_voices(tones, members, count)
    if voices == 1:
        return _on_staves([one_voice(tones, members)])
    sides = [members]
    if voices is None and is_for_two_hands(own):
        hands = split_hands(own)
        sides = [side for hand in (0, 1) if (side := _having(members, hands, hand))]
    layers = [split_layers(tones, side) for side in sides]
    joined = 0
    for place, layer in enumerate(layers):
        if is_rare(layer, bowed=program in _BOWED):
            joined += sum(len(chord.members) for chord in layer.voices[1])
            layers[place] = one_voice(tones, sides[place])
        elif exact and layer.shortened:
            layers[place] = with_ties(tones, layer)
    return _on_staves(layers, joined)


def _on_staves(layers: Sequence[Layers], joined: int = 0) -> Layout:
    """A staff for each element of ``layers``."""
    return Layout(
        tuple(one.voices for one in layers), sum(one.shortened for one in layers), joined=joined
    )


def _in_voices(tones: Sequence[Tone], members: Sequence[int], count: int) -> Layout:
    """Separate voices: two on a staff, or one if there are only two."""
    numbers = separate([tones[one] for one in members], count)
    voices = [voice for number in range(count) if (voice := _having(members, numbers, number))]
    lines = [single_voice(tones, voice) for voice in voices]
    chords = [line.voices[0] for line in lines]
    size = 2 if len(chords) > 2 else 1
    staves = tuple(tuple(chords[place : place + size]) for place in range(0, len(chords), size))
    return Layout(staves, sum(line.shortened for line in lines), len(chords))


def _having(members: Sequence[int], numbers: Sequence[int], number: int) -> list[int]:
    """Those of ``members`` that have a number."""
    return [one for one, other in zip(members, numbers, strict=True) if other == number]


def lines_of(layouts: Sequence[Layout]) -> list[list[int]]:
    """The melodic lines of all voices, as indices of notes: the top notes, and the bottom ones."""
    voices = [list(_new(voice)) for layout in layouts for staff in layout.staves for voice in staff]
    tops = [[members[-1] for members in voice] for voice in voices]
    return tops + [[members[0] for members in voice if len(members) > 1] for voice in voices]


def _new(voice: Sequence[Chord]) -> Iterator[list[int]]:
    """The notes that begin with each chord, without chords where none does."""
    held: frozenset[int] = frozenset()
    for chord in voice:
        if members := [one for one in chord.members if one not in held]:
            yield members
        held = chord.held


def written_part(
    layout: Layout,
    tones: Sequence[Tone],
    names: Sequence[Pitch],
    *,
    name: str,
    program: int | None,
    drums: bool,
) -> Part:
    """A part of a score; ``tones`` and ``names`` are those of all parts, by index."""
    staves = []
    for staff in layout.staves:
        pitches = [tones[one].pitch for voice in staff for chord in voice for one in chord.members]
        clef = "perc" if drums else _clef(median(pitches), program)
        staves.append(tuple(ScoreVoice(tuple(_notes(voice, names)), clef) for voice in staff))
    return Part(tuple(staves), name, program, drums)


def _clef(middle: float, program: int | None) -> str:
    """The clef for a staff whose middle note has this MIDI number."""
    if program in _ALTO:
        return "alto"
    return "bass" if middle < _BASS_BELOW else "treble"


def _notes(voice: Sequence[Chord], names: Sequence[Pitch]) -> Iterator[Note]:
    """The notes of a voice; a pitch that stands twice in a chord is written once."""
    for chord in voice:
        pitches = tuple(dict.fromkeys(names[one] for one in chord.members))
        held = tuple(names[one] for one in chord.members if one in chord.held)
        yield Note(chord.start, chord.end - chord.start, pitches, held=held)
