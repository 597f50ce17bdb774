"""A text of many tunes, cut into the tokens of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from abclm.notation.lexer import HEADER_KINDS, Kind, Token, lex

__all__ = ["TuneTokens", "split_tunes"]

_BEFORE_TUNES = {Kind.TEXT, Kind.BLANK, Kind.NEWLINE, Kind.SPACE, Kind.COMMENT, Kind.DIRECTIVE}
_FILE_WIDE = "LMRmU"
_STARTERS = frozenset("XTKVPQW")


@dataclass(frozen=True, slots=True)
class TuneTokens:
    """One tune's tokens, and the fields of the file header that hold for it."""

    tokens: tuple[Token, ...]
    file_fields: tuple[Token, ...] = ()


def split_tunes(text: str) -> list[TuneTokens]:
    """The tunes of a tunebook in their order; free text and empty lines between are left out.

    A tune starts at ``X:``, or, where that is missing, at a field that only a tune has: outside
    any tune, or ``T:`` behind the music and an empty line.
    """
    tunes: list[list[Token]] = []
    file_fields: list[Token] = []
    outside, ended, has_music = True, False, False
    for token in lex(text):
        if token.kind is Kind.FIELD:
            letter = token.text[0]
            new = (outside and letter in _STARTERS) or (ended and has_music and letter == "T")
            if letter == "X" or new:
                tunes.append([])
                outside = has_music = False
        outside = outside or token.kind is Kind.TEXT
        ended = token.kind is Kind.BLANK
        has_music = has_music or token.kind not in HEADER_KINDS
        if not outside:
            tunes[-1].append(token)
        elif token.kind is Kind.FIELD and token.text[0] in _FILE_WIDE and not tunes:
            file_fields.append(token)
    return [TuneTokens(_trim(tokens), tuple(file_fields)) for tokens in tunes]


def _trim(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """Without what follows the last field or music token."""
    kept = list(tokens)
    while kept and kept[-1].kind in _BEFORE_TUNES:
        kept.pop()
    return tuple(kept)
