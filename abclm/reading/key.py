"""The key that the notes suggest, where none is written, and the names of keys."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from abclm.reading.key_features import FIFTHS, fifths_place, key_features
from abclm.reading.key_weights import WEIGHTS
from abclm.reading.tones import Tone

__all__ = ["guess_key", "key_name"]

_MAJOR: Final = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
_MINOR: Final = tuple(
    f"{tonic}m"
    for tonic in ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")
)
_MINOR_PLACE: Final = 3
"""Where the tonic of the minor key stands on the line of fifths, from that of the major key."""


def key_name(fifths: int, *, minor: bool) -> str:
    """The value of ``K:`` for a signature of -7 to 7 sharps."""
    return (_MINOR if minor else _MAJOR)[fifths + 7]


def guess_key(tones: Sequence[Tone]) -> str:
    """The value of ``K:`` that fits the notes, which are in order."""
    scores = key_features(tones) @ np.asarray(WEIGHTS)
    fifths = FIFTHS[int(np.argmax(scores))]
    return key_name(fifths, minor=_is_minor(tones, fifths))


def _is_minor(tones: Sequence[Tone], fifths: int) -> bool:
    """Whether the piece ends on the minor tonic; if on neither tonic, which key has more notes."""
    last = max(tone.start for tone in tones)
    final = fifths_place(min(tone.pitch for tone in tones if tone.start == last), fifths)
    if final in {0, _MINOR_PLACE}:
        return final == _MINOR_PLACE
    weight = [0] * 12
    for tone in tones:
        weight[fifths_place(tone.pitch, fifths)] += tone.end - tone.start
    # The tonic, the fifth and the leading note of each.
    return weight[3] + weight[4] + weight[8] > weight[0] + weight[1] + weight[5]
