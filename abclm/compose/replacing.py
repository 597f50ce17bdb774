"""Replaces bars of a tune; everything else in its text stays as it is."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from abclm.errors import InputError
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.tokens import Context, Token, TokenKind
from abclm.notation.tune.bar_texts import BarText, bar_texts
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import Tune
from abclm.notation.write.rescale import in_unit

__all__ = ["check_bars", "old_music", "with_bars"]

_LASTING: Final = frozenset("KMLVUm")
"""Fields that also apply to later bars."""


def check_bars(tune: Tune, first: int, last: int, numbers: Sequence[int]) -> None:
    """Check that no other bars depend on the bars ``first`` to ``last``.

    Args:
        tune: the tune as the user wrote it.
        first: index of the first bar, from 0.
        last: index of the last bar.
        numbers: the number that the user has for each bar.

    Raises:
        InputError: a bar contains a change of key or another field that applies to later bars.
    """
    texts = bar_texts(tune, bars(tune))
    for at in range(first, last + 1):
        lasting = sorted(_LASTING.intersection(texts[at].changes))
        if lasting:
            raise InputError(
                f"bar {numbers[at]} has a {lasting[0]}: field inside it, which also applies to "
                "the bars after it: leave that bar out"
            )


def old_music(tune: Tune, first: int, last: int) -> list[str]:
    """The music of the bars ``first`` to ``last`` as written in ``tune``."""
    texts = bar_texts(tune, bars(tune))[first : last + 1]
    return [" ".join("".join(token.text for token in at.tokens).split()) for at in texts]


def with_bars(tune: Tune, first: int, new: Sequence[str], unit: Fraction) -> tuple[str, list[str]]:
    """Replace the music of bars of ``tune``, from the index ``first`` on, by ``new``.

    The text around the music of a bar stays: white space, fields, comments, and a chord symbol or
    an annotation at its start. A slur from or to another bar keeps its other end.

    Args:
        tune: the tune as the user wrote it.
        first: index of the first bar, from 0.
        new: the music of each bar, in the unit note length ``unit``.
        unit: in whole notes.

    Returns:
        The text, and the music of each bar as it is spelled there.
    """
    text = "".join(token.text for token in tune.tokens)
    places = bar_texts(tune, bars(tune))[first : first + len(new)]
    closed, opened = _slurs(places)
    music = [
        in_unit(lex(bar, Context.BODY), unit, at.unit) for bar, at in zip(new, places, strict=True)
    ]
    music[0] += ")" * closed
    music[-1] = "(" * opened + music[-1]
    for bar, at in reversed(list(zip(music, places, strict=True))):
        text = text[: at.start] + bar + at.rest + text[at.stop :]
    return text, music


def _slurs(places: Sequence[BarText]) -> tuple[int, int]:
    """The number of slurs that end in the bars but began before, and of those that begin there."""
    tokens: list[Token] = [token for place in places for token in place.tokens]
    closed = opened = 0
    for token in tokens:
        if token.kind is TokenKind.SLUR_OPEN:
            opened += 1
        elif token.kind is TokenKind.SLUR_CLOSE and opened:
            opened -= 1
        elif token.kind is TokenKind.SLUR_CLOSE:
            closed += 1
    return closed, opened
