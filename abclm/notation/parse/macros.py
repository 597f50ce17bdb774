"""Macros, ``m:``: abbreviations for text in the music (ABC 2.1 section 9).

A static macro, ``m:~G3=G{A}G{F}G``, replaces one string by another. A transposing macro has an n in
its target: ``m:~n3=n{o}n{m}n`` matches every note. In its replacement n is that note, and a letter
from h to z is the note as many scale steps away as the letter is from n in the alphabet.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from abclm.notation.syntax.music_tokens import LONGEST_LINE, lex_music
from abclm.notation.syntax.tables import STEPS
from abclm.notation.syntax.tokens import Token, TokenKind

__all__ = ["Macro", "expand", "read_macro"]

_NOTE: Final = r"([A-Ga-g][,']*)"
_MARKS: Final = re.compile(r"[,']")
_RELATIVE: Final = re.compile(r"[h-z]")
_LETTERS: Final = "CDEFGAB"
_MOST: Final = 100
"""Macros per tune; any further ones are ignored."""
_LONGEST: Final = 200
"""Characters of an ``m:`` value; a macro stands for a few notes."""
_APART: Final = frozenset(
    {
        TokenKind.STRING,
        TokenKind.INLINE_FIELD,
        TokenKind.FIELD,
        TokenKind.DIRECTIVE,
        TokenKind.COMMENT,
        TokenKind.NEWLINE,
        TokenKind.BLANK,
        TokenKind.TEXT,
        TokenKind.LINE_BREAK,
        TokenKind.CONTINUATION,
        TokenKind.BAR_LINE,
    }
)
"""Tokens in which macros are not expanded; each ends the stretch of music before it."""


class Macro(NamedTuple):
    """A macro: the pattern to match and its replacement; transposing if the pattern has a group."""

    target: re.Pattern[str]
    text: str

    def written(self, match: re.Match[str]) -> str:
        """Return the replacement of a match."""
        if not match.re.groups:
            return self.text
        letter, marks = match[1][0], _MARKS.findall(match[1])
        step = STEPS[letter] + 7 * (marks.count("'") - marks.count(","))
        return _RELATIVE.sub(lambda found: _note(step + ord(found[0]) - ord("n")), self.text)


def read_macro(value: str) -> Macro | None:
    """Return the macro that an ``m:`` value defines, or None if it is not a valid one."""
    target, sign, text = (part.strip() for part in value.partition("="))
    if not (target and sign and text) or len(value) > _LONGEST:
        return None
    pattern = re.escape(target)
    if "n" in target:
        pattern = pattern.replace("n", _NOTE, 1)
    # A number or an octave mark after the target would belong to its note.
    return Macro(re.compile(pattern + r"(?![\d/,'])"), text)


def expand(tokens: Iterable[Token], macros: Iterable[Macro]) -> Iterator[Token]:
    """Yield the tokens of a body with macros expanded; ``m:`` fields in the body define more.

    Tokens from a macro have the position of the text that it replaces.
    """
    known = [*macros][:_MOST]
    stretch: list[Token] = []
    for token in tokens:
        if token.kind not in _APART:
            stretch.append(token)
            continue
        yield from _expanded(stretch, known)
        stretch = []
        if token.kind in {TokenKind.FIELD, TokenKind.INLINE_FIELD} and token.field == "m":
            macro = read_macro(token.value)
            known += [macro] if macro is not None and len(known) < _MOST else []
        yield token
    yield from _expanded(stretch, known)


class _Piece(NamedTuple):
    """Text and its column; all of a macro's replacement has one column (``own`` is false)."""

    text: str
    column: int
    own: bool


def _expanded(stretch: list[Token], macros: Iterable[Macro]) -> Iterable[Token]:
    text = "".join(token.text for token in stretch)
    if not text or not any(macro.target.search(text) for macro in macros):
        return stretch
    pieces = [_Piece(text, stretch[0].column, own=True)]
    for macro in macros:
        pieces = [new for piece in pieces for new in _cut(piece, macro)]
    whole = "".join(piece.text for piece in pieces)
    if len(whole) > LONGEST_LINE:
        return stretch
    columns = [
        piece.column + (place if piece.own else 0)
        for piece in pieces
        for place in range(len(piece.text))
    ]
    tokens = lex_music(whole, stretch[0].line)
    return [token._replace(column=columns[token.column - 1]) for token in tokens]


def _cut(piece: _Piece, macro: Macro) -> Iterator[_Piece]:
    """``piece`` split at the matches of ``macro``, which are replaced."""
    done = 0
    for match in macro.target.finditer(piece.text):
        yield _Piece(piece.text[done : match.start()], _column(piece, done), piece.own)
        yield _Piece(macro.written(match), _column(piece, match.start()), own=False)
        done = match.end()
    yield _Piece(piece.text[done:], _column(piece, done), piece.own)


def _column(piece: _Piece, place: int) -> int:
    return piece.column + (place if piece.own else 0)


def _note(step: int) -> str:
    """The note ``step`` scale steps above middle C."""
    octave, index = divmod(step, 7)
    letter = _LETTERS[index]
    return letter.lower() + "'" * (octave - 1) if octave > 0 else letter + "," * -octave
