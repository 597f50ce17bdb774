"""Tokens: pieces of ABC text with their kind and position."""

from collections.abc import Callable, Sequence
from enum import Enum, IntEnum, auto
from functools import partial
from typing import NamedTuple

__all__ = [
    "FIELD_KINDS",
    "HEADER_KINDS",
    "TIMED_KINDS",
    "Context",
    "Token",
    "TokenKind",
    "last_token",
    "new_token",
]


class TokenKind(IntEnum):
    """The kind of a token; an integer, for the fastest dictionary lookup."""

    NOTE = auto()  # ^c'3/2
    REST = auto()  # z2 x Z4 X
    SPACER = auto()  # y
    CHORD_OPEN = auto()  # [
    CHORD_CLOSE = auto()  # ]2
    GRACE_OPEN = auto()  # { or {/
    GRACE_CLOSE = auto()  # }
    TUPLET = auto()  # (3 or (3:2:4
    SLUR_OPEN = auto()  # ( or (' and (, for above and below
    SLUR_CLOSE = auto()  # )
    TIE = auto()  # - or -' and -,
    BROKEN = auto()  # > >> <
    BAR_LINE = auto()  # | || :| |] and so on
    ENDING = auto()  # [1 or the 1 of |1
    INLINE_FIELD = auto()  # [K:D]
    DECORATION = auto()  # ~ or !trill!
    STRING = auto()  # "Am" or "^text"
    OVERLAY = auto()  # &
    BACKQUOTE = auto()  # `
    CONTINUATION = auto()  # \ at the end of a line
    LINE_BREAK = auto()  # ! at the end of a line, $
    FIELD = auto()  # a whole line such as M:6/8
    DIRECTIVE = auto()  # %%text
    COMMENT = auto()  # % text
    TEXT = auto()  # free text outside tunes
    HEADER_TEXT = auto()  # a line of a header that is not a field
    SPACE = auto()
    NEWLINE = auto()
    BLANK = auto()  # the line end of an empty line
    UNKNOWN = auto()


HEADER_KINDS = frozenset(
    {
        TokenKind.FIELD,
        TokenKind.DIRECTIVE,
        TokenKind.COMMENT,
        TokenKind.HEADER_TEXT,
        TokenKind.SPACE,
        TokenKind.NEWLINE,
        TokenKind.BLANK,
    }
)
"""The kinds found in a header; any other kind is music."""


FIELD_KINDS = frozenset({TokenKind.FIELD, TokenKind.INLINE_FIELD})
"""Fields on a line of their own, and fields within the music."""

TIMED_KINDS = frozenset({TokenKind.NOTE, TokenKind.REST, TokenKind.CHORD_CLOSE})
"""Tokens that a length may follow or belong to."""


class Context(Enum):
    """The part of a file that a line belongs to, which decides how it is read."""

    FILE = auto()
    HEADER = auto()
    BODY = auto()


class Token(NamedTuple):
    """A piece of text with the position of its first character, from 1."""

    kind: TokenKind
    text: str
    line: int
    column: int

    @property
    def field(self) -> str:
        """The letter of a field or an inline field."""
        return self.text.lstrip("[")[0]

    @property
    def value(self) -> str:
        """The text of a field or inline field after its colon, without white space around it."""
        text = self.text[1:].removesuffix("]") if self.kind is TokenKind.INLINE_FIELD else self.text
        return text[2:].strip()


new_token: Callable[[tuple[int, str, int, int]], Token] = partial(tuple.__new__, Token)
"""The same as ``Token(*values)`` in half the time: a tunebook has hundreds of thousands."""


def last_token(tokens: Sequence[Token]) -> Token | None:
    """Return the last token that is not a blank; None if there is none."""
    return next((token for token in reversed(tokens) if token.kind is not TokenKind.SPACE), None)
