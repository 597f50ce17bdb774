"""How well each key signature fits the notes of a piece, as numbers that can be weighed."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.reading.score import QUARTER
from abclm.reading.tones import Tone

__all__ = ["FIFTHS", "NAMES", "fifths_place", "key_features"]

FIFTHS: Final = range(-6, 6)
"""The signatures that are considered, in sharps (flats if negative)."""

_FINALS: Final = (0, 3, 2, 1, -1)
"""Places of the last bass note on the line of fifths, from the tonic of the major key: major,
minor, Dorian, Mixolydian, Lydian; any other is a sixth kind."""
NAMES: Final = (
    *(f"share of {place}, last bass {kind}" for kind in (*_FINALS, "other") for place in range(12)),
    *(f"share of {place} in the bass" for place in range(12)),
    *(f"share of {place} in the first quarter" for place in range(12)),
    *(f"share of {place} in the last quarter" for place in range(12)),
    *(f"share of {place} at the beginning" for place in range(12)),
    *(f"first bass {place}" for place in range(12)),
    *(f"first top {place}" for place in range(12)),
    *(f"last bass {kind}" for kind in (*_FINALS, "other")),
)
"""What the columns of the features are; a place is counted on the line of fifths from the tonic of
the major key with that signature, 0 to 11."""
_KINDS: Final = len(_FINALS) + 1
_BEGINNING: Final = 16 * QUARTER
_SHARE: Final = 5.0
"""Shares are multiplied by this, so that their weights are of the size of the others."""


def fifths_place(pitch: int, fifths: int) -> int:
    """The place of a pitch on the line of fifths, 0 to 11, from the major tonic of a signature."""
    return (pitch * 7 - fifths) % 12


def key_features(tones: Sequence[Tone]) -> NDArray[np.float64]:
    """The features of each signature, in an array of shape ``(signatures, names)``."""
    first, last = tones[0].start, max(tone.start for tone in tones)
    quarter = (last - first) / 4
    shares = [
        _shares(tones),
        _shares(_lowest(tones)),
        _shares([tone for tone in tones if tone.start <= first + quarter]),
        _shares([tone for tone in tones if tone.start >= last - quarter]),
        _shares([tone for tone in tones if tone.start <= first + _BEGINNING]),
    ]
    opening = [tone.pitch for tone in tones if tone.start == first]
    closing = min(tone.pitch for tone in tones if tone.start == last)
    rows = []
    for fifths in FIFTHS:
        order = [(place * 7 + fifths * 7) % 12 for place in range(12)]
        final = fifths_place(closing, fifths)
        kind = next((i for i, place in enumerate(_FINALS) if place % 12 == final), len(_FINALS))
        whole, *others = (part[order] for part in shares)
        rows.append(
            np.concatenate(
                [
                    np.outer(np.arange(_KINDS) == kind, whole).ravel(),
                    *others,
                    np.arange(12) == fifths_place(min(opening), fifths),
                    np.arange(12) == fifths_place(max(opening), fifths),
                    np.arange(_KINDS) == kind,
                ]
            )
        )
    return np.array(rows)


def _shares(tones: Sequence[Tone]) -> NDArray[np.float64]:
    """How much of the time each pitch class sounds; a note counts for a whole note at most."""
    shares = np.zeros(12)
    for tone in tones:
        shares[tone.pitch % 12] += min(4.0, (tone.end - tone.start) / QUARTER)
    return np.asarray(shares * (_SHARE / shares.sum()))


def _lowest(tones: Sequence[Tone]) -> list[Tone]:
    """The lowest of the notes that begin together, each time."""
    lowest: dict[int, Tone] = {}
    for tone in tones:
        if tone.start not in lowest or tone.pitch < lowest[tone.start].pitch:
            lowest[tone.start] = tone
    return list(lowest.values())
