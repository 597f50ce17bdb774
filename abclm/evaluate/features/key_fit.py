"""Whether the notes of a tune are in the key that its header declares.

The estimator is that of Krumhansl & Schmuckler (Krumhansl, Cognitive Foundations of Musical Pitch,
1990, chapter 4): the time spent on each of the twelve pitch classes is correlated with a profile of
every key, and the key of the highest correlation is taken. The profiles are counted, not taken from
listening tests: the mean share of the time on each degree, over the training tunes of each mode.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.notation.tune.line import MelodicLine, MelodicNote

__all__ = ["KeyProfiles", "quarters"]

_FEWEST: Final = 10
"""Tunes of a mode from which a profile is counted."""

_Values = NDArray[np.float64]


class KeyProfiles:
    """The profiles of all keys in which there are enough tunes to count one.

    Args:
        lines: of real tunes.
    """

    def __init__(self, lines: Sequence[MelodicLine]) -> None:
        modes: dict[str, list[_Values]] = {}
        for line in lines:
            modes.setdefault(line.mode, []).append(_shares(line.notes))
        counted = {mode: found for mode, found in sorted(modes.items()) if len(found) >= _FEWEST}
        self._modes = list(counted)
        # One row for each mode and tonic: the tonic 0 to 11 semitones above the declared one.
        rows = [
            np.roll(np.mean(found, axis=0), tonic)
            for found in counted.values()
            for tonic in range(12)
        ]
        self._keys = np.array([_standard(row) for row in rows])

    def by_quarter(self, line: MelodicLine) -> list[float] | None:
        """For each quarter of a tune 1.0 if its notes fit the declared key best, else 0.0.

        Of all twelve tonics and all counted modes; both must be the declared ones. None for a mode
        without a profile, and for a tune with a quarter in which no note begins.
        """
        parts = quarters(line)
        if line.mode not in self._modes or not all(parts):
            return None
        return [float(self._best(part) == (line.mode, 0)) for part in parts]

    def _best(self, notes: Sequence[MelodicNote]) -> tuple[str, int]:
        """The mode, and the tonic in semitones above the declared one."""
        best = int(np.argmax(self._keys @ _standard(_shares(notes))))
        return self._modes[best // 12], best % 12


def quarters(line: MelodicLine) -> list[list[MelodicNote]]:
    """The notes that begin in each quarter of the time that all notes take together."""
    parts: list[list[MelodicNote]] = [[], [], [], []]
    total, now = sum(note.duration for note in line.notes), 0
    for note in line.notes:
        parts[min(3, 4 * now // total) if total else 0].append(note)
        now += note.duration
    return parts


def _shares(notes: Sequence[MelodicNote]) -> _Values:
    """Of the time, on each semitone above the tonic, shape ``(12,)``."""
    times = np.zeros(12)
    for note in notes:
        times[note.above_tonic] += note.duration
    shares: _Values = times / max(1.0, times.sum())
    return shares


def _standard(values: _Values) -> _Values:
    """With mean 0 and length 1: the product of two such rows is their correlation."""
    centred = values - values.mean()
    length = np.linalg.norm(centred)
    standard: _Values = centred / length if length else centred
    return standard
