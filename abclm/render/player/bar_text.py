"""The music of each bar as one line of text, and where each of its notes stands in it."""

from fractions import Fraction
from typing import NamedTuple

from abclm.notation.syntax.source import readable
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.tune.bar_texts import bar_texts
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import Event, Overlay, Tune

__all__ = ["BarLine", "Mark", "bar_lines"]

_LINE_ENDS = frozenset({TokenKind.NEWLINE, TokenKind.CONTINUATION, TokenKind.LINE_BREAK})
_LEFT_OUT = frozenset({TokenKind.COMMENT, TokenKind.DIRECTIVE, TokenKind.FIELD})


class Mark(NamedTuple):
    """A note in the text of a bar: its onset in whole notes, and where it begins and stops."""

    onset: Fraction
    begin: int
    stop: int


class BarLine(NamedTuple):
    """The music of a bar on one line, and its notes in the order in which they stand."""

    text: str
    marks: tuple[Mark, ...]


def bar_lines(tune: Tune) -> dict[tuple[int, int], BarLine]:
    """Return the line of each bar of ``tune``, which has one voice.

    The key is the line and column of the bar's first note, chord or rest; the times of the marks
    are in whole notes.
    """
    written = bars(tune)
    return {
        (bar.events[0].token.line, bar.events[0].token.column): _line(bar, text.tokens)
        for bar, text in zip(written, bar_texts(tune, written), strict=True)
    }


def _line(bar: Bar, tokens: tuple[Token, ...]) -> BarLine:
    text = ""
    places: dict[tuple[int, int], int] = {}
    for token in tokens:
        if token.kind in _LEFT_OUT:
            continue
        places[token.line, token.column] = len(text)
        blank = token.kind in _LINE_ENDS or token.kind is TokenKind.SPACE
        text += " " * (not text.endswith(" ")) if blank else readable(token.text)
    return BarLine(text.rstrip(), tuple(_marks(bar, places, text)))


def _marks(bar: Bar, places: dict[tuple[int, int], int], text: str) -> list[Mark]:
    found: list[Mark] = []
    now = Fraction(0)
    for item in bar.items:
        if isinstance(item, Overlay):
            now = Fraction(0)
        if isinstance(item, Event):
            begin = places.get((item.token.line, item.token.column))
            if begin is not None:
                found.append(Mark(now, begin, begin))
            now += item.duration
    ends = [*(mark.begin for mark in found[1:]), len(text)]
    return [
        mark._replace(stop=len(text[:end].rstrip())) for mark, end in zip(found, ends, strict=True)
    ]
