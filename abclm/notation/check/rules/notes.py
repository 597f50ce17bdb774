"""Rules for single notes: octaves and lengths within limits."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from abclm.notation.check.rules.base import problem_at
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tokens import TokenKind
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import Event, Tune

__all__ = ["note_limits"]

_LOWEST, _HIGHEST = -4, 4
"""From 16 Hz, below a piano's lowest ``A,,,,``, to 8 kHz; higher notes leave MIDI's range."""
_SHORTEST, _LONGEST = Fraction(1, 256), Fraction(64)
"""The shortest value that is engraved, and two minutes at the usual tempo."""
_USUAL_UNITS = frozenset({Fraction(1, 4), Fraction(1, 8), Fraction(1, 16)})
"""In these, `_USUAL` notes are neither too short nor too long."""
_USUAL = frozenset(
    sign + letter + mark + length
    for sign in ("", "^", "_", "=")
    for letter in "ABCDEFGabcdefgz"
    for mark in ("", "'", ",")
    for length in ("", "2", "3", "4", "6", "8", "/", "/2", "3/2")
)
"""Notes that are within all limits under those units."""


def note_limits(tune: Tune, _bars: Sequence[Bar]) -> Iterator[Problem]:
    """A note must be within audible octaves and last from 1/256 to 64 whole notes."""
    # Each spelling is checked once: notes spelt alike differ by broken rhythm at most.
    doubtful = {event[0][1] for event in tune.items if type(event) is Event}
    if tune.unit in _USUAL_UNITS:
        doubtful -= _USUAL
    for event in tune.events if doubtful else ():
        text = event.token.text
        if text not in doubtful:
            continue
        found = [*_octaves(event), *_length(event)]
        yield from found
        if not found and event.token.kind is not TokenKind.CHORD_OPEN:
            doubtful.remove(text)


def _octaves(event: Event) -> Iterator[Problem]:
    for pitch in event.pitches:
        if not _LOWEST <= pitch.octave <= _HIGHEST:
            message = f"{pitch} is out of range: use fewer {',' if pitch.octave < 0 else chr(39)}"
            yield problem_at(event.token, "octave", message)


def _length(event: Event) -> Iterator[Problem]:
    if event.notated and not _SHORTEST <= event.notated <= _LONGEST and event.rest != "Z":
        verdict = "short" if event.notated < _SHORTEST else "long"
        message = f"{event.token.text} is too {verdict} to play: {event.notated} whole notes"
        yield problem_at(event.token, "length", message)
