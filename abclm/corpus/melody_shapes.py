"""A melody as short runs of intervals from beat to beat, the same in any key, meter and rhythm.

Settings of one chorale differ in meter, in passing notes and in the length of their fermatas, so
that few bars are alike; the pitches on the beats are.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from abclm.corpus.accidentals import with_all_accidentals
from abclm.notation.syntax.accidentals import semitones
from abclm.notation.syntax.tables import NATURAL_SEMITONES
from abclm.notation.tune.bars import bars, pickup_offset
from abclm.notation.tune.music import Tune

__all__ = ["melody_shapes"]

_BEAT: Final = Fraction(1, 4)
_INTERVALS: Final = 5
"""Settings of one chorale share half of their runs of five intervals or more, others less than two
fifths."""
_WIDEST: Final = 127


def melody_shapes(tune: Tune) -> frozenset[tuple[int, int]]:
    """Return the runs of five intervals of a tune with one voice, each as a number and 0.

    Only pitches that sound on a quarter note count, the highest of a chord; a pitch that stays
    counts once.
    """
    heights = list(_on_beats(tune))
    steps = [after - before for before, after in pairwise(heights) if after != before]
    runs = (steps[start : start + _INTERVALS] for start in range(len(steps) - _INTERVALS + 1))
    return frozenset((_number(run), 0) for run in runs)


def _on_beats(tune: Tune) -> Iterator[int]:
    """The heights of the pitches that sound on a quarter note, in semitones."""
    full = replace(tune, items=tuple(with_all_accidentals(tune)))
    for bar in bars(full):
        now = pickup_offset(bar)
        for event in bar.events:
            end = now + event.duration
            if event.pitches and -(-now // _BEAT) * _BEAT < end:
                yield max(
                    12 * pitch.octave
                    + NATURAL_SEMITONES[pitch.letter]
                    + semitones(pitch.accidental)
                    for pitch in event.pitches
                )
            now = end


def _number(steps: list[int]) -> int:
    number = 0
    for step in steps:
        number = number * 256 + max(-_WIDEST, min(_WIDEST, step)) + 128
    return number
