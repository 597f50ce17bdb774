"""How usual a rhythm is: the time from one onset to the next, by its place in the quarter note."""

from collections import Counter
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["STEPS", "UNIT", "habit_cost", "step_costs"]

UNIT: Final = 24
"""Places in a quarter note."""
_RHYTHM: Final = {
    0: {12: 0.8, 24: 1.1, 6: 2.5, 48: 2.8, 18: 3.8, 3: 4.2, 36: 4.2, 8: 4.3, 72: 4.7, 96: 5.4},
    3: {12: 1.2, 3: 1.3, 9: 2.1, 6: 2.1, 24: 3.3, 18: 3.4, 21: 4.0},
    4: {4: 0.6, 8: 1.3, 2: 2.2},
    6: {6: 0.1, 3: 3.2, 18: 3.7, 12: 3.9},
    8: {8: 0.8, 4: 0.9, 16: 3.0},
    9: {3: 0.3, 6: 1.3},
    12: {12: 0.3, 6: 1.8, 24: 3.6, 3: 4.0, 4: 4.4, 18: 4.6, 36: 5.1, 8: 5.3, 60: 5.9, 48: 7.0},
    15: {3: 1.0, 9: 1.5, 12: 1.6, 6: 2.0, 36: 4.6},
    16: {8: 0.5, 4: 1.5, 2: 1.7},
    18: {6: 0.1, 3: 3.1, 12: 4.0, 18: 4.3},
    20: {4: 0.2, 8: 2.1},
    21: {3: 0.3, 6: 1.4, 27: 7.5},
}  # fmt: skip
"""How many 24ths until the next onset, from each place of the quarter note: -log of the share in
music21's chorales, madrigals, quartets, piano pieces and Ryan's tunes, each kind alike."""
_UNUSUAL: Final = 8.0
"""The cost of any other number in the table."""
STEPS: Final = np.array(sorted({step for row in _RHYTHM.values() for step in row}))

_HABIT: Final = 12.0
"""So many onsets the table is worth, against those of the piece."""


def step_costs() -> NDArray[np.float64]:
    """The table of rhythms, of shape ``(places, steps)``; infinite where one leads nowhere."""
    table = np.full((UNIT, len(STEPS)), np.inf)
    for place, row in _RHYTHM.items():
        for column, step in enumerate(STEPS):
            if (place + step) % UNIT in _RHYTHM:
                table[place, column] = row.get(int(step), _UNUSUAL)
    return table


def habit_cost(places: NDArray[np.float64]) -> float:
    """The cost of a rhythm under a table that learns from the piece itself."""
    counts: Counter[tuple[float, float]] = Counter()
    totals: Counter[float] = Counter()
    cost = 0.0
    for place, following in pairwise(places.tolist()):
        at, step = place % UNIT, following - place
        usual = np.exp(-_RHYTHM.get(at, {}).get(step, _UNUSUAL))
        cost -= np.log((_HABIT * usual + counts[at, step]) / (_HABIT + totals[at]))
        counts[at, step] += 1
        totals[at] += 1
    return float(cost)
