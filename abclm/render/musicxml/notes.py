"""Written notes, chords and rests as music21 has them: durations, grace notes, beams, ties."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from abclm.notation.tune.music import Event, GraceNote, Tuplet
from abclm.render.engrave.mei_layer import Group
from abclm.render.engrave.mei_values import note_values
from abclm.render.musicxml.pitches import PitchReader, SpelledPitch

__all__ = ["add_beams", "grace_notes", "written_pieces"]

_TYPES: Final = {
    "long": "longa",
    "breve": "breve",
    "1": "whole",
    "2": "half",
    "4": "quarter",
    "8": "eighth",
    "16": "16th",
    "32": "32nd",
    "64": "64th",
    "128": "128th",
    "256": "256th",
}
"""The names of note values in MusicXML, by those in MEI."""
_BEAMS: Final = {name: level for level, name in enumerate(list(_TYPES.values())[5:], 1)}
"""The number of beams by note value."""


def written_pieces(
    event: Event, reader: PitchReader[Any], tuplet: Tuplet | None
) -> tuple[list[Any], bool]:
    """Return the tied notes, chords or rests that ``event`` is written as, usually one.

    Also whether it is tied to a note of another pitch before, which makes the tie a slur. Its
    pitches are tied to those before and remembered for the next event.
    """
    durations = list(_durations(event, tuplet))
    if event.rest:
        reader.tie(event, {})
        return [_rest(event, duration) for duration in durations], False
    pieces: list[list[Any]] = [[] for _ in durations]
    made: dict[tuple[str, int], tuple[Any, Fraction | int]] = {}
    was_held = False
    for pitch in dict.fromkeys(event.pitches):
        held = None if event.graces else reader.held(pitch)
        spelled = reader.read(pitch) if held is None else held[1]
        heads = [_head(spelled, shows=spelled.shows and not place) for place in range(len(pieces))]
        if held is not None:
            _tie(held[0], heads[0])
            was_held = True
        for place, head in enumerate(heads):
            pieces[place].append(head)
            if place:
                _tie(heads[place - 1], head)
        made[pitch.letter, pitch.octave] = (heads[-1], spelled.alteration)
    slurred = reader.is_waiting and not was_held
    reader.tie(event, made)
    return [_note(heads, one) for heads, one in zip(pieces, durations, strict=True)], slurred


def grace_notes(
    graces: Sequence[GraceNote], reader: PitchReader[Any], *, slashed: bool
) -> Iterator[Any]:
    """Yield the grace notes before a note, those that sound together as a chord."""
    chords: list[list[GraceNote]] = []
    for grace in graces:
        if grace.with_last and chords:
            chords[-1].append(grace)
        else:
            chords.append([grace])
    for chord in chords:
        spelled = [reader.read(one) for one in dict.fromkeys(grace.pitch for grace in chord)]
        heads = [_head(one, shows=one.shows) for one in spelled]
        made = _note(heads, _plain("eighth" if len(chords) == 1 else "16th")).getGrace()
        made.duration.slash = slashed
        yield made


def add_beams(group: Group, events: Sequence[Any]) -> None:
    """Beam the notes of a group; ``events`` are all events of the layer, each one note."""
    notes = events[group.start : group.stop]
    levels = [_BEAMS.get(note.duration.type, 0) for note in notes]
    for place, (note, level) in enumerate(zip(notes, levels, strict=True)):
        note.beams.fill(level)
        for number in range(1, level + 1):
            before = place > 0 and levels[place - 1] >= number
            after = place + 1 < len(levels) and levels[place + 1] >= number
            if before or after:
                kind = "continue" if before and after else "stop" if before else "start"
                note.beams.setByNumber(number, kind)
            else:
                note.beams.setByNumber(number, "partial", "left" if place else "right")


def _durations(event: Event, tuplet: Tuplet | None) -> Iterator[Any]:
    from music21 import duration  # noqa: PLC0415 - heavy

    if event.rest in {"Z", "X"}:
        yield duration.Duration(float(event.duration * 4))
        return
    made = [_plain(_TYPES[name], dots) for name, dots in note_values(event.notated)]
    if tuplet is not None:
        for one in made:
            one.appendTuplet(duration.Tuplet(tuplet.notes, tuplet.times))
    if sum(Fraction(one.quarterLength) for one in made) == event.duration * 4:
        yield from made
        return
    # A length that no note values write: it keeps its time and gets the value next to it.
    odd = made[0]
    odd.linked = False
    odd.quarterLength = event.duration * 4
    yield odd


def _plain(name: str, dots: int = 0) -> Any:
    from music21 import duration  # noqa: PLC0415 - heavy

    return duration.Duration(type=name, dots=dots)


def _rest(event: Event, duration: Any) -> Any:
    from music21 import note  # noqa: PLC0415 - heavy

    rest = note.Rest()
    rest.duration = duration
    rest.fullMeasure = event.rest in {"Z", "X"}
    rest.style.hideObjectOnPrint = event.rest in {"x", "X"}
    return rest


def _note(heads: Sequence[Any], duration: Any) -> Any:
    from music21 import chord  # noqa: PLC0415 - heavy

    if len(heads) == 1:
        heads[0].duration = duration
        return heads[0]
    made = chord.Chord(heads)
    made.duration = duration
    return made


def _head(spelled: SpelledPitch, *, shows: bool) -> Any:
    from music21 import note, pitch  # noqa: PLC0415 - heavy

    made = pitch.Pitch(step=spelled.letter, octave=spelled.octave)
    by = round(spelled.alteration * 2) / 2
    if by or shows:
        made.accidental = pitch.Accidental(by)
        made.accidental.displayStatus = shows
    return note.Note(made)


def _tie(before: Any, after: Any) -> None:
    from music21 import tie  # noqa: PLC0415 - heavy

    before.tie = tie.Tie("continue" if before.tie is not None else "start")
    after.tie = tie.Tie("stop")
