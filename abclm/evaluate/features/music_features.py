"""About 140 figures of a tune by which real and written tunes can be compared, in any key.

Left out is what depends on the key or stands in the header: how high the tune lies, its lowest and
its highest note (against C, or against the tonic below it), its meter, its title. A book in G and
one in all keys can so be compared. Pitches count only against the tonic, the tune's own median, or
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
_FEWEST_BARS: Final = 4


def has_features(line: MelodicLine) -> bool:
    """Whether a line is long enough to be compared: 16 notes and 4 full bars."""
    long = len(line.notes) >= _FEWEST_NOTES and len(line.full_bars) >= _FEWEST_BARS
    return long and bool(line.sections)


def music_features(line: MelodicLine) -> dict[str, float]:
    """The features of ``line`` (`has_features`) by name, NaN for what it has nothing to tell by.

    Names such as ``bar 5 is bar 1`` are shares of the bars or notes where not said otherwise;
    intervals are in semitones, lengths in measures.
    """
    return {
        **form_features(line),
        **ending_features(line),
        **pitch_features(line),
        **rhythm_features(line),
    }


def feature_table(lines: Sequence[MelodicLine]) -> tuple[list[str], NDArray[np.float64]]:
    """The names of the features, and those of all ``lines``, shape ``(lines, features)``."""
    found = [music_features(line) for line in lines]
    return list(found[0]), np.array([list(each.values()) for each in found], np.float64)
