r"""ABC text to positioned tokens.

Lexing loses nothing and never fails: the texts of the tokens joined are the input, and what has
no meaning is a token of kind `TokenKind.UNKNOWN`. Which lines are music depends on where they stand
(ABC 2.1 section 2.2): free text between tunes, fields in a header, music after ``K:``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, IntEnum, auto
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from abclm.notation.syntax.tables import DECORATION_LETTERS, FILE_HEADER_FIELDS

__all__ = [
    "DECORATION_NAME",
    "FIELD_KINDS",
    "HEADER_KINDS",
    "Context",
    "Token",
    "TokenKind",
    "breaks_at_bangs",
    "lex",
    "lex_lines",
    "lex_music",
]


class TokenKind(IntEnum):
    """What a token is; an integer, because a dictionary finds those quickest."""

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
    HEADER_TEXT = auto()  # a line of a header that is no field
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
"""All that a header holds; any other token is music."""


FIELD_KINDS = frozenset({TokenKind.FIELD, TokenKind.INLINE_FIELD})
"""A field on a line of its own, and one among the music."""


class Context(Enum):
    """Where a line stands, which decides how it is read."""

    FILE = auto()
    HEADER = auto()
    BODY = auto()


class Token(NamedTuple):
    """A piece of text with the place of its first character, 1-based."""

    kind: TokenKind
    text: str
    line: int
    column: int

    @property
    def field(self) -> str:
        """The letter of a field or inline field."""
        return self.text.lstrip("[")[0]

    @property
    def value(self) -> str:
        """The text of a field or inline field after its colon, without white space around it."""
        text = self.text[1:].removesuffix("]") if self.kind is TokenKind.INLINE_FIELD else self.text
        return text[2:].strip()


# What Token(...) comes down to, at half the time: two thirds of all tokens are made in one place.
_new_token: Callable[[tuple[TokenKind, str, int, int]], Token] = partial(tuple.__new__, Token)

LONGEST_LINE = 200_000
"""Characters; a longer line is no music, whatever it holds."""

DECORATION_NAME = r"[A-Za-z0-9.+<>()/^-]{1,20}|style=\w{1,20}"
"""What may stand between the exclamation marks of a decoration."""

LENGTH = r"\d*(?:/+\d*)?"

_WHOLE_STRING = r'"(?:\\.|[^"\\])*"'
_STRING_IN_BAR = r'"(?:\\.|[^"\\|])*"'
_TAG = r"</[A-Za-z]|<(?:html|body|pre|br|div|span|table|td|tr|font|h[1-6])\b"
_MUSIC_SPEC: tuple[tuple[TokenKind, str], ...] = (
    (TokenKind.NOTE, rf"(?:\^\^?|__?|=)?[A-Ga-g][,']*{LENGTH}"),
    (TokenKind.SPACE, r"[ \t\f\v\u00a0]+"),
    (
        TokenKind.BAR_LINE,
        r"\.?\|[|:\]]*(?:\[(?=\|))?[|:\]]*|\[\|[|:\]]*|::+[|\]]*:*|:\[?\|[|:\]]*|:\]",
    ),
    (TokenKind.REST, rf"[zxZX]{LENGTH}"),
    (TokenKind.BROKEN, r">+|<+"),
    (TokenKind.TUPLET, r"\(\d+(?::\d*){0,2}"),
    (TokenKind.SLUR_OPEN, r"\.?\([',]?"),
    (TokenKind.SLUR_CLOSE, r"\)"),
    (TokenKind.TIE, r"\.?-[',]?"),
    (TokenKind.GRACE_OPEN, r"\{/?"),
    (TokenKind.GRACE_CLOSE, r"\}"),
    (TokenKind.STRING, _WHOLE_STRING),
    (TokenKind.ENDING, r"\[\d+(?:[,\-.]\d+)*\.?|(?<=[|:\]])\d+(?:[,\-.]\d+)*\.?(?![\d/])"),
    # ["last" names an ending; in ["Am"CEA] a chord symbol stands inside the chord.
    (TokenKind.ENDING, rf"(?<=[|:\]])\[{_STRING_IN_BAR}(?![^|\[\]]*\])"),
    (TokenKind.INLINE_FIELD, r"\[[A-Za-z]:[^\]]*\]"),
    # An inline field that nothing closes.
    (TokenKind.UNKNOWN, r"\[[A-Za-z]:[^\]\s|]*(?![^\]]*\])"),
    (TokenKind.CHORD_OPEN, r"\["),
    (TokenKind.CHORD_CLOSE, rf"\]{LENGTH}"),
    (
        TokenKind.DECORATION,
        rf"!(?:{DECORATION_NAME})!|\+(?:[a-z][a-z0-9.]+|[fp0-5>])\+|[.~H-Wh-w]",
    ),
    (TokenKind.LINE_BREAK, r"!(?=[ \t]*(?:%.*)?$)|\$"),
    (TokenKind.CONTINUATION, r"\\(?=[ \t]*(?:%.*)?$)"),
    (TokenKind.BACKQUOTE, r"`+"),
    (TokenKind.OVERLAY, r"&+"),
    (TokenKind.SPACER, rf"y{LENGTH}"),
    (TokenKind.NOTE, rf"[\^_]\d*/\d*[A-Ga-g][,']*{LENGTH}"),
    (TokenKind.COMMENT, r"%.*"),
    (TokenKind.UNKNOWN, r"."),
)
_KINDS = (TokenKind.UNKNOWN, *(kind for kind, _ in _MUSIC_SPEC))
"""By the number of the alternative that matched, from 1: none of them has a group of its own."""
_OTHERWISE: dict[TokenKind, str] = {
    # With "I:linebreak !", or a decoration sign of its own, every ! ends a line.
    TokenKind.LINE_BREAK: r"[!$]",
    TokenKind.DECORATION: r"\+(?:[A-Za-z][A-Za-z0-9.]*[()]?|[0-5<>^+/][()]?)\+|[.~H-Wh-w]",
}


@lru_cache(maxsize=4)
def _music_pattern(*, bang_breaks: bool, whole_strings: bool) -> re.Pattern[str]:
    """What matches one token of music.

    Args:
        bang_breaks: whether ``!`` breaks lines and encloses no decoration.
        whole_strings: whether a string may hold bar lines; else one in it means that a quotation
            mark is missing.
    """
    other = _OTHERWISE if bang_breaks else {}
    spec = [other.get(kind, pattern) for kind, pattern in _MUSIC_SPEC]
    if not whole_strings:
        spec = [_STRING_IN_BAR if pattern == _WHOLE_STRING else pattern for pattern in spec]
    return re.compile("|".join(f"({pattern})" for pattern in spec), re.DOTALL)


_MUSIC = _music_pattern(bang_breaks=False, whole_strings=True)

# The number of an ending at the start of a line, and what the line before it ends in.
_ENDING_NUMBER = re.compile(r"\d+(?:[,\-.]\d+)*\.?(?![\d/])")
_BAR_LINE_ENDS = ("|", "|]", "|:", "::")
_NO_MUSIC = frozenset({TokenKind.FIELD, TokenKind.DIRECTIVE, TokenKind.COMMENT})

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_FIELD = re.compile(r"[A-Za-z+]:")
# "d:|" and "A::" open a line of music, they are no fields.
_MUSIC_LINE = re.compile(r"[A-Ga-gxyz]:[|:\]]")
_FIELD_VALUE = re.compile(r"(?:\\%|[^%])*")
_BLOCK = re.compile(r"(?:\A|(?<=[\r\n]))%%(begin|end)([A-Za-z]\w*)")
_LINE_BREAK_SIGN = re.compile(r"\s*(linebreak|decoration)\s+(.*)")
_WORD = re.compile(r"(?<!\S)[A-Za-z]{3,}(?!\S)")
_TAG_LINE = re.compile(rf"\s*(?:{_TAG})", re.IGNORECASE)


def lex(text: str, place: Context = Context.FILE) -> list[Token]:
    """The tokens of ``text``, whose first line stands at ``place``; their texts joined are it."""
    return [token for line in lex_lines(text, place) for token in line]


def lex_lines(
    text: str, place: Context = Context.FILE, *, first_line: int = 1, bang_breaks: bool = False
) -> Iterator[list[Token]]:
    """The tokens of `lex`, line by line.

    Args:
        text: of a book, or of some tunes of one.
        place: where its first line stands.
        first_line: its number.
        bang_breaks: whether ``!`` breaks lines from there on.
    """
    after_blank = after_bar = False
    block_end = 0
    # Whether "!" breaks lines: in the whole file, and in the tune.
    file_bangs = bangs = bang_breaks
    for number, match in enumerate(_LINE.finditer(text), first_line):
        content, end = match.groups()
        if block_end and match.start() < block_end:
            line = [Token(TokenKind.DIRECTIVE, content, number, 1)] if content else []
            yield [*line, Token(TokenKind.NEWLINE, end, number, len(content) + 1)] if end else line
            continue
        if not match.group():
            return
        if not content.strip():
            space = [Token(TokenKind.SPACE, content, number, 1)] if content else []
            yield [*space, Token(TokenKind.BLANK, end, number, len(content) + 1)] if end else space
            after_blank = True
            continue
        before, place = place, _place_of(content, place, after_blank=after_blank)
        after_blank = False
        if place is Context.HEADER and (before is not place or content[0] == "X"):
            bangs = file_bangs
        if content[0] in "I%" and content[:2] in {"I:", "%%"}:
            block_end = _block_end(text, match.start())
            bangs = breaks_at_bangs(content[2:], before=bangs)
            file_bangs = bangs if place is Context.FILE else file_bangs
        tokens = _lex_line(content, number, place, after_bar=after_bar, bang_breaks=bangs)
        if end:
            tokens.append(Token(TokenKind.NEWLINE, end, number, len(content) + 1))
        yield tokens
        if tokens[0].kind not in _NO_MUSIC:
            after_bar = content.rstrip().rstrip("\\").rstrip().endswith(_BAR_LINE_ENDS)
        if place is Context.HEADER and content.startswith("K:"):
            place = Context.BODY


def lex_music(
    content: str, line: int = 1, *, after_bar: bool = False, bang_breaks: bool = False
) -> list[Token]:
    """The tokens of one line of music, without its line end.

    Args:
        content: the line.
        line: its number.
        after_bar: whether the line before ends in a bar line, so that a number is an ending's.
        bang_breaks: whether ``!`` breaks lines, as ``I:linebreak !`` says.
    """
    ending = _ENDING_NUMBER.match(content) if after_bar else None
    start = ending.end() if ending else 0
    pattern = _MUSIC
    if bang_breaks or '"' in content:
        quotes = content.count('"') - content.count('\\"')
        pattern = _music_pattern(bang_breaks=bang_breaks, whole_strings=quotes % 2 == 0)
    parts = [
        (_KINDS[match.lastindex], match[0], line, match.start() + 1)  # type: ignore[index]
        for match in pattern.finditer(content, start)
    ]
    tokens = list(map(_new_token, parts))
    return [Token(TokenKind.ENDING, content[:start], line, 1), *tokens] if ending else tokens


def _block_end(text: str, start: int) -> int:
    """Where the block ends whose ``%%begin…`` stands at ``start``; ``start`` if none does.

    What stands between ``%%begintext`` and ``%%endtext`` and the like is neither music nor field.
    """
    begin = _BLOCK.match(text, start)
    if begin is None or begin[1] != "begin":
        return start
    end = _BLOCK.search(text, begin.end())
    return end.start() + 1 if end is not None and end.groups() == ("end", begin[2]) else start


def breaks_at_bangs(instruction: str, *, before: bool = False) -> bool:
    """Whether ``!`` breaks lines after an instruction (ABC 2.1 sections 6.1.1 and 10.2).

    Args:
        instruction: what ``I:`` or ``%%`` says.
        before: whether it did before.
    """
    match = _LINE_BREAK_SIGN.match(instruction)
    if match is None:
        return before
    return ("!" if match[1] == "linebreak" else "+") in match[2]


def _place_of(content: str, place: Context, *, after_blank: bool) -> Context:
    """Where this line stands, given where the line before it stood.

    An empty line ends a tune, but real tunebooks have them inside tunes: music after one goes on
    with the tune's body, a field other than X: with its header.
    """
    is_field = _is_field(content, place)
    if is_field and content[0] == "X":
        return Context.HEADER
    if content.startswith("%"):
        return place
    if place is Context.FILE:
        starts_tune = is_field and content[0] not in FILE_HEADER_FIELDS
        return Context.HEADER if starts_tune else Context.FILE
    if place is Context.HEADER:
        return _place_in_header(content, is_field=is_field, after_blank=after_blank)
    if _TAG_LINE.match(content):
        # The page that the tune was copied from goes on.
        return Context.FILE
    return _place_in_body(content, is_field=is_field) if after_blank else Context.BODY


def _place_in_body(content: str, *, is_field: bool) -> Context:
    """Where a line stands that follows an empty one in a body."""
    if is_field and content[0] == "T":
        # A tune whose X: is missing.
        return Context.HEADER
    goes_on = content[0] in "KMLPVQw" if is_field else _looks_like_music(content)
    return Context.BODY if goes_on else Context.FILE


def _place_in_header(content: str, *, is_field: bool, after_blank: bool) -> Context:
    if is_field:
        return Context.HEADER
    if _looks_like_music(content, unknown=0):
        # K: is missing, and the body begins all the same.
        return Context.BODY
    return Context.FILE if after_blank else Context.HEADER


def _is_field(content: str, place: Context) -> bool:
    if _FIELD.match(content) is None:
        return False
    return place is not Context.BODY or _MUSIC_LINE.match(content) is None


def _looks_like_music(content: str, unknown: int = 1000) -> bool:
    """Whether a line is music by its looks, with so many unknown characters at most."""
    tokens = lex_music(content[:LONGEST_LINE])
    kinds = [token.kind for token in tokens]
    notes = kinds.count(TokenKind.NOTE) + kinds.count(TokenKind.REST)
    strange = kinds.count(TokenKind.UNKNOWN)
    odd = 2 * strange + kinds.count(TokenKind.DECORATION)
    looks_so = TokenKind.BAR_LINE in kinds and 2 * notes > odd and strange <= unknown
    return looks_so and not _has_words(tokens)


def _has_words(tokens: Sequence[Token]) -> bool:
    """Whether a line has words, as in ``played | C D`` and ``see here | C D``.

    That is two letters side by side that mean nothing in music, or two words with one.
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


def _lex_line(
    content: str, line: int, place: Context, *, after_bar: bool, bang_breaks: bool
) -> list[Token]:
    if content.startswith("%%"):
        return [Token(TokenKind.DIRECTIVE, content, line, 1)]
    if content.startswith("%"):
        return [Token(TokenKind.COMMENT, content, line, 1)]
    if _is_field(content, place):
        return _lex_field(content, line)
    if place is not Context.BODY:
        kind = TokenKind.TEXT if place is Context.FILE else TokenKind.HEADER_TEXT
        return [Token(kind, content, line, 1)]
    if len(content) > LONGEST_LINE:
        return [Token(TokenKind.UNKNOWN, content, line, 1)]
    return lex_music(content, line, after_bar=after_bar, bang_breaks=bang_breaks)


def _lex_field(content: str, line: int) -> list[Token]:
    match = _FIELD_VALUE.match(content)
    end = match.end() if match else len(content)
    field = Token(TokenKind.FIELD, content[:end], line, 1)
    return (
        [field, Token(TokenKind.COMMENT, content[end:], line, end + 1)]
        if content[end:]
        else [field]
    )
