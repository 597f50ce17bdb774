"""Features of pitch, in any key: which notes a tune uses and how it moves between them."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.evaluate.features.averages import UNKNOWN, entropy, mean
from abclm.notation.tune.hearing import needless_accidental, tritone
from abclm.notation.tune.line import MelodicBar, MelodicLine, MelodicNote

__all__ = ["pitch_features"]

Features = dict[str, float]
_Numbers = NDArray[np.int64]

_INTERVALS: Final = {
    "repeated notes": (0, 0),
    "intervals of 1 semitone": (1, 1),
    "intervals of 2": (2, 2),
    "intervals of 3": (3, 3),
    "intervals of 4": (4, 4),
    "intervals of 5": (5, 5),
    "intervals of 6": (6, 6),
    "intervals of 7": (7, 7),
    "intervals of 8 or 9": (8, 9),
    "intervals of 10 or 11": (10, 11),
    "octaves": (12, 12),
    "intervals beyond an octave": (13, 127),
}
"""The smallest and largest size of each class of intervals, in semitones."""
_FOURTH, _FIFTH, _OCTAVE = 5, 7, 12


def pitch_features(line: MelodicLine) -> Features:
    """Return the features of pitch; ``line`` must have full bars and three notes."""
    steps = np.diff([note.pitch for note in line.notes])
    return {
        **_intervals(steps),
        **_leaps(line, steps),
        **_accidentals(line),
        **_degrees(line),
        **_shape(line),
        "interval size, second half over first": float(
            np.abs(steps[len(steps) // 2 :]).mean() - np.abs(steps[: len(steps) // 2]).mean()
        ),
    }


def _intervals(steps: _Numbers) -> Features:
    sizes = np.abs(steps)
    return {
        name: float(((sizes >= low) & (sizes <= high)).mean())
        for name, (low, high) in _INTERVALS.items()
    } | {"interval size": float(sizes.mean()), "largest interval": int(sizes.max())}


def _leaps(line: MelodicLine, steps: _Numbers) -> Features:
    pairs = [(int(one), int(other)) for one, other in pairwise(steps)]
    across = [
        abs(after.notes[0].pitch - before.notes[-1].pitch)
        for before, after in pairwise(line.bars)
        if before.notes and after.notes and before.section == after.section
    ]
    return {
        "has an interval beyond an octave": bool((np.abs(steps) > _OCTAVE).any()),
        "has a tritone": tritone(line),
        "leaps that turn back": mean(one * other < 0 for one, other in pairs if abs(one) >= _FIFTH),
        "leaps that leap on": mean(
            min(abs(one), abs(other)) >= _FOURTH and one * other > 0 for one, other in pairs
        ),
        "turns": mean((one > 0) != (other > 0) for one, other in pairs if one and other),
        "interval over the bar line": mean(across),
        "leaps over the bar line": mean(size >= _FIFTH for size in across),
    }


def _accidentals(line: MelodicLine) -> Features:
    return {
        "chromatic notes": mean(note.chromatic for note in line.notes),
        "has a chromatic note": any(note.chromatic for note in line.notes),
        "has a needless accidental": needless_accidental(line),
        "bars with two forms of a degree": mean(map(_has_two_forms, line.bars)),
    }


def _has_two_forms(bar: MelodicBar) -> bool:
    forms = {(note.degree, note.above_tonic) for note in bar.notes}
    return len(forms) > len({degree for degree, _ in forms})


def _degrees(line: MelodicLine) -> Features:
    times: Counter[int] = Counter()
    for note in line.notes:
        times[note.degree] += note.duration
    total = times.total() or 1
    degrees = [note.degree for note in line.notes]
    return {
        **{f"time on {degree}": times[degree] / total for degree in range(1, 8)},
        "entropy of pitches": _pitch_entropy(line.notes),
        "entropy of a degree after another": entropy(pairwise(degrees)) - entropy(degrees),
        "entropy of pitches, second half over first": _drift(line.full_bars),
    }


def _pitch_entropy(notes: Sequence[MelodicNote]) -> float:
    return entropy(note.pitch for note in notes)


def _drift(bars: Sequence[MelodicBar]) -> float:
    half = len(bars) // 2
    first, second = (
        [note for bar in part for note in bar.notes] for part in (bars[:half], bars[half:])
    )
    return _pitch_entropy(second) - _pitch_entropy(first)


def _shape(line: MelodicLine) -> Features:
    pitches = [note.pitch for note in line.notes]
    ranges = [[note.pitch for note in bar.notes] for bar in line.full_bars]
    means = list(map(mean, ranges))
    return {
        "range": max(pitches) - min(pitches),
        "range of a bar": mean(max(each) - min(each) for each in ranges),
        "move from bar to bar": mean(abs(after - before) for before, after in pairwise(means)),
        "place of the peak": pitches.index(max(pitches)) / len(pitches),
        "arch": _arch(line),
    }


def _arch(line: MelodicLine) -> float:
    """Return how far bars 3 to 6 of a section lie above bars 1, 2, 7 and 8, in semitones."""
    arches = []
    for section in line.sections:
        if len(section) >= 8:
            quarters = [
                mean(note.pitch for bar in section[start : start + 2] for note in bar.notes)
                for start in (0, 2, 4, 6)
            ]
            arches.append((quarters[1] + quarters[2] - quarters[0] - quarters[3]) / 2)
    return mean(arches) if arches else UNKNOWN
