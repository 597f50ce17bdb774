"""Features of rhythm: note lengths, the rhythms of bars, and ornaments."""

from collections import Counter
from fractions import Fraction
from functools import lru_cache
from statistics import pstdev

from abclm.evaluate.features.averages import entropy, mean
from abclm.notation.syntax.meter import Meter
from abclm.notation.tune.line import MelodicBar, MelodicLine

__all__ = ["rhythm_features"]

Features = dict[str, float]


def rhythm_features(line: MelodicLine) -> Features:
    """Return the features of rhythm; ``line`` must have full bars."""
    return {**_rhythms(line), **_lengths(line), **_signs(line)}


def _rhythms(line: MelodicLine) -> Features:
    bars = line.full_bars
    rhythms = Counter(bar.rhythm for bar in bars)
    half = len(bars) // 2
    earlier = {bar.rhythm for bar in bars[:half]}
    return {
        "distinct rhythms": len(rhythms) / len(bars),
        "entropy of rhythms": entropy(bar.rhythm for bar in bars),
        "bars of the commonest rhythm": max(rhythms.values()) / len(bars),
        "bars whose rhythm comes once": sum(count == 1 for count in rhythms.values()) / len(bars),
        "rhythms of the second half in the first": mean(
            bar.rhythm in earlier for bar in bars[half:]
        ),
        "notes per bar, deviation": pstdev([len(bar.notes) for bar in bars]),
        "syncopated notes": sum(map(_syncopated, bars)) / len(line.notes),
    }


def _syncopated(bar: MelodicBar) -> int:
    """Count the notes that begin within a beat and last into the next one."""
    beat = _beat(bar.meter) * bar.duration / (bar.meter.bar or 1)
    above, below = beat.as_integer_ratio()
    inside = [(below * note.onset % above, below * note.duration) for note in bar.notes]
    return sum(onset > 0 and onset + duration > above for onset, duration in inside)


@lru_cache(maxsize=256)
def _beat(meter: Meter) -> Fraction:
    """Return the beat in whole notes: three eighths in 3/8, 6/8, 9/8, 12/8, else a quarter."""
    return Fraction(3, 8) if meter.beat_unit == 8 and meter.beats % 3 == 0 else Fraction(1, 4)


def _lengths(line: MelodicLine) -> Features:
    lengths = Counter(note.duration for note in line.notes)
    measure = line.bars[0].measure or line.ticks
    dotted = {length for length in lengths if Fraction(length, line.ticks).numerator == 3}
    return {
        "entropy of lengths": entropy(note.duration for note in line.notes),
        "kinds of lengths": len(lengths),
        "notes of the commonest length": max(lengths.values()) / len(line.notes),
        "dotted notes": sum(lengths[length] for length in dotted) / len(line.notes),
        "shortest note": min(lengths) / line.ticks,
        "longest note": max(lengths) / measure,
    }


def _signs(line: MelodicLine) -> Features:
    notes = line.notes
    return {
        "notes in tuplets": mean(note.tuplet for note in notes),
        "notes with grace notes": mean(note.graces > 0 for note in notes),
        "decorated notes": mean(note.decorated for note in notes),
        "chords": mean(note.chord for note in notes),
        "ties": mean(note.tied for note in notes),
        "rests per bar": mean(bar.rests for bar in line.bars),
    }
