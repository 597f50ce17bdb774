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


def note_limits(tune: Tune, _bars: Sequence[Bar]) -> Iterator[Problem]:
    """A note lies within octaves that are heard, and lasts a 256th to 64 whole notes."""
    fine: set[str] = set()
    for sound in tune.items:
        if type(sound) is not Sound or sound.token.text in fine:
            # Looked at once: notes spelt alike differ by broken rhythm at the most.
            continue
        found = [*_octaves(sound), *_length(sound)]
        yield from found
        if not found and sound.token.kind is not Kind.CHORD_OPEN:
            fine.add(sound.token.text)


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
