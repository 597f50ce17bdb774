"""The positions of notes, chords and rests in a text."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from abclm.notation.syntax.tokens import Token, TokenKind

__all__ = ["Span", "event_spans"]

_BAR_ENDS = frozenset({TokenKind.BAR_LINE, TokenKind.ENDING})


class Span(NamedTuple):
    """A note, chord or rest without what is attached to it.

    Attributes:
        token: the note, the rest, or the opening bracket of the chord.
        start, stop: indices in the joined text of all tokens.
    """

    token: Token
    start: int
    stop: int


def event_spans(tokens: Iterable[Token]) -> Iterator[Span]:
    """Yield the span of each event in order; in an unclosed chord each note has its own."""
    chord: list[Span] = []
    in_grace = False
    place = 0
    for token in tokens:
        span = Span(token, place, place + len(token.text))
        place = span.stop
        if token.kind is TokenKind.CHORD_OPEN and not (chord or in_grace):
            chord = [span]
        elif token.kind is TokenKind.CHORD_CLOSE and chord:
            yield Span(chord[0].token, chord[0].start, place)
            chord = []
        elif token.kind in _BAR_ENDS:
            yield from chord[1:]
            chord, in_grace = [], False
        elif token.kind in {TokenKind.GRACE_OPEN, TokenKind.GRACE_CLOSE}:
            in_grace = token.kind is TokenKind.GRACE_OPEN
        elif token.kind is TokenKind.REST or (token.kind is TokenKind.NOTE and not in_grace):
            if chord:
                chord.append(span)
            else:
                yield span
    yield from chord[1:]
