"""Where notes, chords and rests stand in a text, from their first character to their last."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from abclm.notation.lexer import Kind, Token

__all__ = ["Span", "sound_spans"]

_BAR_ENDS = frozenset({Kind.BAR_LINE, Kind.ENDING})


class Span(NamedTuple):
    """A note, chord or rest without what is attached to it.

    Attributes:
        token: the first one: the note, the rest, or the opening bracket of the chord.
        start, stop: places in the joined text of all tokens.
    """

    token: Token
    start: int
    stop: int


def sound_spans(tokens: Iterable[Token]) -> Iterator[Span]:
    """The span of each sound in order; in a chord that is never closed each note is one."""
    chord: list[Span] = []
    in_grace = False
    place = 0
    for token in tokens:
        span = Span(token, place, place + len(token.text))
        place = span.stop
        if token.kind is Kind.CHORD_OPEN and not (chord or in_grace):
            chord = [span]
        elif token.kind is Kind.CHORD_CLOSE and chord:
            yield Span(chord[0].token, chord[0].start, place)
            chord = []
        elif token.kind in _BAR_ENDS:
            yield from chord[1:]
            chord, in_grace = [], False
        elif token.kind in {Kind.GRACE_OPEN, Kind.GRACE_CLOSE}:
            in_grace = token.kind is Kind.GRACE_OPEN
        elif token.kind is Kind.REST or (token.kind is Kind.NOTE and not in_grace):
            if chord:
                chord.append(span)
            else:
                yield span
    yield from chord[1:]
