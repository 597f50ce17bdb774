"""What stands out at each onset: length, bass, harmony and the like, from which meter is heard."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.reading.score import QUARTER
from abclm.reading.tones import Tone

__all__ = ["FEATURES", "SLOT", "accents"]

SLOT: Final = QUARTER // 4
"""Accents are counted in slots of a sixteenth note; what begins between two is left out."""

FEATURES: Final = (
    "onset",
    "notes",
    "length",
    "wait",
    "bass",
    "bass moves",
    "harmony",
    "held",
    "top leaps",
    "long",
)
"""In order: something begins; notes that begin; the longest of them; time to the next onset; the
lowest sounding note begins; its pitch class is new; share of new pitch classes; notes that sound on
(a tie); the top note leaps; the onset lasts long beside those around it."""
_RARE: Final = 0.02
"""What is rarer than this is not counted for more: a single tie does not make a meter."""


def accents(tones: Sequence[Tone]) -> NDArray[np.float64]:
    """The accents of a piece, in an array of shape ``(slots, features)``.

    Each feature is divided by its mean over the onsets, if it is not rare, so that pieces can be
    compared. The first slot is that of tick 0.
    """
    times = sorted({tone.start for tone in tones})
    starting: dict[int, list[Tone]] = {time: [] for time in times}
    for tone in tones:
        starting[tone.start].append(tone)
    rows = np.zeros((len(times), len(FEATURES)))
    held: list[Tone] = []
    classes: set[int] = set()
    bass = top = -1
    waits = np.diff(times, append=max(tone.end for tone in tones)) / QUARTER
    for row, time in enumerate(times):
        new = starting[time]
        held = [tone for tone in held if tone.end > time]
        low, high = min(tone.pitch for tone in new), max(tone.pitch for tone in new)
        is_bass = all(low <= tone.pitch for tone in held)
        now = {tone.pitch % 12 for tone in new}
        rows[row] = (
            1,
            len(new) ** 0.5,
            min(2.0, max(tone.end - tone.start for tone in new) / QUARTER),
            min(2.0, waits[row]),
            is_bass,
            is_bass and low % 12 != bass,
            len(now - classes) / len(now),
            len(held) / (len(held) + len(new)),
            min(1.0, abs(high - top) / 7) if top >= 0 else 0,
            waits[row] > 1.5 * np.mean(waits[max(0, row - 4) : row + 5]),
        )
        bass = low % 12 if is_bass else bass
        classes = now | {tone.pitch % 12 for tone in held}
        top = high
        held += new
    rows /= np.maximum(rows.mean(axis=0), _RARE)
    table = np.zeros((times[-1] // SLOT + 1, len(FEATURES)))
    for time, values in zip(times, rows, strict=True):
        if time % SLOT == 0:
            table[time // SLOT] = values
    return table
