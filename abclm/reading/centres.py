"""The moving centre of the harmony on the line of fifths, by which a modulation is spelled.

The centre is the middle of the scale in use: D (2) in C major and A minor, B flat (-2) in A flat
major. Each quarter note costs by the notes that lie outside the scale of its centre, and a centre
by its distance from that before and, a little, from that of the key; the best path is found by
dynamic programming. Only the distance moved tells A flat major from G sharp major.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.reading.score import QUARTER
from abclm.reading.tones import Tone

__all__ = ["MIDDLE", "find_centres", "nearest"]

MIDDLE: Final = 2
"""The middle of the scale, in places from the tonic of the major key."""

_CENTRES: Final = np.arange(-14, 21)
_OUTSIDE: Final = np.array([1.2, 0.8, 0, 0, 0, 0, 0, 0, 0, 0.7, 1.0, 1.2])
"""What a note costs that stands -5 to 6 places from the centre; three places are in the scale."""
_MOVE: Final = 1.0
"""What it costs to move the centre by a place."""
_HOME: Final = 0.1
"""What each place between the centre and that of the key costs for a quarter note."""
_NOTE: Final = 0.2
"""A note counts for its quarter notes, one at most, and this much more."""


def nearest(pitches: NDArray[np.int64], centres: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of pitches, given as MIDI numbers, that are nearest to centres."""
    lowest = centres - 5
    return np.asarray(lowest + (pitches * 7 - lowest) % 12)


def find_centres(tones: Sequence[Tone], key: NDArray[np.int64]) -> NDArray[np.int64]:
    """The centre at each note.

    Args:
        tones: by start.
        key: the sharps (flats if negative) in force at each of them.
    """
    beats = np.array([tone.start // QUARTER for tone in tones])
    lengths = np.array([min(1.0, (tone.end - tone.start) / QUARTER) for tone in tones])
    classes = np.array([tone.pitch % 12 for tone in tones])
    _, first, beat_of = np.unique(beats, return_index=True, return_inverse=True)
    counts = np.zeros((len(first), 12))
    np.add.at(counts, (beat_of, classes), _NOTE + lengths)
    distances = nearest(np.arange(12)[:, None], _CENTRES) - _CENTRES
    home = key[first] + MIDDLE
    costs = counts @ _OUTSIDE[distances + 5] + _HOME * abs(_CENTRES - home[:, None])
    return np.asarray(_CENTRES[_best_path(costs)][beat_of])


def _best_path(costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """The cheapest choice of a column for each row."""
    move = _MOVE * abs(_CENTRES[:, None] - _CENTRES)
    total, before = costs[0], []
    for row in costs[1:]:
        ways = total[:, None] + move
        best = ways.argmin(axis=0)
        before.append(best)
        total = ways[best, np.arange(len(row))] + row
    path = [int(total.argmin())]
    for best in reversed(before):
        path.append(int(best[path[-1]]))
    return np.array(path[::-1])
