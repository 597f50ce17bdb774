"""The pitches that an instrument can play."""

import re
from dataclasses import dataclass
from typing import Final

from abclm.errors import InputError
from abclm.notation.syntax.accidentals import TONIC_ALTERATIONS
from abclm.notation.syntax.tables import NATURAL_SEMITONES

__all__ = ["INSTRUMENT_RANGES", "VOICE_RANGES", "PitchRange", "parse_range", "parse_ranges"]

_NAME = re.compile(r"([A-Ga-g])([#b]?)(-?[0-9])")

INSTRUMENT_RANGES: Final = {
    "whistle-D": "D4-B5",
    "flute": "D4-D6",
    "uilleann": "D4-D6",
    "fiddle": "G3-B5",
    "mandolin": "G3-B5",
    "banjo": "G3-B5",
    "concertina": "G3-C6",
    "accordion": "G3-C6",
    "smallpipes": "D4-A5",
    "bagpipes": "G4-A5",
}
"""Comfortable range of each instrument, as written: middle C is C4 (scientific pitch).

A whistle sounds an octave above the written pitch, smallpipes in A a fifth or a fourth off.
"""


VOICE_RANGES: Final = {
    "satb": "C4-A5,F3-D5,C3-A4,E2-D4",
    "quartet": "G3-E7,G3-E7,C3-E6,C2-E5",
}
"""The ranges of the voices of a choir and of a string quartet, from the top of the score."""


@dataclass(frozen=True, slots=True)
class PitchRange:
    """The lowest and the highest written pitch, as MIDI numbers; middle C is 60."""

    low: int
    high: int

    def __contains__(self, pitch: int) -> bool:
        return self.low <= pitch <= self.high


def parse_range(text: str) -> PitchRange:
    """The range of a named instrument, or of two pitches such as ``G3-B5``.

    Raises:
        InputError: the text is neither, or spans less than an octave.
    """
    known = {name.lower(): value for name, value in INSTRUMENT_RANGES.items()}
    ends = [_NAME.fullmatch(part.strip()) for part in known.get(text.lower(), text).split("-", 1)]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        names = ", ".join(sorted(INSTRUMENT_RANGES))
        raise InputError(f"{text!r} is not a range: give two pitches (G3-B5), or one of {names}")
    low, high = (_pitch(*match.groups()) for match in ends if match is not None)
    if high - low < 12:
        raise InputError(f"{text}: a range must span an octave or more, the lower pitch first")
    return PitchRange(low, high)


def parse_ranges(text: str) -> tuple[PitchRange, ...]:
    """The ranges of several voices: ``satb``, ``quartet``, or a range for each, with commas.

    Raises:
        InputError: one of them is not a range (see `parse_range`).
    """
    return tuple(map(parse_range, VOICE_RANGES.get(text.lower(), text).split(",")))


def _pitch(letter: str, sign: str, octave: str) -> int:
    return NATURAL_SEMITONES[letter.upper()] + TONIC_ALTERATIONS[sign] + 12 * (int(octave) + 1)
