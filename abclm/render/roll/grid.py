"""Where time and pitch are in a piano roll, and the lines and names that show it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Final

from abclm.render.roll.rows import Row

__all__ = ["LEFT", "Scale", "chord_names", "grid", "scale_of"]

LEFT: Final = 38
"""The pixels left of the music, for the names of pitches."""
_MARGIN: Final = 2
"""Semitones above the highest and below the lowest note."""
_NEAREST: Final = 12
"""The fewest semitones shown, so that a tune of three notes has its octave."""
_TALL: Final = 32
_SEMITONE: Final = 8
_LOW_SEMITONE: Final = 6
"""The height of a semitone; the lower one if there are more than `_TALL`."""
_ABOVE: Final = 26
_BELOW: Final = 14
"""Above a row are the numbers of its bars and, if there are some, the chord symbols."""
_CHORD_LINE: Final = 14
_NATURAL: Final = {0: "C", 2: "D", 4: "E", 5: "F", 7: "G", 9: "A", 11: "B"}


@dataclass(frozen=True, slots=True)
class Scale:
    """Where time and pitch are.

    Attributes:
        whole: the pixels of a whole note.
        semitone: those of a semitone.
        low, high: the pitches shown, as MIDI numbers.
        top: where the first row begins.
        chords: whether there is a line of chord symbols above each row.
    """

    whole: float
    semitone: int
    low: int
    high: int
    top: int
    chords: bool

    @property
    def height(self) -> int:
        """The height of a row without its margins."""
        return (self.high - self.low + 1) * self.semitone

    def row_top(self, place: int) -> int:
        """Return the top of the pitches of a row, counted from 0."""
        above = _ABOVE + _CHORD_LINE * self.chords
        return self.top + place * (self.height + above + _BELOW) + above

    def x(self, row: Row, moment: Fraction) -> float:
        """Return where a moment of a row is."""
        return round(LEFT + float(moment - row.start) * self.whole, 2)

    def y(self, pitch: int) -> int:
        """Return the top of a pitch below that of its row."""
        return (self.high - pitch) * self.semitone


def scale_of(pitches: Sequence[int], whole: float, top: int, *, chords: bool) -> Scale:
    """Return the scale in which all ``pitches`` have their place; the rest as in `Scale`."""
    low, high = min(pitches) - _MARGIN, max(pitches) + _MARGIN
    missing = max(0, _NEAREST - (high - low))
    low, high = low - missing // 2, high + (missing + 1) // 2
    semitone = _LOW_SEMITONE if high - low > _TALL else _SEMITONE
    return Scale(whole, semitone, low, high, top, chords)


def grid(row: Row, scale: Scale) -> Iterator[str]:
    """Yield the names of the pitches, the lines of octaves, beats and bars, and the bar numbers."""
    right = scale.x(row, row.end)
    for pitch in range(scale.low, scale.high + 1):
        y = scale.y(pitch)
        name = _NATURAL.get(pitch % 12)
        if name is None:
            yield (
                f'<rect class="black" x="{LEFT}" y="{y}" width="{right - LEFT:g}" '
                f'height="{scale.semitone}"/>'
            )
        elif name == "C":
            below = y + scale.semitone
            yield f'<path class="octave" d="M{LEFT} {below}H{right:g}"/>'
            yield _label(f"C{pitch // 12 - 1}", below - 1, 9, "")
        elif scale.semitone == _SEMITONE:
            yield _label(name, y + scale.semitone - 1, 8, ' class="faint"')
    for moment in row.beats:
        yield f'<path class="beat" d="M{scale.x(row, moment):g} 0V{scale.height}"/>'
    for line in row.lines:
        x = scale.x(row, line.onset)
        kind = "section" if line.is_section else "bar"
        yield f'<path class="{kind}" d="M{x:g} 0V{scale.height}"/>'
        if line.number is not None:
            yield (f'<text class="faint" x="{x + 2:g}" y="-4" font-size="10">{line.number}</text>')


def _label(text: str, y: int, size: int, kind: str) -> str:
    return f'<text{kind} x="{LEFT - 5}" y="{y}" font-size="{size}" text-anchor="end">{text}</text>'


def chord_names(row: Row, scale: Scale, chords: Sequence[tuple[Fraction, str]]) -> Iterator[str]:
    """Yield the chord symbols of a row; ``chords`` has all of them, by moment."""
    first = bisect_left(chords, (row.start, ""))
    for moment, text in chords[first : bisect_left(chords, (row.end, ""))]:
        x = scale.x(row, moment)
        yield f'<text x="{x + 2:g}" y="{-_CHORD_LINE - 1}" font-size="12">{escape(text)}</text>'
