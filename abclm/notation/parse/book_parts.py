"""Splits a long tunebook into parts that can be parsed in parallel."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from abclm.notation.parse.tunebook import TuneTokens, each_tune, file_header, split_tunes
from abclm.notation.syntax.tokens import Token

__all__ = ["BookPart", "cut_book"]

_START: Final = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)(?=X:)")
"""An empty line before a tune: what follows it does not depend on what precedes it."""
_FIRST: Final = re.compile(r"(?:\A|(?<=[\r\n]))X:")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_BLOCK: Final = "%%begin"


class BookPart(NamedTuple):
    """A part of a book.

    Attributes:
        text: one or more complete tunes.
        first_line: the number of its first line in the book, from 1.
        header: the fields and directives of the file header that hold for all tunes.
    """

    text: str
    first_line: int = 1
    header: tuple[Token, ...] = ()

    def tunes(self) -> Iterator[TuneTokens]:
        """The tunes, with line numbers that refer to the whole book."""
        return each_tune(self.text, first_line=self.first_line, header=self.header)


def cut_book(text: str, size: int) -> list[BookPart]:
    """Return the parts of a book, or one part if it cannot be split.

    Args:
        text: a tunebook.
        size: the least length of each part but the last, in characters.
    """
    first = _FIRST.search(text)
    before = text[: first.start()] if first else ""
    # In a block "X:" may be prose, and a tune before the first "X:" is not a header.
    if first is None or _BLOCK in text or split_tunes(before):
        return [BookPart(text)]
    starts = [first.start()]
    for match in _START.finditer(text, first.start()):
        if match.end() - starts[-1] >= size:
            starts.append(match.end())
    header = file_header(before)
    parts = []
    line = 1 + len(_LINE_END.findall(before))
    for start, stop in zip(starts, [*starts[1:], len(text)], strict=True):
        parts.append(BookPart(text[start:stop], line, header))
        line += len(_LINE_END.findall(text[start:stop]))
    return parts
