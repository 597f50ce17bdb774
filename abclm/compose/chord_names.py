"""The chords a guitarist plays in each mode, and their names in a key: ``Em``, ``D``, ``A7``."""

import re
from typing import Final, NamedTuple

from abclm.notation.syntax.chord_symbols import is_no_chord, parse_chord_symbol
from abclm.notation.syntax.key import Key
from abclm.notation.tune.interval import Interval, move_name

__all__ = ["CHORDS", "TONES", "Chord", "chords_of", "is_chord_symbol", "mode_of", "tonic_of"]

TONES: Final = {"": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10)}
"""Semitones above the root of each kind of chord: root, third, fifth, seventh."""
_SCALES: Final = {
    "": (0, 2, 4, 5, 7, 9, 11),
    "m": (0, 2, 3, 5, 7, 8, 10),
    "dor": (0, 2, 3, 5, 7, 9, 10),
    "mix": (0, 2, 4, 5, 7, 9, 10),
    "phr": (0, 1, 3, 5, 7, 8, 10),
    "lyd": (0, 2, 4, 6, 7, 9, 11),
    "loc": (0, 1, 3, 5, 6, 8, 10),
}
_STEPS: Final = {"I": 0, "II": 1, "III": 2, "IV": 3, "V": 4, "VI": 5, "VII": 6}
_MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)
_NUMERAL: Final = re.compile(r"(b?)([ivIV]+)(7?)")


class Chord(NamedTuple):
    """A chord relative to the tonic.

    Attributes:
        numeral: Roman numeral above the major scale of the tonic: ``bVII`` in A is G.
        root: semitones above the tonic, 0 to 11.
        kind: suffix of the chord symbol: empty for major, ``m``, ``7``.
    """

    numeral: str
    root: int
    kind: str

    @property
    def tones(self) -> tuple[int, ...]:
        """The tones in semitones above the tonic, 0 to 11, the root first."""
        return tuple((self.root + tone) % 12 for tone in TONES[self.kind])

    def borrowed(self, mode: str) -> frozenset[int]:
        """Return its tones that are not in the scale of ``mode``; the dominant of minor has none.

        Players take that chord in minor also where the melody avoids the seventh degree.
        """
        if mode == "m" and self.numeral in {"V", "V7"}:
            return frozenset()
        return frozenset(self.tones).difference(_SCALES[mode])

    def name(self, tonic: str) -> str:
        """Return the chord symbol in a key with ``tonic``, such as ``F#m`` for vi in A."""
        step = _STEPS[self.numeral.strip("b7").upper()]
        return move_name(tonic, Interval(step, self.root)) + self.kind


def _chord(numeral: str) -> Chord:
    match = _NUMERAL.fullmatch(numeral)
    if match is None:
        raise ValueError(numeral)
    flat, degree, seventh = match.groups()
    root = _MAJOR[_STEPS[degree.upper()]] - bool(flat)
    return Chord(numeral, root, seventh or ("m" if degree.islower() else ""))


CHORDS: Final = {
    mode: tuple(map(_chord, numerals.split()))
    for mode, numerals in {
        "": "I ii iii IV V V7 vi bVII II7 III7",
        "m": "i bIII iv IV v V V7 bVI bVII",
        "dor": "i ii bIII IV v V7 bVII",
        "mix": "I ii IV v V7 vi bVII",
        "phr": "i bII bIII iv bVI bvii",
        "lyd": "I II iii V vi vii",
        "loc": "i bII bIII iv bVI bvii",
    }.items()
}
"""The chords of each mode, the tonic chord first."""

_PIPES: Final = frozenset({"HP", "Hp"})


def mode_of(key: Key) -> str:
    """Return the mode of ``key``, a key of `CHORDS`; bagpipe tunes are in A mixolydian."""
    return "mix" if key.tonic in _PIPES else key.mode


def tonic_of(key: Key) -> str:
    """Return the name of the tonic of ``key``, such as ``F#``."""
    return "A" if key.tonic in _PIPES else key.tonic


def chords_of(key: Key) -> tuple[Chord, ...]:
    """Return the chords for a tune in ``key``, the tonic chord first."""
    return CHORDS[mode_of(key)]


def is_chord_symbol(text: str) -> bool:
    """Whether a string of a tune, without its quotes, is a chord symbol, not an annotation."""
    return parse_chord_symbol(text) is not None or is_no_chord(text)
