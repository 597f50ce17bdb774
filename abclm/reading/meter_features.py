"""How well each meter and pickup fits the accents of a piece, as numbers that can be weighed."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.reading.accents import FEATURES, SLOT, accents
from abclm.reading.score import QUARTER
from abclm.reading.tones import Tone

__all__ = ["METERS", "NAMES", "Hypothesis", "hypotheses", "measure_ticks"]

METERS: Final = ("4/4", "3/4", "2/4", "6/8", "2/2", "3/2", "9/8", "12/8", "3/8", "6/4")
"""The meters that are considered where none is written."""

_LEVELS: Final = 5
"""Strength of a place in the measure: 0 for the downbeat, 1 half the measure where it has four
beats, 2 a beat, 3 and 4 finer places."""
_COMMON: Final = len(FEATURES)
NAMES: Final = (
    *(f"{name}, level {level}" for level in range(_LEVELS) for name in FEATURES),
    *(f"{name}, alike a measure later" for name in FEATURES),
    *(f"{name}, alike half a measure later" for name in FEATURES),
    *(f"first note on level {level}" for level in range(_LEVELS)),
    *(f"last note on level {level}" for level in range(_LEVELS)),
    "no pickup",
    "pickup of half a measure or more",
    "the last measure completes the first",
    "the last measure is full",
    *(f"meter {meter}" for meter in METERS),
    *(f"meter {meter}, length of a wait" for meter in METERS),
)
"""What the columns of the features are."""


class Hypothesis(NamedTuple):
    """A meter, and the ticks before its first full measure."""

    meter: str
    pickup: int


def measure_ticks(meter: str) -> int:
    """The length of a measure in ticks."""
    numerator, denominator = map(int, meter.split("/"))
    return 4 * QUARTER * numerator // denominator


def hypotheses(
    tones: Sequence[Tone], meters: Sequence[str] = METERS, pickups: Sequence[int] | None = None
) -> tuple[list[Hypothesis], NDArray[np.float64]]:
    """All meters with the usual pickups, and their features.

    Args:
        tones: of the piece, in order.
        meters: those to consider.
        pickups: those to consider, in ticks; all if none are given.

    Returns:
        The hypotheses and an array of shape ``(hypotheses, names)``.
    """
    table = accents(tones)
    first, last = tones[0].start, max(tone.start for tone in tones)
    end = max(tone.end for tone in tones)
    wait = np.log(max(0.05, (last - first) / QUARTER / max(1, len({t.start for t in tones}) - 1)))
    found, rows = [], []
    for meter in meters:
        length = measure_ticks(meter)
        levels = _levels(meter)
        folded = _fold(table, len(levels))
        alike = np.concatenate([_alike(table, len(levels)), _alike(table, len(levels) // 2)])
        kind = np.array([meter == other for other in METERS], dtype=np.float64)
        for pickup in _pickups(length) if pickups is None else pickups:
            if pickup >= length:
                continue
            turned = np.roll(folded, -(pickup // SLOT), axis=0)
            by_level = [turned[levels == level] for level in range(_LEVELS)]
            means = [part.mean(axis=0) if len(part) else np.zeros(_COMMON) for part in by_level]
            lasting = (end - pickup) % length
            closing = (
                pickup == first == 0,
                pickup >= length / 2,
                pickup > 0 and (lasting + pickup) == length,
                lasting == 0,
            )
            rows.append(
                np.concatenate(
                    [
                        *means,
                        alike,
                        _one_hot(levels, first - pickup),
                        _one_hot(levels, last - pickup),
                        closing,
                        kind,
                        kind * wait,
                    ]
                )
            )
            found.append(Hypothesis(meter, pickup))
    return found, np.array(rows)


def _pickups(length: int) -> list[int]:
    """Whole eighth notes, one sixteenth and three, all shorter than the measure."""
    return sorted({*range(0, length, 2 * SLOT), SLOT, 3 * SLOT})


def _levels(meter: str) -> NDArray[np.int64]:
    """The strength of each slot of a measure."""
    numerator, denominator = map(int, meter.split("/"))
    unit = 16 // denominator
    compound = numerator > 3 and numerator % 3 == 0
    beat = unit * 3 if compound else unit
    beats = numerator // 3 if compound else numerator
    levels = np.full(numerator * unit, 4)
    levels[:: unit if compound else max(1, beat // 2)] = 3
    levels[::beat] = 2
    if beats == 4:
        levels[2 * beat] = 1
    levels[0] = 0
    return levels


def _fold(table: NDArray[np.float64], slots: int) -> NDArray[np.float64]:
    """The mean accents at each slot of the measure."""
    measures = -(-len(table) // slots)
    padded = np.zeros((measures * slots, table.shape[1]))
    padded[: len(table)] = table
    return np.asarray(padded.reshape(measures, slots, -1).sum(axis=0) / (len(table) / slots))


def _alike(table: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
    """How like the accents are to those ``lag`` slots later: a correlation for each feature."""
    if lag < 1 or len(table) <= lag + 1:
        return np.zeros(table.shape[1])
    centred = table - table.mean(axis=0)
    square = (centred * centred).mean(axis=0) + 1e-9
    return np.asarray((centred[lag:] * centred[:-lag]).mean(axis=0) / square)


def _one_hot(levels: NDArray[np.int64], ticks: int) -> NDArray[np.float64]:
    """Which level a time has; none if it is not on a slot."""
    slot, rest = divmod(ticks, SLOT)
    level = levels[slot % len(levels)]
    return np.array([level == one and not rest for one in range(_LEVELS)], dtype=np.float64)
