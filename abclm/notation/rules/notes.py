"""Rules of single notes: no octave and no length beyond reason."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from abclm.notation.bars import Bar
from abclm.notation.lexer import Kind
from abclm.notation.music import Sound, Tune
from abclm.notation.problem import Problem
from abclm.notation.rules.base import problem_at

__all__ = ["note_limits"]

_LOWEST, _HIGHEST = -3, 4
_SHORTEST, _LONGEST = Fraction(1, 256), Fraction(64)
_USUAL_UNITS = frozenset({Fraction(1, 4), Fraction(1, 8), Fraction(1, 16)})
_USUAL = frozenset(
    sign + letter + mark + length
    for sign in ("", "^", "_", "=")
    for letter in "ABCDEFGabcdefgz"
    for mark in ("", "'", ",")
    for length in ("", "2", "3", "4", "6", "8", "/", "/2", "3/2")
)
"""Notes that are within all limits in those units."""


def note_limits(tune: Tune, _bars: Sequence[Bar]) -> Iterator[Problem]:
    """A note lies within octaves that are heard, and lasts a 256th to 64 whole notes."""
    # Notes spelt alike are looked at once: they differ by broken rhythm at the most.
    usual = _USUAL if tune.unit in _USUAL_UNITS else frozenset[str]()
    fine: set[str] = set()
    for sound in tune.items:
        if type(sound) is not Sound:
            continue
        text = sound[0][1]
        if text in usual or text in fine:
            continue
        found = [*_octaves(sound), *_length(sound)]
        yield from found
        if not found and sound.token.kind is not Kind.CHORD_OPEN:
            fine.add(text)


def _octaves(sound: Sound) -> Iterator[Problem]:
    for pitch in sound.pitches:
        if not _LOWEST <= pitch.octave <= _HIGHEST:
            message = f"{pitch} is beyond hearing: fewer {',' if pitch.octave < 0 else chr(39)}"
            yield problem_at(sound.token, "octave", message)


def _length(sound: Sound) -> Iterator[Problem]:
    if sound.notated and not _SHORTEST <= sound.notated <= _LONGEST and sound.rest != "Z":
        verdict = "short" if sound.notated < _SHORTEST else "long"
        message = f"{sound.token.text} is too {verdict} to play: {sound.notated} whole notes"
        yield problem_at(sound.token, "length", message)
