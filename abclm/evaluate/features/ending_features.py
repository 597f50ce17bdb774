"""Features of cadence and harmony: endings, openings, implied chords."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median, pstdev
from typing import Final

from abclm.evaluate.features.averages import known, mean
from abclm.notation.tune.hearing import endings_agree, final_tonic, section_ends
from abclm.notation.tune.line import MelodicBar, MelodicLine, MelodicNote

__all__ = ["ending_features"]

Features = dict[str, float]

_TRIAD: Final = frozenset({1, 3, 5})
_TRIADS: Final = {
    name: frozenset({root, (root + 1) % 7 + 1, (root + 3) % 7 + 1})
    for name, root in zip(
        ("I", "V", "IV", "II", "VI", "VII", "III"), (1, 5, 4, 2, 6, 7, 3), strict=True
    )
}
"""Degrees of each triad; if two fit equally well, the earlier one is taken."""
_ALTERED: Final = 0
"""The degree of a chromatic note, which belongs to no triad."""
_POOR = 0.6
"""A bar of which the best triad covers less of its time is in no triad."""


def ending_features(line: MelodicLine) -> Features:
    """Return the features of endings and chords; ``line`` must have full bars and three notes."""
    measure = line.bars[0].measure or line.ticks
    return {
        **_final(line, measure),
        **_endings(line),
        **_half_way(line, measure),
        **_openings(line),
        **_chords(line),
    }


def _final(line: MelodicLine, measure: int) -> Features:
    before, last = line.notes[-2:]
    return {
        "ends on 1": final_tonic(line),
        "ends on 5": last.degree == 5,
        "ends elsewhere": last.degree not in {1, 5},
        "length of the last note": last.duration / measure,
        "last note above the median": last.pitch - median(note.pitch for note in line.notes),
        "ends by step": abs(last.step - before.step) == 1,
        "ends by repeating a note": last.pitch == before.pitch,
        "interval to the last note": last.pitch - before.pitch,
        **{f"last note but one is {degree}": before.degree == degree for degree in range(1, 8)},
        "notes in the last bar": len(line.bars[-1].notes),
    }


def _endings(line: MelodicLine) -> Features:
    first = section_ends(line)[0].degree
    return {
        "A ends on 1": first == 1,
        "A ends on 5": first == 5,
        "A ends elsewhere": first not in {1, 5},
        "endings agree": known(endings_agree(line)),
    }


def _half_way(line: MelodicLine, measure: int) -> Features:
    """Return features of the last note of bar 4, where a four-bar phrase ends."""
    notes = [section[3].notes[-1] for section in line.sections if len(section) >= 8]
    return {
        **{f"bar 4 ends on {degree}": _on(notes, {degree}) for degree in (1, 2, 5)},
        "length of the last note of bar 4": mean(note.duration / measure for note in notes),
    }


def _openings(line: MelodicLine) -> Features:
    downbeats = [bar.notes[0] for bar in line.full_bars]
    starts = [section[0].notes[0] for section in line.sections]
    return {
        "downbeats on 1": _on(downbeats, {1}),
        "downbeats in the triad": _on(downbeats, _TRIAD),
        "sections open in the triad": _on(starts, _TRIAD),
        "A opens on 1": starts[0].degree == 1,
    }


def _on(notes: Iterable[MelodicNote], degrees: Iterable[int]) -> float:
    wanted = frozenset(degrees)
    return mean(note.degree in wanted for note in notes)


def _chords(line: MelodicLine) -> Features:
    """Return features of the triad that covers most of each full bar."""
    best = [_best_triad(bar.notes) for bar in line.full_bars]
    fits, roots = [fit for fit, _ in best], [root for _, root in best]
    halves = [_best_triad(half)[0] for bar in line.full_bars for half in _halves(bar) if half]
    return {
        "bar in one triad": mean(fits),
        "bars in no triad": mean(fit < _POOR for fit in fits),
        "bar in one triad, deviation": pstdev(fits),
        "half bar in one triad": mean(halves),
        **{f"bars of {name}": roots.count(name) / len(roots) for name in _TRIADS},
        "chord changes": mean(before != after for before, after in pairwise(roots)),
        "last full bar is I": roots[-1] == "I",
        "full bar before is V or VII": roots[-2] in {"V", "VII"},
    }


def _best_triad(notes: Sequence[MelodicNote]) -> tuple[float, str]:
    weights = [0] * 8
    for note in notes:
        weights[_ALTERED if note.chromatic else note.degree] += note.duration
    total = sum(weights) or 1
    covered = {name: sum(weights[degree] for degree in triad) for name, triad in _TRIADS.items()}
    root = max(covered, key=lambda name: covered[name])
    return covered[root] / total, root


def _halves(bar: MelodicBar) -> tuple[list[MelodicNote], list[MelodicNote]]:
    first = [note for note in bar.notes if 2 * note.onset < bar.duration]
    return first, list(bar.notes[len(first) :])
