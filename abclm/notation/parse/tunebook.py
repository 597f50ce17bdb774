"""Splits the text of a tunebook into the tokens of each tune."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from abclm.notation.syntax.lexer import breaks_at_bangs, lex_lines
from abclm.notation.syntax.tokens import HEADER_KINDS, Token, TokenKind

__all__ = ["TuneTokens", "each_tune", "file_header", "split_tunes"]

_BEFORE_TUNES = {
    TokenKind.TEXT,
    TokenKind.BLANK,
    TokenKind.NEWLINE,
    TokenKind.SPACE,
    TokenKind.COMMENT,
    TokenKind.DIRECTIVE,
}
_FILE_WIDE = "ILMRmU"
_INSTRUCTION = re.compile(r"%%(?!begin|end)")
_STARTERS = frozenset("XTKVPQW")


@dataclass(frozen=True, slots=True)
class TuneTokens:
    """One tune's tokens, and the fields and directives of the file header that hold for it."""

    tokens: tuple[Token, ...]
    file_fields: tuple[Token, ...] = ()
    has_macros: bool = False
    """Whether it has an ``m:`` field."""


def split_tunes(text: str) -> list[TuneTokens]:
    """Return the tunes of a tunebook in order, without the free text and empty lines between them.

    A tune starts at ``X:``. Where that is missing, it starts at a field that only tunes have, if
    outside any tune, or at ``T:`` after music and an empty line.
    """
    return list(each_tune(text))


def file_header(text: str) -> tuple[Token, ...]:
    """Return the fields and directives of a file header that hold for all its tunes.

    Args:
        text: the header alone.
    """
    return tuple(line[0] for line in lex_lines(text) if _is_file_wide(line[0]))


def each_tune(
    text: str, *, first_line: int = 1, header: Iterable[Token] = ()
) -> Iterator[TuneTokens]:
    """Yield the tunes of `split_tunes` one by one, to save memory with long books.

    Args:
        text: a book, or some complete tunes of one.
        first_line: the number of its first line.
        header: the result of `file_header` for the header before it.
    """
    file_fields: list[Token] = [*header]
    bang_breaks = False
    for token in file_fields:
        bang_breaks = breaks_at_bangs(token.text[2:], before=bang_breaks)
    tune: _OpenTune | None = None
    for line in lex_lines(text, first_line=first_line, bang_breaks=bang_breaks):
        if _starts_tune(line[0], tune):
            if tune is not None:
                yield tune.closed(file_fields)
            tune = _OpenTune()
        if tune is not None:
            tune.add(line)
        elif _is_file_wide(line[0]):
            file_fields.append(line[0])
    if tune is not None:
        yield tune.closed(file_fields)


class _OpenTune:
    """A tune whose lines are still being read.

    Attributes:
        outside: whether free text has ended it.
        after_music: whether the last line read was an empty one after its music.
    """

    def __init__(self) -> None:
        self.outside = self.after_music = False
        self._tokens: list[Token] = []
        self._has_music = self._has_macros = False

    def add(self, line: list[Token]) -> None:
        """Add a line, unless the tune has ended."""
        # The first token decides: fields and free text take up whole lines.
        kind = line[0][0]
        self.outside = self.outside or kind is TokenKind.TEXT
        if kind is TokenKind.FIELD:
            self._has_macros = self._has_macros or line[0][1][0] == "m"
        self._has_music = self._has_music or any(token[0] not in HEADER_KINDS for token in line)
        self.after_music = self._has_music and line[-1][0] is TokenKind.BLANK
        if not self.outside:
            self._tokens += line

    def closed(self, file_fields: Iterable[Token]) -> TuneTokens:
        """Return the tune as read so far."""
        return TuneTokens(_trim(self._tokens), tuple(file_fields), self._has_macros)


def _starts_tune(token: Token, tune: _OpenTune | None) -> bool:
    """Whether a new tune starts at ``token``, the first of a line, after ``tune``."""
    if token[0] is not TokenKind.FIELD:
        return False
    letter = token[1][0]
    if tune is None or tune.outside:
        return letter in _STARTERS
    return letter == "X" or (letter == "T" and tune.after_music)


def _is_file_wide(token: Token) -> bool:
    """Whether a token of the file header holds for all tunes; the lines of a block do not."""
    if token.kind is TokenKind.FIELD:
        return token.text[0] in _FILE_WIDE
    return token.kind is TokenKind.DIRECTIVE and _INSTRUCTION.match(token.text) is not None


def _trim(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """The tokens up to the last field or music token."""
    kept = list(tokens)
    while kept and kept[-1].kind in _BEFORE_TUNES:
        kept.pop()
    return tuple(kept)
