"""Music in the model's form: the parts that no model reads are left out."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from abclm.notation.syntax.accidentals import is_microtone, tempered
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.meter import parse_unit
from abclm.notation.syntax.tables import ORNAMENTS
from abclm.notation.syntax.tokens import FIELD_KINDS, TIMED_KINDS, Context, Token, TokenKind
from abclm.notation.syntax.values import read_note
from abclm.notation.write.rescale import in_unit

__all__ = [
    "BAR_KINDS",
    "fed_music",
    "in_model_form",
    "is_unread_decoration",
    "sets_unit",
    "unit_after",
]

BAR_KINDS: Final = frozenset(
    {
        *TIMED_KINDS,
        TokenKind.CHORD_OPEN,
        TokenKind.GRACE_OPEN,
        TokenKind.GRACE_CLOSE,
        TokenKind.TUPLET,
        TokenKind.TIE,
        TokenKind.BROKEN,
        TokenKind.SPACE,
    }
)
"""The kinds of tokens inside a bar that are fed to a model, besides ornaments and fields."""
_FED_OR_REFUSED: Final = BAR_KINDS | {
    TokenKind.BAR_LINE,
    TokenKind.ENDING,
    TokenKind.NEWLINE,
    TokenKind.UNKNOWN,
    TokenKind.OVERLAY,
}
"""What a model reads, and what it must refuse."""
_FED_FIELDS: Final = frozenset("KM")
_LINE_SPACE: Final = re.compile(r"(?<![ \t])[ \t]+(?=\n)")
_WHOLE_LINES: Final = frozenset({TokenKind.FIELD, TokenKind.DIRECTIVE, TokenKind.COMMENT})
_BEFORE_NOTES: Final = frozenset(
    {TokenKind.BAR_LINE, TokenKind.ENDING, TokenKind.BROKEN, TokenKind.TUPLET}
)
_AFTER_NOTES: Final = frozenset(
    {TokenKind.SLUR_CLOSE, TokenKind.COMMENT, TokenKind.STRING, TokenKind.BACKQUOTE}
)


def fed_music(notes: str, unit: Fraction | None) -> str:
    """``notes`` as they are fed to a model, ready for its next character.

    Args:
        notes: the start of a body.
        unit: the header's unit, in whole notes; None if the model chooses it.
    """
    tokens = lex(notes, Context.BODY)
    music = _LINE_SPACE.sub("", in_model_form(tokens, unit, unit))
    return music.rstrip("\n") + " " if _is_over(tokens) else music


def in_model_form(tokens: Iterable[Token], unit: Fraction | None, target: Fraction | None) -> str:
    """The text of ``tokens`` in one unit, without what no model reads.

    Chord symbols, slurs, fingering, words and comments are left out. A new key or meter on a line
    of its own becomes inline, a microtone becomes the semitone that is played, and an invisible
    rest a visible one.

    Args:
        tokens: a part of a body.
        unit: the unit note length at its start, in whole notes; None if it is not known.
        target: the unit of the result; None if it is not known.
    """
    pieces: list[str] = []
    stretch: list[Token] = []
    dropped_line = False
    for token in tokens:
        if sets_unit(token):
            pieces.append(_scaled(stretch, unit, target))
            stretch, unit = [], parse_unit(token.value) or unit
        fed = _fed(token)
        if fed is not None and not (dropped_line and token.kind is TokenKind.NEWLINE):
            stretch.append(fed)
        # The line of a field or directive is dropped with its line end.
        dropped_line = token.kind in _WHOLE_LINES and (dropped_line or token.column == 1)
    return "".join([*pieces, _scaled(stretch, unit, target)])


def is_unread_decoration(token: Token) -> bool:
    """Whether ``token`` is a decoration that is not fed to a model."""
    return token.kind is TokenKind.DECORATION and token.text not in ORNAMENTS


def unit_after(tokens: Iterable[Token], unit: Fraction) -> Fraction:
    """The unit note length after ``tokens``, which begin in ``unit``."""
    for token in tokens:
        if sets_unit(token):
            unit = parse_unit(token.value) or unit
    return unit


def sets_unit(token: Token) -> bool:
    """Whether ``token`` is an ``L:`` field."""
    return token.kind in FIELD_KINDS and token.field == "L"


def _is_over(tokens: Sequence[Token]) -> bool:
    """Whether a note at the end cannot become longer because a slur or comment follows it."""
    followed = 0
    for token in reversed(tokens):
        if token.kind in TIMED_KINDS:
            return followed > 0
        if token.kind in _BEFORE_NOTES:
            return False
        followed += token.kind in _AFTER_NOTES
    return False


def _scaled(stretch: Sequence[Token], unit: Fraction | None, target: Fraction | None) -> str:
    if unit is None or target is None:
        return "".join(token.text for token in stretch)
    return in_unit(stretch, unit, target)


def _fed(token: Token) -> Token | None:
    if token.kind in FIELD_KINDS:
        if token.field not in _FED_FIELDS:
            return None
        return token._replace(text=f"[{token.field}:{token.value}]", kind=TokenKind.INLINE_FIELD)
    if token.kind is TokenKind.NOTE:
        return _in_semitones(token)
    if token.kind is TokenKind.REST:
        return token._replace(text=token.text.replace("x", "z"))
    if token.kind is TokenKind.DECORATION:
        return None if is_unread_decoration(token) else token
    return token if token.kind in _FED_OR_REFUSED else None


def _in_semitones(token: Token) -> Token:
    accidental = read_note(token.text)[0].accidental
    if not is_microtone(accidental):
        return token
    return token._replace(text=tempered(accidental) + token.text[len(accidental) :])
