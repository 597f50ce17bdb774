"""The notes of bars as they sound in playing order: pitches, onsets, durations, ties joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from abclm.notation.syntax.accidentals import Alterations, semitones
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.tables import NATURAL_SEMITONES
from abclm.notation.syntax.values import Pitch
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.layers import Layers
from abclm.notation.tune.music import Event, GraceNote, Overlay

__all__ = ["Holding", "NoteReader", "SoundingNote"]

_MIDDLE_C = 60
_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True, slots=True)
class SoundingNote:
    """A note or chord as it sounds.

    Attributes:
        onset, duration: in whole notes from the start of the tune.
        pitches: MIDI numbers, 60 for middle C, lowest first.
        graces: MIDI numbers of the grace notes before it, in order.
        names, grace_names: the spellings of the same notes, such as ``F#4`` and ``Bb3``.
        joined: whether each grace note sounds together with the one before; empty if none does.
    """

    onset: Fraction
    duration: Fraction
    pitches: tuple[int, ...]
    graces: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    grace_names: tuple[str, ...] = ()
    joined: tuple[bool, ...] = ()

    @property
    def grace_chords(self) -> list[tuple[tuple[int, str], ...]]:
        """The grace notes, grouped by those that sound together, each as number and name."""
        chords: list[tuple[tuple[int, str], ...]] = []
        joined = self.joined or (False,) * len(self.graces)
        for number, name, follows in zip(self.graces, self.grace_names, joined, strict=True):
            note = (number, name)
            chords[-1:] = [(*chords[-1], note)] if follows and chords else [*chords[-1:], (note,)]
        return chords


class _Heard(NamedTuple):
    number: int
    name: str


class Holding(NamedTuple):
    """What is in force for the notes from a position on.

    Attributes:
        key: the key signature.
        shift: semitones by which notes sound higher than written.
        drum_map: MIDI numbers of drums, by letter, octave and alteration of the written note.
    """

    key: Key | None = None
    shift: int = 0
    drum_map: Mapping[tuple[str, int, int], int] = MappingProxyType({})


_Tied = dict[tuple[str, int], tuple[_Heard, int]]
"""Tied notes: from letter and octave as written to the pitch and the index of its note."""


class NoteReader:
    """Collects the notes of one voice, bar by bar.

    Args:
        propagation: how far accidentals hold, see `Alterations`.

    Attributes:
        now: the onset of the next bar, in whole notes.
    """

    def __init__(self, propagation: str = "pitch") -> None:
        self.now = Fraction(0)
        self._notes: list[SoundingNote] = []
        self._alterations = Alterations(propagation)
        self._holding = Holding()
        self._tied: _Tied = {}
        self._layers = Layers[_Tied]({})

    @property
    def notes(self) -> list[SoundingNote]:
        """The notes so far, sorted by onset."""
        return sorted(self._notes, key=lambda note: (note.onset, note.pitches))

    def read(self, bar: Bar, holding: Holding, later: Mapping[int, Holding] | None = None) -> None:
        """Play ``bar``.

        Args:
            bar: the bar to play.
            holding: what is in force where it begins.
            later: what is in force from an item of the bar on, by the index of the item.
        """
        self._hold(holding)
        self._alterations.forget()
        start = end = self.now
        for place, item in enumerate(bar.items):
            if later and place in later:
                self._hold(later[place])
            if isinstance(item, Event):
                self._play(item)
            elif isinstance(item, Overlay):
                # ABC 2.1 section 7.4: time returns to the start of the bar; the notes so far stay.
                end = max(end, self.now)
                self.now = start
                self._tied = self._layers.end_layer(self._tied)
                self._alterations.forget()
        self.now = max(end, self.now)
        self._layers.events = True
        self._tied = self._layers.end_bar(self._tied)

    def _hold(self, holding: Holding) -> None:
        self._holding = holding
        self._alterations.signature = holding.key.alterations if holding.key else {}

    def _play(self, event: Event) -> None:
        graces = tuple(self._heard(grace.pitch) for grace in event.graces)
        tied: _Tied = {}
        held: dict[_Heard, int] = {}
        struck: dict[_Heard, tuple[str, int]] = {}
        for pitch in event.pitches:
            place = (pitch.letter, pitch.octave)
            before = None if graces else self._held(pitch)
            if before is not None:
                held[before[0]] = before[1]
                tied[place] = before
            else:
                struck[self._heard(pitch)] = place
        for pitch_held, index in self._extend(held, event.duration).items():
            tied = {
                place: (heard, index if heard == pitch_held else at)
                for place, (heard, at) in tied.items()
            }
        if struck:
            self._strike(sorted(struck), event, graces)
            tied |= {place: (heard, len(self._notes) - 1) for heard, place in struck.items()}
        if event.tied:
            places = {event.pitches[index][1:] for index in event.tied}
            tied = {place: heard for place, heard in tied.items() if place in places}
        self._tied = tied if event.tie else {}
        self.now += event.duration

    def _strike(self, heard: list[_Heard], event: Event, graces: tuple[_Heard, ...]) -> None:
        one_each = {pitch.number: pitch.name for pitch in heard}
        self._notes.append(
            SoundingNote(
                self.now,
                event.duration,
                tuple(one_each),
                tuple(grace.number for grace in graces),
                tuple(one_each.values()),
                tuple(grace.name for grace in graces),
                _joined(event.graces),
            )
        )

    def _extend(self, held: dict[_Heard, int], duration: Fraction) -> dict[_Heard, int]:
        """Extend the held pitches; return for each the index of the note it sounds in now.

        A chord of which only some pitches are held is split in two.
        """
        now_in: dict[_Heard, int] = {}
        for index in sorted(set(held.values())):
            note = self._notes[index]
            kept = {pitch.number: pitch for pitch, at in held.items() if at == index}
            longer = replace(note, duration=note.duration + duration)
            if set(kept) == set(note.pitches):
                self._notes[index] = longer
                now_in |= dict.fromkeys(kept.values(), index)
                continue
            numbers = tuple(number for number in note.pitches if number in kept)
            names = tuple(kept[number].name for number in numbers)
            self._notes[index] = _without(note, numbers)
            self._notes.append(
                replace(longer, pitches=numbers, names=names, graces=(), grace_names=(), joined=())
            )
            now_in |= dict.fromkeys(kept.values(), len(self._notes) - 1)
        return now_in

    def _held(self, pitch: Pitch) -> tuple[_Heard, int] | None:
        """The pitch tied to this one and the index of its note, or None.

        The accidental of the tied note still holds (ABC 2.1 section 4.11). A tie between different
        pitches is a slur.
        """
        before = self._tied.get((pitch.letter, pitch.octave))
        if before is None:
            return None
        note = self._notes[before[1]]
        if note.onset + note.duration != self.now:
            return None  # a layer that ended before its bar did
        if not pitch.accidental:
            return before
        heard = self._heard(pitch)
        return before if heard.number == before[0].number else None

    def _heard(self, pitch: Pitch) -> _Heard:
        if pitch.accidental:
            alteration = semitones(pitch.accidental)
            self._alterations.alter(pitch.letter, pitch.octave, alteration)
        else:
            alteration = int(self._alterations.of(pitch.letter, pitch.octave))
        drum = self._holding.drum_map.get((pitch.letter, pitch.octave, alteration))
        if drum is not None:
            return _Heard(drum, f"{_SHARPS[drum % 12]}{drum // 12 - 1}")
        number = _MIDDLE_C + NATURAL_SEMITONES[pitch.letter] + 12 * pitch.octave + alteration
        octaves, between = divmod(self._holding.shift, 12)
        number += self._holding.shift
        if between or not 0 <= number <= 127:
            number = min(max(number, 0), 127)
            return _Heard(number, f"{_SHARPS[number % 12]}{number // 12 - 1}")
        sign = "#" * alteration or "b" * -alteration
        return _Heard(number, f"{pitch.letter}{sign}{pitch.octave + octaves + 4}")


def _joined(graces: Sequence[GraceNote]) -> tuple[bool, ...]:
    joined = tuple(grace.with_last for grace in graces)
    return joined if any(joined) else ()


def _without(note: SoundingNote, numbers: tuple[int, ...]) -> SoundingNote:
    left = [
        (number, name)
        for number, name in zip(note.pitches, note.names, strict=True)
        if number not in numbers
    ]
    return replace(
        note,
        pitches=tuple(number for number, _ in left),
        names=tuple(name for _, name in left),
    )
