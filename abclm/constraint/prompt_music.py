"""The notes of a prompt: what is fed to a model, and what cannot be continued."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from abclm.constraint.fed import FED_FIELDS, FED_ORNAMENTS, FED_WITHIN_BARS
from abclm.errors import InputError
from abclm.notation.syntax.accidentals import is_microtone, tempered
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.meter import parse_unit
from abclm.notation.syntax.tokens import FIELD_KINDS, Context, Token, TokenKind
from abclm.notation.syntax.values import read_note
from abclm.notation.tune.music import voice_id
from abclm.notation.write.rescale import in_unit

__all__ = ["check_end", "check_notes", "count_open_slurs", "fed_music", "with_unit_at_end"]

_FED_OR_REFUSED: Final = FED_WITHIN_BARS | {
    TokenKind.BAR_LINE,
    TokenKind.ENDING,
    TokenKind.NEWLINE,
    TokenKind.UNKNOWN,
    TokenKind.OVERLAY,
}
"""What a model reads, and what it must refuse."""
_NOT_IN_PROMPTS: Final = {
    "m": "a prompt has no macros",
    "P": "a prompt has no parts",
}
_SOFT: Final = frozenset({".|", "[|]"})
_LINE_SPACE: Final = re.compile(r"(?<![ \t])[ \t]+(?=\n)")
_TIMED: Final = frozenset({TokenKind.NOTE, TokenKind.REST, TokenKind.CHORD_CLOSE})
_GROUPS: Final = {
    TokenKind.CHORD_OPEN: TokenKind.CHORD_CLOSE,
    TokenKind.GRACE_OPEN: TokenKind.GRACE_CLOSE,
}


def fed_music(notes: str, unit: Fraction | None) -> str:
    """``notes`` as they are fed to a model: in one unit, without what no model reads.

    Chord symbols, slurs, fingering, words and comments are left out. A new key or meter on a line
    of its own becomes inline, and a microtone becomes the semitone that is played.

    Args:
        notes: the start of a body.
        unit: the header's unit, in whole notes; None if the model chooses it.
    """
    pieces: list[str] = []
    stretch: list[Token] = []
    now, dropped_line = unit, False
    tokens = lex(notes, Context.BODY)
    for token in tokens:
        if token.kind in FIELD_KINDS and token.field == "L":
            pieces.append(_scaled(stretch, now, unit))
            stretch, now = [], parse_unit(token.value) or now
        fed = _fed(token)
        if fed is not None and not (dropped_line and token.kind is TokenKind.NEWLINE):
            stretch.append(fed)
        # The line of a field or directive is dropped with its line end.
        dropped_line = token.kind in {TokenKind.FIELD, TokenKind.DIRECTIVE, TokenKind.COMMENT} and (
            dropped_line or token.column == 1
        )
    music = _LINE_SPACE.sub("", "".join([*pieces, _scaled(stretch, now, unit)]))
    return music.rstrip("\n") + " " if _is_over(tokens) else music


def _is_over(tokens: Sequence[Token]) -> bool:
    """Whether a note at the end cannot become longer because a slur or comment follows it."""
    followed = 0
    for token in reversed(tokens):
        if token.kind in _TIMED:
            return followed > 0
        if token.kind in {TokenKind.BAR_LINE, TokenKind.ENDING, TokenKind.BROKEN, TokenKind.TUPLET}:
            return False
        followed += token.kind in {
            TokenKind.SLUR_CLOSE,
            TokenKind.COMMENT,
            TokenKind.STRING,
            TokenKind.BACKQUOTE,
        }
    return False


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
        elif token.kind in _TIMED:
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
    tokens = lex(notes, Context.BODY)
    last = next((token for token in reversed(tokens) if token.kind is not TokenKind.SPACE), None)
    if last is not None and last.kind is TokenKind.DECORATION and last.text not in FED_ORNAMENTS:
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
    changes = [token for token in tokens if token.kind in FIELD_KINDS and token.field == "L"]
    if not changes or (parse_unit(changes[-1].value) or unit) == unit:
        return notes
    if _is_open(tokens):
        where = _place_of(changes[-1])
        raise InputError(
            f"{where}: the unit note length changes inside a group: complete the group first"
        )
    last = next(
        (token for token in reversed(tokens) if token.kind is not TokenKind.SPACE), tokens[-1]
    )
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


def _scaled(stretch: Sequence[Token], unit: Fraction | None, target: Fraction | None) -> str:
    if unit is None or target is None:
        return "".join(token.text for token in stretch)
    return in_unit(stretch, unit, target)


def _fed(token: Token) -> Token | None:
    if token.kind in FIELD_KINDS:
        if token.field not in FED_FIELDS:
            return None
        return token._replace(text=f"[{token.field}:{token.value}]", kind=TokenKind.INLINE_FIELD)
    if token.kind is TokenKind.NOTE:
        return _in_semitones(token)
    is_ornament = token.kind is TokenKind.DECORATION and token.text in FED_ORNAMENTS
    return token if token.kind in _FED_OR_REFUSED or is_ornament else None


def _in_semitones(token: Token) -> Token:
    accidental = read_note(token.text)[0].accidental
    if not is_microtone(accidental):
        return token
    return token._replace(text=tempered(accidental) + token.text[len(accidental) :])


def _fault(token: Token, unit: Fraction | None) -> str:
    if token.kind in FIELD_KINDS and token.field in _NOT_IN_PROMPTS:
        return _NOT_IN_PROMPTS[token.field]
    if token.kind in FIELD_KINDS and token.field == "L" and unit is None:
        return "a prompt that changes its unit note length needs L: in its header"
    if token.kind is TokenKind.OVERLAY:
        return "a prompt has no overlays"
    if token.kind is TokenKind.BAR_LINE and token.text in _SOFT:
        return "a prompt has no dotted or invisible bar lines"
    if token.kind is TokenKind.REST and token.text[0] in "ZX":
        return "a prompt has no rests of whole bars"
    return ""


def _is_open(tokens: Sequence[Token]) -> bool:
    """Whether a chord, grace notes, a tuplet or broken rhythm is unfinished."""
    kinds = [token.kind for token in tokens]
    if any(kinds.count(opens) > kinds.count(closes) for opens, closes in _GROUPS.items()):
        return True
    last = next((token for token in reversed(tokens) if token.kind is not TokenKind.SPACE), None)
    if last is not None and last.kind is TokenKind.BROKEN:
        return True
    return any(_in_last_bar(tokens, TokenKind.TUPLET))


def _in_last_bar(tokens: Sequence[Token], kind: TokenKind) -> Iterator[Token]:
    for token in reversed(tokens):
        if token.kind is TokenKind.BAR_LINE:
            return
        if token.kind is kind:
            yield token
