"""The context of a line, which decides how it is read: outside tunes, header or body."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from abclm.notation.syntax.music_tokens import LONGEST_LINE, TAG, lex_music
from abclm.notation.syntax.tables import DECORATION_LETTERS, FILE_HEADER_FIELDS
from abclm.notation.syntax.tokens import Context, Token, TokenKind

__all__ = ["is_field", "place_of"]

_FIELD: Final = re.compile(r"[A-Za-z+]:")
_MUSIC_LINE: Final = re.compile(r"[A-Ga-gxyz]:[|:\]]")
"""A line such as ``d:|`` or ``A::``, which is not a field."""
_WORD: Final = re.compile(r"(?<!\S)[A-Za-z]{3,}(?!\S)")
_TAG_LINE: Final = re.compile(rf"\s*(?:{TAG})", re.IGNORECASE)
_AFTER_BLANK: Final = frozenset("KMLPVQw")
"""Fields that after an empty line still belong to the body before it."""


def place_of(content: str, place: Context, *, field: bool, after_blank: bool) -> Context:
    """Return the context of a line, given that of the line before it.

    An empty line ends a tune, but real tunebooks have empty lines inside tunes: music after one
    continues the body of the tune, a field other than X: its header.

    Args:
        content: the line, without its end.
        place: the context of the line before it.
        field: whether it is a field in that context.
        after_blank: whether an empty line precedes it.
    """
    if field and content[0] == "X":
        return Context.HEADER
    if content.startswith("%"):
        return place
    if place is Context.FILE:
        starts_tune = field and content[0] not in FILE_HEADER_FIELDS
        return Context.HEADER if starts_tune else Context.FILE
    if place is Context.HEADER:
        return _place_in_header(content, field=field, after_blank=after_blank)
    if _TAG_LINE.match(content):
        # HTML from the web page that the tune was copied from.
        return Context.FILE
    return _place_in_body(content, field=field) if after_blank else Context.BODY


def is_field(content: str, place: Context) -> bool:
    """Whether a line in the context ``place`` is a field."""
    if _FIELD.match(content) is None:
        return False
    return place is not Context.BODY or _MUSIC_LINE.match(content) is None


def _place_in_body(content: str, *, field: bool) -> Context:
    """The context of a line that follows an empty one in a body."""
    if field and content[0] == "T":
        # A tune whose X: is missing.
        return Context.HEADER
    in_body = content[0] in _AFTER_BLANK if field else _looks_like_music(content)
    return Context.BODY if in_body else Context.FILE


def _place_in_header(content: str, *, field: bool, after_blank: bool) -> Context:
    if field:
        return Context.HEADER
    if _looks_like_music(content, unknown=0):
        # K: is missing, but the body begins.
        return Context.BODY
    return Context.FILE if after_blank else Context.HEADER


def _looks_like_music(content: str, unknown: int = 1000) -> bool:
    """Whether a line looks like music, with at most ``unknown`` unknown characters."""
    tokens = lex_music(content[:LONGEST_LINE])
    kinds = [token.kind for token in tokens]
    notes = kinds.count(TokenKind.NOTE) + kinds.count(TokenKind.REST)
    strange = kinds.count(TokenKind.UNKNOWN)
    odd = 2 * strange + kinds.count(TokenKind.DECORATION)
    looks_so = TokenKind.BAR_LINE in kinds and 2 * notes > odd and strange <= unknown
    return looks_so and not _has_words(tokens)


def _has_words(tokens: Sequence[Token]) -> bool:
    """Whether a line has words, as in ``played | C D`` and ``see here | C D``.

    It does if two letters without musical meaning are adjacent, or if two words contain one each.
    """
    letters = [
        token.text.isalpha()
        and token.kind in {TokenKind.UNKNOWN, TokenKind.DECORATION}
        and token.text not in DECORATION_LETTERS
        for token in tokens
    ]
    if any(one and other for one, other in pairwise(letters)):
        return True
    strange = {token.column for token, odd in zip(tokens, letters, strict=True) if odd}
    text = "".join(token.text for token in tokens)
    words = [word for word in _WORD.finditer(text) if strange.intersection(range(*_columns(word)))]
    return len(words) > 1


def _columns(word: re.Match[str]) -> tuple[int, int]:
    return word.start() + 1, word.end() + 1
