"""The notes of a prompt: what cannot be continued, and what they leave open."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from abclm.constraint.fed import is_unread_decoration, sets_unit, unit_after
from abclm.errors import InputError
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.state import State
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.meter import FREE
from abclm.notation.syntax.tokens import (
    FIELD_KINDS,
    TIMED_KINDS,
    Context,
    Token,
    TokenKind,
    last_token,
)
from abclm.notation.tune.music import voice_id

__all__ = ["check_end", "check_notes", "count_open_slurs", "with_unit_at_end"]

_NOT_IN_PROMPTS: Final = {
    "m": "a prompt has no macros",
    "P": "a prompt has no parts",
}
_SOFT: Final = frozenset({".|", "[|]"})
_IN_GROUPS: Final = frozenset({State.GROUP, State.BRACKET})


def check_notes(notes: str, unit: Fraction | None, header_voices: Iterable[str] = ()) -> None:
    """Check that ``notes`` has nothing that prevents a continuation.

    Args:
        notes: the start of a body.
        unit: the header's unit; None if the model chooses it.
        header_voices: the values of the header's ``V:`` fields.

    Raises:
        InputError: it has; the message says where.
    """
    voices = {voice_id(value) for value in header_voices}
    tokens = lex(notes, Context.BODY)
    opened = False
    for token in tokens:
        fault = _fault(token, unit)
        if token.kind is TokenKind.BAR_LINE and token.text.endswith("|:"):
            twice = opened or token.text.count("|:") > 1
            fault = "a repeat opens twice" if twice else fault
            opened = True
        elif token.kind in TIMED_KINDS:
            opened = False
        if token.kind in FIELD_KINDS and token.field == "V":
            voices.add(voice_id(token.value))
            fault = "a prompt has one voice" if len(voices) > 1 else ""
        if fault:
            raise InputError(f"{_place_of(token)}: {fault}: remove it, or use --raw")


def check_end(notes: str) -> None:
    """Check that ``notes``, otherwise without problems, ends where it can be continued.

    Raises:
        InputError: it ends in a decoration whose note is missing.
    """
    last = last_token(lex(notes, Context.BODY))
    if last is not None and is_unread_decoration(last):
        raise InputError(f"{_place_of(last)}: a decoration at the end of a prompt: write its note")


def _place_of(token: Token) -> str:
    """The position of a token in the notes of a prompt, and its text."""
    return f"notes: line {token.line}:{token.column}: {token.text[:20]!r}"


def with_unit_at_end(notes: str, unit: Fraction) -> str:
    """``notes`` with the header's ``unit`` restored at the end if they have changed it.

    Raises:
        InputError: they end inside a group, tuplet or broken rhythm in the other unit.
    """
    tokens = lex(notes, Context.BODY)
    here = Cursor.begin(FREE, unit).through(notes)
    if here is None or unit_after(tokens, unit) == unit:
        return notes
    if here.state in _IN_GROUPS or here.settled.time.pending:
        where = _place_of([token for token in tokens if sets_unit(token)][-1])
        raise InputError(
            f"{where}: the unit note length changes inside a group: complete the group first"
        )
    last = last_token(tokens) or tokens[-1]
    # A new line after a bar line, a blank after a note: the field then extends neither.
    between = {TokenKind.BAR_LINE: "\n", TokenKind.NEWLINE: "", TokenKind.ENDING: ""}.get(
        last.kind, " "
    )
    return f"{notes}{between}[L:{unit}]"


def count_open_slurs(notes: str) -> int:
    """The number of slurs that ``notes`` leaves open."""
    count = 0
    for token in lex(notes, Context.BODY):
        if token.kind is TokenKind.SLUR_OPEN:
            count += 1
        elif token.kind is TokenKind.SLUR_CLOSE:
            count = max(0, count - 1)
    return count


def _fault(token: Token, unit: Fraction | None) -> str:
    if token.kind in FIELD_KINDS and token.field in _NOT_IN_PROMPTS:
        return _NOT_IN_PROMPTS[token.field]
    if sets_unit(token) and unit is None:
        return "a prompt that changes its unit note length needs L: in its header"
    if token.kind is TokenKind.OVERLAY:
        return "a prompt has no overlays"
    if token.kind is TokenKind.BAR_LINE and token.text in _SOFT:
        return "a prompt has no dotted or invisible bar lines"
    if token.kind is TokenKind.REST and token.text[0] in "ZX":
        return "a prompt has no rests of whole bars"
    return ""
