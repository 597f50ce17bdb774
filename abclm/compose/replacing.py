"""Puts new bars in the place of old ones; everything else in the tune's text stays as it is."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from abclm.errors import InputError
from abclm.notation.syntax.lexer import Context, Token, TokenKind, lex
from abclm.notation.tune.bar_texts import BarText, bar_texts
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import Tune
from abclm.notation.write.rescale import in_unit

__all__ = ["check_bars", "old_music", "with_bars"]

_LASTING: Final = frozenset("KMLVUm")
"""Fields that hold for the bars behind, too."""


def check_bars(tune: Tune, first: int, last: int, numbers: Sequence[int]) -> None:
    """See that the bars ``first`` to ``last`` hold nothing that other bars need.

    Args:
        tune: as the user wrote it.
        first: an index, from 0.
        last: likewise, included.
        numbers: what the user calls each bar.

    Raises:
        InputError: a bar changes the key or the like in its midst.
    """
    texts = bar_texts(tune, bars(tune))
    for at in range(first, last + 1):
        lasting = sorted(_LASTING.intersection(texts[at].changes))
        if lasting:
            raise InputError(
                f"bar {numbers[at]} has a {lasting[0]}: field in its midst, which holds for what "
                "follows: leave that bar out"
            )


def old_music(tune: Tune, first: int, last: int) -> list[str]:
    """The music of the bars ``first`` to ``last`` as it stands in the text of ``tune``."""
    texts = bar_texts(tune, bars(tune))[first : last + 1]
    return [" ".join("".join(token.text for token in at.tokens).split()) for at in texts]


def with_bars(tune: Tune, first: int, new: Sequence[str], unit: Fraction) -> tuple[str, list[str]]:
    """The text of ``tune`` with the music ``new`` in its bars from the index ``first`` on.

    What stands around the music of a bar stays: white space, fields, comments, and a chord symbol
    or a text at its start. A slur from or to another bar keeps its other end.

    Args:
        tune: as the user wrote it.
        first: from 0.
        new: for each bar, in the unit note length ``unit``.
        unit: in whole notes.

    Returns:
        The text, and the music of each bar as it is spelt there.
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
    """How many slurs end in the bars that began before them, and how many begin that go on."""
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
