"""The position of each bar's music in the text of a tune, so that it can be replaced."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Final, NamedTuple

from abclm.notation.syntax.decorations import decoration_name
from abclm.notation.syntax.meter import parse_unit
from abclm.notation.syntax.tables import NAVIGATION_SIGNS
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import Tune

__all__ = ["BarText", "bar_texts"]

_AROUND: Final = frozenset(
    {
        TokenKind.SPACE,
        TokenKind.NEWLINE,
        TokenKind.BLANK,
        TokenKind.FIELD,
        TokenKind.INLINE_FIELD,
        TokenKind.COMMENT,
        TokenKind.DIRECTIVE,
        TokenKind.CONTINUATION,
        TokenKind.LINE_BREAK,
        TokenKind.STRING,
    }
)
"""Kinds that are not music themselves: at the start and the end of a bar they are kept."""

_LINES: Final = _AROUND - {TokenKind.SPACE, TokenKind.STRING}


class BarText(NamedTuple):
    """The music of a bar in the joined text of the tune's tokens.

    Attributes:
        start, stop: the indices where it begins and ends.
        tokens: the tokens in between.
        unit: the unit note length in force there, in whole notes.
    """

    start: int
    stop: int
    tokens: tuple[Token, ...]
    unit: Fraction

    @property
    def rest(self) -> str:
        """The parts of it that are not music: navigation signs, line ends, fields and comments."""
        kept = (token for token in self.tokens if token.kind in _LINES or _is_sign(token))
        return "".join(token.text for token in kept)

    @property
    def changes(self) -> str:
        """The letters of the fields inside it."""
        fields = {TokenKind.FIELD, TokenKind.INLINE_FIELD}
        return "".join(token.field for token in self.tokens if token.kind in fields)


def bar_texts(tune: Tune, bars: Sequence[Bar]) -> list[BarText]:
    """Return the text of each bar.

    Args:
        tune: a tune.
        bars: all its bars.
    """
    tokens = tune.tokens
    index = {(token.line, token.column): at for at, token in enumerate(tokens)}
    offsets = list(accumulate((len(token.text) for token in tokens), initial=0))
    units = _units(tune)
    found: list[BarText] = []
    for bar in bars:
        before, after = bar.before.tokens, bar.after.tokens
        start = index[before[-1][2:]] + 1 if before else 0
        stop = index[after[0][2:]] if after else len(tokens)
        # Between two bars of a voice there may be others, each after its V: field.
        named = (at for at in range(stop - 1, start - 1, -1) if _names_voice(tokens[at]))
        start = next(named, start)
        while start < stop and _stays(tokens[start]):
            start += 1
        while stop > start and _stays(tokens[stop - 1]):
            stop -= 1
        found.append(BarText(offsets[start], offsets[stop], tokens[start:stop], units[start]))
    return found


def _stays(token: Token) -> bool:
    return token.kind in _AROUND or _is_sign(token)


def _names_voice(token: Token) -> bool:
    return token.kind in {TokenKind.FIELD, TokenKind.INLINE_FIELD} and token.field == "V"


def _is_sign(token: Token) -> bool:
    return token.kind is TokenKind.DECORATION and decoration_name(token.text) in NAVIGATION_SIGNS


def _units(tune: Tune) -> list[Fraction]:
    """The unit note length in force at each token, and after the last one."""
    unit, units = tune.unit, []
    in_body = False
    for token in tune.tokens:
        units.append(unit)
        if token.kind in {TokenKind.FIELD, TokenKind.INLINE_FIELD}:
            if in_body and token.field == "L":
                unit = parse_unit(token.value) or unit
            in_body = in_body or token.field == "K"
    return [*units, unit]
