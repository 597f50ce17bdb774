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

_FINALS: Final = (0, 3, 2, 1)
"""Places of the last bass note on the line of fifths, from the tonic of the major key: major,
minor, Dorian, Mixolydian; any other is a fifth kind."""
_SCALE: Final = np.array([1.3, 1.3, 1, 1, 1, 1, -1, -1, -1, -1, -1, 1])
"""How well each place fits a signature, in a passage that need not be in the main key."""
_PASSAGE: Final = 8 * QUARTER
_SURE: Final = 6.0
"""The logarithm of the odds of two signatures, for each unit by which the fit differs."""
_PASSAGES: Final = 3.0
"""Shares of passages are multiplied by this."""
_AROUND: Final = (-2, -1, 0, 1, 2)
_WHERE: Final = ("in the first eighth", "in the last eighth")
NAMES: Final = (
    *(f"share of {place}, last bass {kind}" for kind in (*_FINALS, "other") for place in range(12)),
    *(f"share of {place} in the bass" for place in range(12)),
    *(f"share of {place} in the first quarter" for place in range(12)),
    *(f"share of {place} in the last quarter" for place in range(12)),
    *(f"share of {place} at the beginning" for place in range(12)),
    *(f"share of {place} in the first four quarter notes" for place in range(12)),
    *(f"root of the share of {place}" for place in range(12)),
    *(f"first bass {place}" for place in range(12)),
    *(f"first top {place}" for place in range(12)),
    *(f"last bass {kind}" for kind in (*_FINALS, "other")),
    *(f"{place} lowest at the end" for place in range(12)),
    *(f"{place} highest at the end" for place in range(12)),
    *(f"passages {sharps} sharps off, {where}" for where in _WHERE for sharps in _AROUND),
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
        _shares([tone for tone in tones if tone.start <= first + _BEGINNING // 4]),
    ]
    shares.append(np.sqrt(_SHARE * shares[0]))
    passages = _passages(tones)
    opening = [tone.pitch for tone in tones if tone.start == first]
    closing = min(tone.pitch for tone in tones if tone.start == last)
    ending = [tone.pitch for tone in tones if tone.end > last]
    rows = []
    for row, fifths in enumerate(FIFTHS):
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
                    np.arange(12) == fifths_place(min(ending), fifths),
                    np.arange(12) == fifths_place(max(ending), fifths),
                    np.roll(passages, _AROUND[-1] - row, axis=1)[:, : len(_AROUND)].ravel(),
                ]
            )
        )
    return np.array(rows)


def _passages(tones: Sequence[Tone]) -> NDArray[np.float64]:
    """The share of passages that each signature fits best, of shape ``(_WHERE, signatures)``."""
    passages: dict[int, list[Tone]] = {}
    for tone in tones:
        passages.setdefault((tone.start - tones[0].start) // _PASSAGE, []).append(tone)
    roots = np.sqrt(np.array([_shares(passage) for passage in passages.values()]) / _SHARE)
    places = (np.arange(12)[:, None] * 7 - np.array(FIFTHS)) % 12
    fits = _SURE * (roots @ _SCALE[places])
    likely = np.exp(fits - fits.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    part = max(1, len(likely) // 8)
    return _PASSAGES * np.array([likely[:part].mean(axis=0), likely[-part:].mean(axis=0)])


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
