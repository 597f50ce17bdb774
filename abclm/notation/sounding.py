"""What a tune sounds like: pitches with the accidentals that hold, onsets and durations."""

from dataclasses import dataclass, replace
from fractions import Fraction

from abclm.notation.bars import Bar, bars
from abclm.notation.key import Key, parse_key
from abclm.notation.music import Change, Pitch, Sound, Tune
from abclm.notation.playing import playing_order
from abclm.notation.tables import NATURAL_SEMITONES

__all__ = ["SoundingNote", "sounding_notes"]

_MIDDLE_C = 60
_ACCIDENTALS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}


@dataclass(frozen=True, slots=True)
class SoundingNote:
    """A note or chord as it is heard.

    Attributes:
        onset, duration: in whole notes from the start of the tune.
        pitches: MIDI numbers, 60 for middle C, lowest first.
        graces: MIDI numbers of the grace notes before it, in order.
    """

    onset: Fraction
    duration: Fraction
    pitches: tuple[int, ...]
    graces: tuple[int, ...] = ()


def sounding_notes(tune: Tune) -> list[SoundingNote]:
    """The notes of ``tune`` in playing order, repeats written out and tied notes joined."""
    reader = _Reader(tune.key)
    for bar in playing_order(bars(tune)):
        reader.read(bar)
    return reader.notes


class _Reader:
    def __init__(self, key: Key | None) -> None:
        self.notes: list[SoundingNote] = []
        self._signature = key.alterations if key else {}
        self._altered: dict[str, int] = {}
        self._now = Fraction(0)
        self._tied: dict[tuple[str, int], int] = {}

    def read(self, bar: Bar) -> None:
        self._altered = {}
        for item in bar.items:
            if isinstance(item, Change) and item.name == "K":
                key = parse_key(item.value)
                self._signature = key.alterations if key else self._signature
            elif isinstance(item, Sound):
                self._play(item)

    def _play(self, sound: Sound) -> None:
        graces = tuple(self._number(grace.pitch) for grace in sound.graces)
        heights = {
            (pitch.letter, pitch.octave): self._held(pitch) or self._number(pitch)
            for pitch in sound.pitches
        }
        numbers = tuple(sorted(set(heights.values())))
        if numbers:
            goes_on = bool(self._tied) and set(self._tied.values()) == set(numbers) and not graces
            if goes_on:
                last = self.notes[-1]
                self.notes[-1] = replace(last, duration=last.duration + sound.duration)
            else:
                self.notes.append(SoundingNote(self._now, sound.duration, numbers, graces))
        self._tied = heights if sound.tie else {}
        self._now += sound.duration

    def _held(self, pitch: Pitch) -> int | None:
        """The number of a note tied over from the bar before, whose accidental still holds."""
        return None if pitch.accidental else self._tied.get((pitch.letter, pitch.octave))

    def _number(self, pitch: Pitch) -> int:
        if pitch.accidental:
            # ABC 2.1 section 11.3: an accidental holds for its letter in all octaves of the bar.
            self._altered[pitch.letter] = _ACCIDENTALS[pitch.accidental]
        shift = self._altered.get(pitch.letter, self._signature.get(pitch.letter, 0))
        number = _MIDDLE_C + NATURAL_SEMITONES[pitch.letter] + 12 * pitch.octave + shift
        return min(max(number, 0), 127)
