"""Whether the notes of a tune are in the key that its header declares.

The estimator is that of Krumhansl & Schmuckler (Krumhansl, Cognitive Foundations of Musical Pitch,
1990, chapter 4): the time spent on each of the twelve pitch classes is correlated with a profile of
every key, and the key with the highest correlation is taken. The profiles do not come from
listening tests but from the training tunes of each mode: the mean share of the time on each degree.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.notation.tune.line import MelodicLine, MelodicNote

__all__ = ["KeyProfiles", "quarters"]

_FEWEST: Final = 10
"""The fewest tunes of a mode that make a profile."""

_Values = NDArray[np.float64]


class KeyProfiles:
    """The profiles of all modes with enough tunes, on all tonics.

    Args:
        lines: the melodic lines of real tunes.
    """

    def __init__(self, lines: Sequence[MelodicLine]) -> None:
        modes: dict[str, list[_Values]] = {}
        for line in lines:
            modes.setdefault(line.mode, []).append(_shares(line.notes))
        counted = {mode: found for mode, found in sorted(modes.items()) if len(found) >= _FEWEST}
        self._modes = list(counted)
        # One row per mode and tonic; the tonics are 0 to 11 semitones above the declared one.
        rows = [
            np.roll(np.mean(found, axis=0), tonic)
            for found in counted.values()
            for tonic in range(12)
        ]
        self._keys = np.array([_standard(row) for row in rows])

    def by_quarter(self, line: MelodicLine) -> list[float] | None:
        """Return for each quarter of a tune 1.0 if its notes fit the declared key best, else 0.0.

        The best of all twelve tonics and all modes with a profile must be the declared tonic and
        mode. None for a mode without a profile, and if no note begins in a quarter of the tune.
        """
        parts = quarters(line)
        if line.mode not in self._modes or not all(parts):
            return None
        return [float(self._best(part) == (line.mode, 0)) for part in parts]

    def _best(self, notes: Sequence[MelodicNote]) -> tuple[str, int]:
        """Return the best mode, and the best tonic in semitones above the declared one."""
        best = int(np.argmax(self._keys @ _standard(_shares(notes))))
        return self._modes[best // 12], best % 12


def quarters(line: MelodicLine) -> list[list[MelodicNote]]:
    """Return the notes that begin in each quarter of the total duration of the notes."""
    parts: list[list[MelodicNote]] = [[], [], [], []]
    total, now = sum(note.duration for note in line.notes), 0
    for note in line.notes:
        parts[min(3, 4 * now // total) if total else 0].append(note)
        now += note.duration
    return parts


def _shares(notes: Sequence[MelodicNote]) -> _Values:
    """Return the share of the time on each semitone above the tonic, shape ``(12,)``."""
    times = np.zeros(12)
    for note in notes:
        times[note.above_tonic] += note.duration
    shares: _Values = times / max(1.0, times.sum())
    return shares


def _standard(values: _Values) -> _Values:
    """Scale to mean 0 and length 1, so that the product of two rows is their correlation."""
    centred = values - values.mean()
    length = np.linalg.norm(centred)
    standard: _Values = centred / length if length else centred
    return standard
