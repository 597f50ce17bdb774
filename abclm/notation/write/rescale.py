"""The same notes under another unit note length."""

import re
from collections.abc import Iterable
from fractions import Fraction

from abclm.notation.syntax.tokens import TIMED_KINDS, Token, TokenKind
from abclm.notation.syntax.values import read_length
from abclm.notation.write.lengths import write_length

__all__ = ["in_unit"]

_LENGTH = re.compile(r"[\d/]*\Z")
_WHOLE_BARS = ("Z", "X")


def in_unit(tokens: Iterable[Token], before: Fraction, after: Fraction) -> str:
    """Return the text of ``tokens`` rewritten from the unit ``before`` to the unit ``after``.

    Of a chord only the length after ``]`` changes; notes inside it and grace notes are unchanged.
    """
    if before == after:
        return "".join(token.text for token in tokens)
    ratio = before / after
    inside = 0
    text = ""
    for token in tokens:
        if token.kind in {TokenKind.CHORD_OPEN, TokenKind.GRACE_OPEN}:
            inside += 1
        elif token.kind in {TokenKind.CHORD_CLOSE, TokenKind.GRACE_CLOSE}:
            inside -= 1
        text += token.text if inside > 0 else _scaled(token, ratio)
    return text


def _scaled(token: Token, ratio: Fraction) -> str:
    if token.kind not in TIMED_KINDS or token.text.startswith(_WHOLE_BARS):
        return token.text
    core = _LENGTH.sub("", token.text)
    return core + write_length(read_length(token.text[len(core) :]) * ratio)
