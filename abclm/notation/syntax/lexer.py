r"""The lexer: from ABC text to tokens with positions.

Lexing loses nothing and never fails: the token texts joined are the input, and text without meaning
becomes tokens of kind `TokenKind.UNKNOWN`. How a line is read depends on where it is (ABC 2.1
section 2.2): free text between tunes, fields in a header, music after ``K:``.
"""

import re
from collections.abc import Iterator
from typing import Final

from abclm.notation.syntax.lines import is_field, place_of
from abclm.notation.syntax.music_tokens import LONGEST_LINE, lex_music
from abclm.notation.syntax.tokens import (
    Context,
    Token,
    TokenKind,
    new_token,
)

__all__ = ["breaks_at_bangs", "lex", "lex_lines"]

_LINE: Final = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_FIELD_VALUE: Final = re.compile(r"(?:\\%|[^%])*")
_BLOCK: Final = re.compile(r"(?:\A|(?<=[\r\n]))%%(begin|end)([A-Za-z]\w*)")
_LINE_BREAK_SIGN: Final = re.compile(r"\s*(linebreak|decoration)\s+(.*)")
_BAR_LINE_ENDS: Final = ("|", "|]", "|:", "::")
"""Line ends after which a number at the start of the next line is an ending."""
_NO_MUSIC: Final = frozenset({TokenKind.FIELD, TokenKind.DIRECTIVE, TokenKind.COMMENT})


def lex(text: str, place: Context = Context.FILE) -> list[Token]:
    """Return the tokens of ``text``, whose first line is in ``place``; joined, they equal it."""
    return [token for line in lex_lines(text, place) for token in line]


def lex_lines(
    text: str, place: Context = Context.FILE, *, first_line: int = 1, bang_breaks: bool = False
) -> Iterator[list[Token]]:
    """Yield the tokens of `lex`, line by line.

    Args:
        text: a book, or some tunes of one.
        place: the context of its first line.
        first_line: the number of that line.
        bang_breaks: whether ``!`` breaks lines from there on.
    """
    reader = _LineReader(text, place, bang_breaks=bang_breaks)
    for number, match in enumerate(_LINE.finditer(text), first_line):
        content, end = match.groups()
        if not content and not end:
            return
        tokens = reader.read(content, number, match.start())
        if end:
            blank = not content.strip() and match.start() >= reader.block_end
            kind = TokenKind.BLANK if blank else TokenKind.NEWLINE
            tokens.append(new_token((kind, end, number, len(content) + 1)))
        yield tokens


class _LineReader:
    """Reads line by line, and keeps the state that one line sets for the next.

    Attributes:
        block_end: index in the text where the block opened by the last ``%%begin…`` ends.
    """

    def __init__(self, text: str, place: Context, *, bang_breaks: bool) -> None:
        self.block_end = 0
        self._text = text
        self._place = place
        self._after_blank = self._after_bar = False
        # Whether "!" breaks lines: in the whole file, and in the tune.
        self._file_bangs = self._bangs = bang_breaks

    def read(self, content: str, line: int, start: int) -> list[Token]:
        """Return the tokens of a line without its end.

        Args:
            content: the line.
            line: its number.
            start: its index in the text.
        """
        if start < self.block_end:
            return [new_token((TokenKind.DIRECTIVE, content, line, 1))] if content else []
        if not content.strip():
            self._after_blank = True
            return [new_token((TokenKind.SPACE, content, line, 1))] if content else []
        before = self._place
        field = is_field(content, before)
        place = place_of(content, before, field=field, after_blank=self._after_blank)
        self._place, self._after_blank = place, False
        if place is Context.HEADER and (before is not place or content[0] == "X"):
            self._bangs = self._file_bangs
        if content[0] in "I%" and content[:2] in {"I:", "%%"}:
            self._follow(content[2:], start)
        field = field if place is before else is_field(content, place)
        tokens = _lex_field(content, line) if field else self._lex(content, line)
        if tokens[0][0] not in _NO_MUSIC:
            ended = content.rstrip().rstrip("\\").rstrip()
            self._after_bar = ended.endswith(_BAR_LINE_ENDS)
        elif place is Context.HEADER and content.startswith("K:"):
            self._place = Context.BODY
        return tokens

    def _follow(self, instruction: str, start: int) -> None:
        """Apply the instruction of the line at ``start``."""
        self.block_end = _block_end(self._text, start)
        self._bangs = breaks_at_bangs(instruction, before=self._bangs)
        if self._place is Context.FILE:
            self._file_bangs = self._bangs

    def _lex(self, content: str, line: int) -> list[Token]:
        if content[0] == "%":
            kind = TokenKind.DIRECTIVE if content[:2] == "%%" else TokenKind.COMMENT
        elif self._place is Context.FILE:
            kind = TokenKind.TEXT
        elif self._place is Context.HEADER:
            kind = TokenKind.HEADER_TEXT
        elif len(content) > LONGEST_LINE:
            kind = TokenKind.UNKNOWN
        else:
            return lex_music(content, line, after_bar=self._after_bar, bang_breaks=self._bangs)
        return [new_token((kind, content, line, 1))]


def breaks_at_bangs(instruction: str, *, before: bool = False) -> bool:
    """Whether ``!`` breaks lines after an instruction (ABC 2.1 sections 6.1.1 and 10.2).

    Args:
        instruction: the text after ``I:`` or ``%%``.
        before: whether it did so before.
    """
    match = _LINE_BREAK_SIGN.match(instruction)
    if match is None:
        return before
    return ("!" if match[1] == "linebreak" else "+") in match[2]


def _block_end(text: str, start: int) -> int:
    """The end of the block whose ``%%begin…`` is at ``start``; ``start`` if there is none.

    Lines between ``%%begintext`` and ``%%endtext`` and the like are neither music nor fields.
    """
    begin = _BLOCK.match(text, start)
    if begin is None or begin[1] != "begin":
        return start
    end = _BLOCK.search(text, begin.end())
    return end.start() + 1 if end is not None and end.groups() == ("end", begin[2]) else start


def _lex_field(content: str, line: int) -> list[Token]:
    r"""A field and the comment after it; ``\%`` is a percent sign in the value."""
    if "%" not in content:
        return [new_token((TokenKind.FIELD, content, line, 1))]
    match = _FIELD_VALUE.match(content)
    end = match.end() if match else len(content)
    field = Token(TokenKind.FIELD, content[:end], line, 1)
    remark = Token(TokenKind.COMMENT, content[end:], line, end + 1)
    return [field, remark] if content[end:] else [field]
