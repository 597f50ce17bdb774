"""The rhythms in which chord symbols are played: bass and chord, by meter and kind of tune.

A rhythm is written as abc2midi's ``%%MIDI gchord`` takes it, and fills one bar: ``f`` is the bass,
``c`` the chord, ``b`` both, ``z`` a rest, ``g h i j`` the single notes of the chord from below and
``G H I J`` an octave lower, each with its length, 1 if it has none.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tables import RHYTHMS

__all__ = ["Stroke", "rhythm_of", "strokes_of"]

_HALVES, _QUARTERS, _EIGHTHS = 2, 4, 8
_GROUPS: Final = {
    _HALVES: {1: "fzcz"},
    _QUARTERS: {1: "fz", 2: "fzcz", 3: "fzczcz"},
    _EIGHTHS: {1: "f", 2: "fc", 3: "fzc"},
}
"""A group of beats as it is played, by beat unit and number of beats."""
_OTHERS: Final = {("", 3, 8): "fcc", ("polka", 2, 4): "fcfc"}
"""Rhythms that differ, by dance, if it matters, and meter."""
_HELD: Final = frozenset({"air"})
"""Kinds of tune so slow that bass and chord are held over the rests."""
_SIGNS: Final = re.compile(r"([A-Za-z])(\d?)")


class Stroke(NamedTuple):
    """What is played at a moment of a bar: ``f``, ``c``, ``b`` …, and for how long.

    Times are in whole notes.
    """

    sign: str
    start: Fraction
    duration: Fraction


def rhythm_of(meter: Meter, dance: str) -> str:
    """Return the usual rhythm of a bar; empty in free meter.

    Boom-chick in even meters, ``fzczfzcz`` in 4/4; oom-pah-pah in 3/4, ``fzczcz``; bass, rest,
    chord for each dotted quarter in 6/8. Other meters are cut into groups of three and two beats,
    the threes first: 7/8 is ``fzcfcfc``.

    Args:
        meter: the meter.
        dance: the value of ``R:``; it may be empty.
    """
    name = dance.strip().lower()
    name = RHYTHMS.get(name, name)
    beats, unit = meter.beats, meter.beat_unit
    known = [_OTHERS[key] for key in ((name, beats, unit), ("", beats, unit)) if key in _OTHERS]
    table = _GROUPS[min(_EIGHTHS, max(_HALVES, unit))]
    rhythm = known[0] if known else "".join(table[size] for size in _groups(beats, unit))
    return rhythm.replace("fz", "f2").replace("cz", "c2") if name in _HELD else rhythm


def _groups(beats: int, unit: int) -> list[int]:
    """The beats of each group: threes where they fit, else as few twos as fill the bar."""
    if unit <= _HALVES or beats == 1:
        return [1] * beats
    if beats % 3 == 0:
        return [3] * (beats // 3)
    twos = (beats - 3 * (beats % 2)) // 2 if unit == _QUARTERS else -beats % 3
    return [3] * ((beats - 2 * twos) // 3) + [2] * twos


@lru_cache(maxsize=256)
def strokes_of(rhythm: str, bar: Fraction) -> tuple[Stroke, ...]:
    """Return the strokes of a rhythm spread over a bar that lasts ``bar``, without its rests."""
    signs = [(sign, int(length or 1)) for sign, length in _SIGNS.findall(rhythm)]
    total = sum(length for _, length in signs)
    found: list[Stroke] = []
    now = 0
    for sign, length in signs:
        if sign != "z" and length:
            found.append(Stroke(sign, bar * now / total, bar * length / total))
        now += length
    return tuple(found)
