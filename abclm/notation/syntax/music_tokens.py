"""The lexer for a line of music."""

import re
from functools import lru_cache
from itertools import accumulate, repeat
from typing import Final

from abclm.notation.syntax.tokens import Token, TokenKind, new_token

__all__ = ["DECORATION_NAME", "LONGEST_LINE", "TAG", "lex_music"]

LONGEST_LINE: Final = 200_000
"""Characters; a longer line is not read as music."""

DECORATION_NAME: Final = r"[A-Za-z0-9.+<>()/^-]{1,20}|style=\w{1,20}"
"""What is allowed between the exclamation marks of a decoration."""

_LENGTH = r"\d*+(?:/++\d*+)?+"

_WHOLE_STRING = r'"(?:\\.|[^"\\])*"'
_STRING_IN_BAR = r'"(?:\\.|[^"\\|])*"'
TAG: Final = r"</[A-Za-z]|<(?:html|body|pre|br|div|span|table|td|tr|font|h[1-6])\b"
"""HTML at the start of a line, from the web page that a tune was copied from."""
_MUSIC_SPEC: tuple[tuple[TokenKind, str], ...] = (
    # The most common first; most alternatives fail at the first character.
    (TokenKind.NOTE, rf"[A-Ga-g][,']*{_LENGTH}"),
    (TokenKind.SPACE, r"[ \t\f\v\u00a0]+"),
    (TokenKind.NOTE, rf"(?:\^\^?|__?|=)[A-Ga-g][,']*{_LENGTH}"),
    (
        TokenKind.BAR_LINE,
        r"\.?\|[|:\]]*(?:\[(?=\|))?[|:\]]*|\[\|[|:\]]*|::+[|\]]*:*|:\[?\|[|:\]]*|:\]",
    ),
    (TokenKind.REST, rf"[zxZX]{_LENGTH}"),
    (TokenKind.BROKEN, r">+|<+"),
    (TokenKind.TUPLET, r"\(\d+(?::\d*){0,2}"),
    (TokenKind.SLUR_OPEN, r"\.?\([',]?"),
    (TokenKind.SLUR_CLOSE, r"\)"),
    (TokenKind.TIE, r"\.?-[',]?"),
    (TokenKind.GRACE_OPEN, r"\{/?"),
    (TokenKind.GRACE_CLOSE, r"\}"),
    (TokenKind.STRING, _WHOLE_STRING),
    (TokenKind.ENDING, r"\[\d+(?:[,\-.]\d+)*\.?|(?<=[|:\]])\d+(?:[,\-.]\d+)*\.?(?![\d/])"),
    # ["last" is an ending; in ["Am"CEA] a chord symbol is inside the chord.
    (TokenKind.ENDING, rf"(?<=[|:\]])\[{_STRING_IN_BAR}(?![^|\[\]]*\])"),
    (TokenKind.INLINE_FIELD, r"\[[A-Za-z]:[^\]]*\]"),
    # An inline field that is never closed.
    (TokenKind.UNKNOWN, r"\[[A-Za-z]:[^\]\s|]*(?![^\]]*\])"),
    (TokenKind.CHORD_OPEN, r"\["),
    (TokenKind.CHORD_CLOSE, rf"\]{_LENGTH}"),
    (
        TokenKind.DECORATION,
        rf"!(?:{DECORATION_NAME})!|\+(?:[a-z][a-z0-9.]+|[fp0-5>])\+|[.~H-Wh-w]",
    ),
    (TokenKind.LINE_BREAK, r"!(?=[ \t]*(?:%.*)?$)|\$"),
    (TokenKind.CONTINUATION, r"\\(?=[ \t]*(?:%.*)?$)"),
    (TokenKind.BACKQUOTE, r"`+"),
    (TokenKind.OVERLAY, r"&+"),
    (TokenKind.SPACER, rf"y{_LENGTH}"),
    (TokenKind.NOTE, rf"[\^_]\d*/\d*[A-Ga-g][,']*{_LENGTH}"),
    (TokenKind.COMMENT, r"%.*"),
    (TokenKind.UNKNOWN, r"."),
)
_KINDS = (TokenKind.UNKNOWN, *(kind for kind, _ in _MUSIC_SPEC))
"""Kinds by the number of the matched group, from 1: no alternative has groups of its own."""
_OTHERWISE: dict[TokenKind, str] = {
    # With "I:linebreak !", or another decoration sign, every ! ends a line.
    TokenKind.LINE_BREAK: r"[!$]",
    TokenKind.DECORATION: r"\+(?:[A-Za-z][A-Za-z0-9.]*[()]?|[0-5<>^+/][()]?)\+|[.~H-Wh-w]",
}


@lru_cache(maxsize=4)
def _music_pattern(*, bang_breaks: bool, whole_strings: bool) -> re.Pattern[str]:
    """Return the pattern that matches one token of music.

    Args:
        bang_breaks: whether ``!`` breaks lines and encloses no decoration.
        whole_strings: whether strings may contain bar lines; false where a quotation mark is
            missing.
    """
    other = _OTHERWISE if bang_breaks else {}
    spec = [other.get(kind, pattern) for kind, pattern in _MUSIC_SPEC]
    if not whole_strings:
        spec = [_STRING_IN_BAR if pattern == _WHOLE_STRING else pattern for pattern in spec]
    return re.compile("|".join(f"({pattern})" for pattern in spec), re.DOTALL)


_MUSIC = _music_pattern(bang_breaks=False, whole_strings=True)
_TEXTS: Final = re.compile("|".join(f"(?:{pattern})" for _, pattern in _MUSIC_SPEC), re.DOTALL)
"""The same without groups, so that ``findall`` returns the texts."""
_ENDING_NUMBER: Final = re.compile(r"\d+(?:[,\-.]\d+)*\.?(?![\d/])")
_LONGEST_KEPT, _MOST_KEPT = 16, 1 << 14
"""The longest text in the cache of kinds, and the size of the cache; three books have 676."""


def lex_music(
    content: str, line: int = 1, *, after_bar: bool = False, bang_breaks: bool = False
) -> list[Token]:
    """Return the tokens of one line of music, without its line end.

    Args:
        content: the line.
        line: its number.
        after_bar: whether the line before ends in a bar line, so that a leading number is an
            ending.
        bang_breaks: whether ``!`` breaks lines, as after ``I:linebreak !``.
    """
    ending = _ENDING_NUMBER.match(content) if after_bar else None
    start = ending.end() if ending else 0
    pattern = _MUSIC
    if bang_breaks or '"' in content:
        quotes = content.count('"') - content.count('\\"')
        pattern = _music_pattern(bang_breaks=bang_breaks, whole_strings=quotes % 2 == 0)
    tokens = _known_tokens(content, start, line) if pattern is _MUSIC else []
    tokens = tokens or [
        new_token((_KINDS[match.lastindex], match[0], line, match.start() + 1))  # type: ignore[index]
        for match in pattern.finditer(content, start)
    ]
    return [Token(TokenKind.ENDING, content[:start], line, 1), *tokens] if ending else tokens


def _known_tokens(content: str, start: int, line: int) -> list[Token]:
    """The tokens from ``start`` if their texts alone decide their kinds, else an empty list.

    Everything runs in C, in half the time that one match per token takes.
    """
    texts = _TEXTS.findall(content, start)
    kinds = list(map(_kinds.__getitem__, texts))
    columns = accumulate(map(len, texts), initial=start + 1)
    return list(map(new_token, zip(kinds, texts, repeat(line), columns))) if all(kinds) else []


class _Kinds(dict[str, int]):
    r"""A cache of the kind of a token by its text; 0 if the kind depends on the context.

    A number is an ending only after a bar line, ``!`` and ``\\`` have a meaning only at the end of
    a line, and so on; lexed by itself, such a text gives another token or several.
    """

    def __missing__(self, text: str) -> int:
        kind = 0
        match = _MUSIC.match(text)
        alone = not (text[0].isdigit() or text in {"!", "\\"})
        if alone and match is not None and match.end() == len(text):
            kind = _KINDS[match.lastindex]  # type: ignore[index]
        if len(text) <= _LONGEST_KEPT and len(self) < _MOST_KEPT:
            self[text] = kind
        return kind


_kinds = _Kinds()
