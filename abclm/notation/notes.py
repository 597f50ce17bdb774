"""What is heard of bars in the order they are played: pitches, onsets, durations, ties joined."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from abclm.notation.bars import Bar
from abclm.notation.key import Key, parse_key
from abclm.notation.music import Change, Overlay, Pitch, Sound
from abclm.notation.tables import NATURAL_SEMITONES

__all__ = ["NoteReader", "SoundingNote"]

_MIDDLE_C = 60
_ACCIDENTALS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
_SIGNS = {2: "##", 1: "#", 0: "", -1: "b", -2: "bb"}
_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True, slots=True)
class SoundingNote:
    """A note or chord as it is heard.

    Attributes:
        onset, duration: in whole notes from the start of the tune.
        pitches: MIDI numbers, 60 for middle C, lowest first.
        graces: MIDI numbers of the grace notes before it, in order.
        names, grace_names: the same as they are spelled, such as ``F#4`` and ``Bb3``.
    """

    onset: Fraction
    duration: Fraction
    pitches: tuple[int, ...]
    graces: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    grace_names: tuple[str, ...] = ()


class _Heard(NamedTuple):
    number: int
    name: str


class NoteReader:
    """Collects the notes of one voice, bar by bar.

    Attributes:
        now: where the next bar begins, in whole notes.
    """

    def __init__(self) -> None:
        self.now = Fraction(0)
        self._notes: list[SoundingNote] = []
        self._signature: dict[str, int] = {}
        self._altered: dict[str, int] = {}
        self._shift = 0
        # What is tied over: letter and octave as written, to the pitch and the note it sounds in.
        self._tied: dict[tuple[str, int], tuple[_Heard, int]] = {}

    @property
    def notes(self) -> list[SoundingNote]:
        """The notes so far, by onset."""
        return sorted(self._notes, key=lambda note: (note.onset, note.pitches))

    def read(self, bar: Bar, key: Key | None, shift: int = 0) -> None:
        """Play ``bar`` under ``key``, every note ``shift`` semitones higher."""
        self._signature = key.alterations if key else {}
        self._altered = {}
        self._shift = shift
        start = end = self.now
        for item in bar.items:
            if isinstance(item, Change) and item.name == "K":
                changed = parse_key(item.value)
                self._signature = changed.alterations if changed else self._signature
            elif isinstance(item, Sound):
                self._play(item)
            elif isinstance(item, Overlay):
                # ABC 2.1 section 7.4: the bar starts again, with the notes so far sounding on.
                end = max(end, self.now)
                self.now, self._tied, self._altered = start, {}, {}
        self.now = max(end, self.now)

    def _play(self, sound: Sound) -> None:
        graces = tuple(self._heard(grace.pitch) for grace in sound.graces)
        tied: dict[tuple[str, int], tuple[_Heard, int]] = {}
        held: dict[_Heard, int] = {}
        struck: dict[_Heard, tuple[str, int]] = {}
        for pitch in sound.pitches:
            place = (pitch.letter, pitch.octave)
            before = None if graces else self._held(pitch)
            if before is not None:
                held[before[0]] = before[1]
                tied[place] = before
            else:
                struck[self._heard(pitch)] = place
        for pitch_held, index in self._extend(held, sound.duration).items():
            tied = {
                place: (heard, index if heard == pitch_held else at)
                for place, (heard, at) in tied.items()
            }
        if struck:
            self._strike(sorted(struck), sound.duration, graces)
            tied |= {place: (heard, len(self._notes) - 1) for heard, place in struck.items()}
        self._tied = tied if sound.tie else {}
        self.now += sound.duration

    def _strike(self, heard: list[_Heard], duration: Fraction, graces: tuple[_Heard, ...]) -> None:
        one_each = {pitch.number: pitch.name for pitch in heard}
        self._notes.append(
            SoundingNote(
                self.now,
                duration,
                tuple(one_each),
                tuple(grace.number for grace in graces),
                tuple(one_each.values()),
                tuple(grace.name for grace in graces),
            )
        )

    def _extend(self, held: dict[_Heard, int], duration: Fraction) -> dict[_Heard, int]:
        """Let the held pitches sound on; the note each of them sounds in then.

        A chord of which only some pitches are held is taken apart.
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
                replace(longer, pitches=numbers, names=names, graces=(), grace_names=())
            )
            now_in |= dict.fromkeys(kept.values(), len(self._notes) - 1)
        return now_in

    def _held(self, pitch: Pitch) -> tuple[_Heard, int] | None:
        """The pitch tied over to this one, whose accidental still holds (ABC 2.1 section 4.11).

        A tie between different pitches is a slur.
        """
        before = self._tied.get((pitch.letter, pitch.octave))
        if before is None or not pitch.accidental:
            return before
        heard = self._heard(pitch)
        return before if heard.number == before[0].number else None

    def _heard(self, pitch: Pitch) -> _Heard:
        if pitch.accidental:
            # ABC 2.1 section 11.3: an accidental holds for its letter in all octaves of the bar.
            self._altered[pitch.letter] = _ACCIDENTALS[pitch.accidental]
        alteration = self._altered.get(pitch.letter, self._signature.get(pitch.letter, 0))
        number = _MIDDLE_C + NATURAL_SEMITONES[pitch.letter] + 12 * pitch.octave + alteration
        octaves, semitones = divmod(self._shift, 12)
        number += self._shift
        if semitones or not 0 <= number <= 127:
            number = min(max(number, 0), 127)
            return _Heard(number, f"{_SHARPS[number % 12]}{number // 12 - 1}")
        return _Heard(number, f"{pitch.letter}{_SIGNS[alteration]}{pitch.octave + octaves + 4}")


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
