"""A piece of several voices as slices: what all voices sound at each moment."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from abclm.notation.play.notes import Holding, NoteReader, SoundingNote
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import Tune

__all__ = ["Slice", "Slices", "Sounding", "slices"]


class Sounding(NamedTuple):
    """What one voice sounds at a moment.

    Attributes:
        pitches: MIDI numbers, lowest first.
        struck: whether a note begins there; if not, it is held.
        duration: the whole length of the note, in whole notes.
    """

    pitches: tuple[int, ...]
    struck: bool
    duration: Fraction


class Slice(NamedTuple):
    """What all voices sound from one moment to the next.

    Attributes:
        moment: in whole notes from the start of the piece, as written.
        voices: what each voice sounds, from the top of the score; None for a rest.
    """

    moment: Fraction
    voices: tuple[Sounding | None, ...]

    @property
    def pitches(self) -> tuple[int, ...]:
        """All pitches that sound, lowest first."""
        found = (one for voice in self.voices if voice is not None for one in voice.pitches)
        return tuple(sorted(found))

    def line(self, voice: int) -> int | None:
        """The pitch that leads a voice: the lowest of the last voice, the highest of the others."""
        sounding = self.voices[voice]
        if sounding is None:
            return None
        return sounding.pitches[0 if voice + 1 == len(self.voices) else -1]


class Slices(NamedTuple):
    """A piece, as it is written: without its repeats.

    Attributes:
        slices: one for each moment at which a voice strikes a note.
        bars: the bars of the first voice, each with the moment at which it starts.
        notes: the notes of each voice.
    """

    slices: tuple[Slice, ...]
    bars: tuple[tuple[Fraction, Bar], ...]
    notes: tuple[tuple[SoundingNote, ...], ...]


def slices(tune: Tune) -> Slices:
    """Return the slices of a tune, whose voices stand in the order of the score."""
    voices = [voice.tune for voice in tune.voices]
    written = [bars(voice) for voice in voices]
    notes = tuple(_notes(voice, in_bars) for voice, in_bars in zip(voices, written, strict=True))
    moments = sorted({note.onset for voice in notes for note in voice})
    sounding = [_sounding(voice, moments) for voice in notes]
    return Slices(
        tuple(map(Slice, moments, zip(*sounding, strict=True))),
        tuple(_with_starts(written[0] if written else ())),
        notes,
    )


def _notes(voice: Tune, written: Iterable[Bar]) -> tuple[SoundingNote, ...]:
    reader, holding = NoteReader(), Holding(voice.key)
    for bar in written:
        reader.read(bar, holding)
    return tuple(reader.notes)


def _sounding(notes: Iterable[SoundingNote], moments: Sequence[Fraction]) -> list[Sounding | None]:
    """What a voice sounds at each of ``moments``."""
    found: list[Sounding | None] = [None] * len(moments)
    for note in notes:
        first = bisect_left(moments, note.onset)
        for place in range(first, bisect_left(moments, note.onset + note.duration)):
            before = found[place]
            pitches = note.pitches if before is None else (*before.pitches, *note.pitches)
            struck = place == first or (before is not None and before.struck)
            found[place] = Sounding(tuple(sorted(pitches)), struck, note.duration)
    return found


def _with_starts(written: Iterable[Bar]) -> Iterable[tuple[Fraction, Bar]]:
    start = Fraction(0)
    for bar in written:
        yield start, bar
        start += bar.duration
