"""About 140 features of a tune by which real and written tunes can be compared, in any key.

Nothing depends on the key or on the header: not how high the tune lies, its lowest and highest note
(relative to C or to the tonic below it), its meter or its title. So a book in G can be compared
with one in all keys. Pitches are measured only relative to the tonic, the tune's own median, or
each other.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.evaluate.features.ending_features import ending_features
from abclm.evaluate.features.form_features import form_features
from abclm.evaluate.features.pitch_features import pitch_features
from abclm.evaluate.features.rhythm_features import rhythm_features
from abclm.notation.tune.line import MelodicLine

__all__ = ["feature_table", "has_features", "music_features"]

_FEWEST_NOTES: Final = 16
"""Four bars of four notes."""
_FEWEST_BARS: Final = 4
"""A phrase; with less, shares of notes and bars say little."""


def has_features(line: MelodicLine) -> bool:
    """Return whether a line is long enough to be compared: 16 notes and 4 full bars."""
    long = len(line.notes) >= _FEWEST_NOTES and len(line.full_bars) >= _FEWEST_BARS
    return long and bool(line.sections)


def music_features(line: MelodicLine) -> dict[str, float]:
    """Return the features of ``line`` (see `has_features`) by name; NaN if it lacks the material.

    Features such as ``bar 5 is bar 1`` are shares of bars or notes unless the name says otherwise;
    intervals are in semitones, lengths in measures.
    """
    return {
        **form_features(line),
        **ending_features(line),
        **pitch_features(line),
        **rhythm_features(line),
    }


def feature_table(lines: Sequence[MelodicLine]) -> tuple[list[str], NDArray[np.float64]]:
    """Return the names of the features, and their values, shape ``(lines, features)``."""
    found = [music_features(line) for line in lines]
    return list(found[0]), np.array([list(each.values()) for each in found], np.float64)
