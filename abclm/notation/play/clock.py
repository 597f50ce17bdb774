"""Moments of a tune as time: whole notes as milliseconds, and notes with their grace notes."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from abclm.notation.play.sounding import Signature, SoundingNote
from abclm.notation.play.tempo import Tempo

__all__ = ["Clock", "struck"]

_GRACE: Final = Fraction(1, 32)
"""The length of a grace note, in whole notes."""


class Clock:
    """Converts whole notes to milliseconds, following the tempo changes of a played voice.

    Args:
        signatures: those of the voice; the first tempo among them stands at its start.
    """

    def __init__(self, signatures: Iterable[Signature]) -> None:
        self._onsets: list[Fraction] = []
        self._starts: list[float] = []
        self._tempos: list[Tempo] = []
        for signature in signatures:
            if isinstance(signature.value, Tempo):
                start = self.milliseconds(signature.onset) if self._onsets else 0.0
                self._onsets.append(signature.onset)
                self._starts.append(start)
                self._tempos.append(signature.value)

    def milliseconds(self, onset: Fraction) -> float:
        """Return the time of ``onset``, which is in whole notes."""
        index = self._index(onset)
        whole = 240_000 / self._tempos[index].quarters_per_minute
        return self._starts[index] + float(onset - self._onsets[index]) * whole

    def tempo(self, onset: Fraction) -> Tempo:
        """Return the tempo in force at ``onset``."""
        return self._tempos[self._index(onset)]

    def _index(self, onset: Fraction) -> int:
        return max(bisect_right(self._onsets, onset) - 1, 0)


def struck(note: SoundingNote) -> Iterator[tuple[Fraction, Fraction, int]]:
    """Yield start, end and pitch of each grace note and then of each pitch of ``note``.

    Each grace note lasts a thirty-second note, all of them together at most half of their note, and
    they take that time from it. Start and end are in whole notes from the start of the tune.
    """
    onset, end = note.onset, note.onset + note.duration
    chords = note.grace_chords
    each = min(_GRACE, note.duration / 2 / len(chords)) if chords else Fraction(0)
    for chord in chords:
        for pitch, _ in chord:
            yield onset, onset + each, pitch
        onset += each
    for pitch in note.pitches:
        yield onset, end, pitch
