"""Features of a tune as it sounds: pitches, intervals and note lengths.

The features are those of Yang & Lerch, On the Evaluation of Generative Models in Music (2020),
section 3.2, for one melody: a chord counts as its highest note, grace notes are ignored, tied notes
are one note, and repeats are played.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from abclm.notation.play.sounding import sounding_notes
from abclm.notation.syntax.accidentals import TONIC_ALTERATIONS
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.tables import NATURAL_SEMITONES
from abclm.notation.tune.music import Tune

__all__ = ["NOTE_LENGTHS", "Features", "features_of"]

NOTE_LENGTHS: Final = tuple(
    Fraction(length)
    for length in (
        "1/32 1/24 1/16 1/12 3/32 1/8 1/6 3/16 1/4 1/3 3/8 1/2 3/4 1".split()  # noqa: SIM905
    )
)
"""The classes of note lengths, in whole notes: plain, dotted and in triplets.

A length between two classes belongs to the one with the nearer logarithm."""

_PIPES = 9
"""The tonic of bagpipe tunes (``K:HP``): A."""


class Features(NamedTuple):
    """The features of one tune.

    Attributes:
        pitch_count: the number of different pitches.
        pitch_range: the distance from the lowest to the highest, in semitones.
        interval: the mean size of the melodic intervals, in semitones.
        pitch_classes: the share of the notes on each of the twelve semitones above the tonic, which
            makes tunes in different keys comparable.
        note_lengths: the share of the notes in each class of `NOTE_LENGTHS`.
    """

    pitch_count: float
    pitch_range: float
    interval: float
    pitch_classes: tuple[float, ...]
    note_lengths: tuple[float, ...]


def features_of(tune: Tune) -> Features | None:
    """Return the features of a tune; None if it has fewer than two notes, or no tonic."""
    notes = [note for note in sounding_notes(tune) if note.pitches and note.duration > 0]
    pitches = [max(note.pitches) for note in notes]
    tonic = _tonic(tune.key)
    if len(pitches) < 2 or tonic is None:
        return None
    return Features(
        len(set(pitches)),
        max(pitches) - min(pitches),
        sum(map(abs, _steps(pitches))) / (len(pitches) - 1),
        _shares(((pitch - tonic) % 12 for pitch in pitches), 12),
        _shares((_class(note.duration) for note in notes), len(NOTE_LENGTHS)),
    )


def _tonic(key: Key | None) -> int | None:
    if key is None or key.tonic == "none":
        return None
    if key.tonic.upper() == "HP":
        return _PIPES
    return NATURAL_SEMITONES[key.tonic[0]] + TONIC_ALTERATIONS[key.tonic[1:]]


def _steps(pitches: Sequence[int]) -> Iterator[int]:
    return (after - before for before, after in pairwise(pitches))


def _shares(classes: Iterable[int], count: int) -> tuple[float, ...]:
    counts = [0] * count
    for index in classes:
        counts[index] += 1
    return tuple(number / sum(counts) for number in counts)


@cache
def _class(duration: Fraction) -> int:
    """Return the index of the nearest length in `NOTE_LENGTHS`."""
    return min(
        range(len(NOTE_LENGTHS)), key=lambda index: abs(math.log(duration / NOTE_LENGTHS[index]))
    )
