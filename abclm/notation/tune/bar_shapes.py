"""Bars as shapes that do not change under transposition: intervals and durations, hashed."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

from abclm.notation.syntax.accidentals import semitones
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.tables import NATURAL_SEMITONES
from abclm.notation.syntax.values import Pitch
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import BodyField, Event, Tune

__all__ = ["NO_APPROACH", "BarShape", "bar_shapes"]

NO_APPROACH: Final = 127
"""The approach of a bar with no note before it."""

_WIDEST = 100
"""Semitones; an approach fits in a signed byte and never equals `NO_APPROACH`."""


class BarShape(NamedTuple):
    """A bar without its pitches.

    Attributes:
        inner: a 32-bit hash of the intervals inside the bar and of all durations.
        approach: semitones from the last note before the bar to its first, or `NO_APPROACH`.
        notes: the number of notes struck in it.
        full: whether it fills a measure; a pickup or a short last bar does not.
    """

    inner: int
    approach: int
    notes: int
    full: bool


def bar_shapes(tune: Tune) -> list[BarShape]:
    """Return the shapes of the bars of the first voice, in written order.

    A chord counts as its highest note, notes of one pitch tied inside a bar as one, and grace notes
    and decorations are ignored.
    """
    voices = tune.voices
    if not voices:
        return []
    reader = _Reader(tune.key)
    return [reader.read(bar) for bar in bars(voices[0].tune)]


class _Reader:
    """Follows the key, the accidentals and the last note from bar to bar."""

    def __init__(self, key: Key | None) -> None:
        self._signature = key.alterations if key else {}
        self._altered: dict[str, int] = {}
        self._last: int | None = None

    def read(self, bar: Bar) -> BarShape:
        self._altered = {}
        before = self._last
        notes = list(_joined(self._notes(bar)))
        heights = [height for height, _ in notes if height is not None]
        approach = NO_APPROACH
        if heights:
            self._last = heights[-1]
            if before is not None:
                approach = max(-_WIDEST, min(_WIDEST, heights[0] - before))
        full = bar.meter.bar is None or bar.duration >= bar.meter.bar
        return BarShape(_hash(tuple(_steps(notes))), approach, len(heights), full)

    def _notes(self, bar: Bar) -> Iterator[tuple[int | None, Fraction, bool]]:
        """Yield height (None for a rest), duration, and whether it is tied to the next."""
        for item in bar.items:
            if isinstance(item, Event):
                heights = [self._height(pitch) for pitch in item.pitches]
                yield max(heights, default=None), item.duration, item.tie
            elif isinstance(item, BodyField) and item.name == "K":
                key = parse_key(item.value)
                self._signature = key.alterations if key else self._signature

    def _height(self, pitch: Pitch) -> int:
        letter = pitch.letter
        if pitch.accidental:
            self._altered[letter] = semitones(pitch.accidental)
        alteration = self._altered.get(letter, self._signature.get(letter, 0))
        return NATURAL_SEMITONES[letter] + 12 * pitch.octave + alteration


def _joined(
    notes: Iterator[tuple[int | None, Fraction, bool]],
) -> Iterator[tuple[int | None, Fraction]]:
    held: tuple[int | None, Fraction, bool] | None = None
    for height, duration, tie in notes:
        if held is not None and held[2] and held[0] == height:
            held = (height, held[1] + duration, tie)
            continue
        if held is not None:
            yield held[:2]
        held = (height, duration, tie)
    if held is not None:
        yield held[:2]


def _steps(notes: list[tuple[int | None, Fraction]]) -> Iterator[tuple[int | None, int, int]]:
    """Yield for each note the interval from the one before, 0 for the first, and its duration."""
    last: int | None = None
    for height, duration in notes:
        interval = None if height is None else 0 if last is None else height - last
        last = last if height is None else height
        yield interval, duration.numerator, duration.denominator


@lru_cache(maxsize=1 << 16)
def _hash(steps: tuple[tuple[int | None, int, int], ...]) -> int:
    text = " ".join(f"{interval}:{above}/{below}" for interval, above, below in steps)
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "little")
