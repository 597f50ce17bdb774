"""The existing part of a tune to be continued: its notes as the model reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from abclm.constraint.fed import FED_FIELDS, FED_ORNAMENTS, FED_WITHIN_BARS
from abclm.errors import InputError
from abclm.notation.syntax.meter import parse_unit
from abclm.notation.syntax.tokens import FIELD_KINDS, Token, TokenKind
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import BarLine, Ending, Event, Item, Tune
from abclm.notation.tune.numbering import number_bars
from abclm.notation.write.rescale import in_unit
from abclm.notation.write.writer import write_body

__all__ = ["check_metre", "given_notes", "is_finished", "section_notes", "unit_at_end"]

_MARKS: Final = frozenset({TokenKind.BAR_LINE, TokenKind.ENDING})
_BEFORE_EVENT: Final = frozenset({TokenKind.STRING, TokenKind.SLUR_OPEN, TokenKind.DECORATION})


def is_finished(tune: Tune) -> bool:
    """Whether ``tune`` ends with ``|]``, or with a closed repeat that needs no further ending."""
    marks, first_ending = _end(tune)
    lines = [mark for mark in marks if isinstance(mark, BarLine)]
    if len(lines) < len(marks) or any(line.opens for line in lines):
        return False
    closes = any(line.closes for line in lines)
    return (closes and not first_ending) or any(line.style == "|]" for line in lines)


def check_metre(tune: Tune) -> None:
    """Check that no bar is too long or too short.

    Raises:
        InputError: a bar is; the message gives its number and length.
    """
    written = bars(tune)
    for bar, at in zip(written, number_bars(written), strict=True):
        if not bar.exact:
            raise InputError(
                f"bar {at.number} lasts {bar.duration}, a bar of {bar.meter} lasts "
                f"{bar.meter.bar}: fix it first (abclm validate)"
            )


def given_notes(tune: Tune, simple: Tune, *, line_ended: bool) -> str:
    """The body of an unfinished tune in the model's form, including its unfinished bar.

    Args:
        tune: the tune as the user wrote it.
        simple: the same tune, simplified for the model.
        line_ended: whether a line ends after its last bar line.
    """
    last = max((at for at, item in enumerate(simple.items) if _is_mark(item)), default=-1)
    whole = _up_to_here(simple, simple.items[: last + 1]) if last >= 0 else ""
    tokens = _body(tune)
    marks = [at for at, token in enumerate(tokens) if token.kind in _MARKS]
    tail = tokens[marks[-1] + 1 if marks else 0 :]
    begun = _begun(tail, _unit(tune, tokens, marks), simple.unit)
    waits = _waits_for_event(tail)
    if begun.strip():
        return whole + (begun.strip() + " " if waits else begun.lstrip())
    # The number of a second ending directly follows its bar line.
    ends = waits or (line_ended and not _end(tune)[1])
    return whole.rstrip("\n") + ("\n" if ends and whole else "")


def section_notes(simple: Tune) -> str:
    """The body of a whole tune in the model's form, ready for another section.

    Args:
        simple: the tune, simplified for the model.
    """
    items = list(simple.items)
    last = max((at for at, item in enumerate(items) if isinstance(item, Event)), default=-1)
    marks = [item for item in items[last + 1 :] if isinstance(item, BarLine)]
    if not any(_ends_section(mark) for mark in marks):
        marks.append(BarLine(Token(TokenKind.BAR_LINE, "||", 0, 0), "||"))
    return _up_to_here(simple, [*items[: last + 1], *marks])


def unit_at_end(tune: Tune) -> Fraction:
    """The unit note length at the end of ``tune``."""
    return _unit_after(_body(tune), tune.unit)


def _end(tune: Tune) -> tuple[list[BarLine | Ending], bool]:
    """The bar lines and endings after the last event, and whether it is in a first ending."""
    marks: list[BarLine | Ending] = []
    first_ending = False
    for item in tune.items:
        if isinstance(item, Event):
            if any(isinstance(mark, BarLine) and _ends_section(mark) for mark in marks):
                first_ending = False
            endings = [mark for mark in marks if isinstance(mark, Ending)]
            first_ending = endings[-1].numbers[0] == 1 if endings else first_ending
            marks = []
        elif isinstance(item, BarLine | Ending):
            marks.append(item)
    return marks, first_ending


def _ends_section(mark: BarLine) -> bool:
    return mark.closes or mark.opens or mark.style != "|"


def _is_mark(item: Item) -> bool:
    return isinstance(item, BarLine | Ending)


def _up_to_here(simple: Tune, items: Sequence[Item]) -> str:
    """The text of ``items``, with the final bar lines as they are written before another bar."""
    length = simple.meter.bar or Fraction(1)
    more = Event(Token(TokenKind.REST, "z", 0, 0), (), "z", length, length)
    return write_body(replace(simple, items=(*items, more))).rpartition("z")[0]


def _body(tune: Tune) -> tuple[Token, ...]:
    key = (
        at + 1
        for at, token in enumerate(tune.tokens)
        if token.kind is TokenKind.FIELD and token.field == "K"
    )
    return tune.tokens[next(key, 0) :]


def _waits_for_event(tokens: Sequence[Token]) -> bool:
    """Whether the last of ``tokens`` belongs to an event that has not come yet."""
    last = next((token for token in reversed(tokens) if token.kind is not TokenKind.SPACE), None)
    return last is not None and last.kind in _BEFORE_EVENT and last.text not in FED_ORNAMENTS


def _unit(tune: Tune, tokens: Sequence[Token], marks: Sequence[int]) -> Fraction:
    return _unit_after(tokens[: marks[-1]] if marks else (), tune.unit)


def _unit_after(tokens: Sequence[Token], unit: Fraction) -> Fraction:
    for token in tokens:
        if token.kind in FIELD_KINDS and token.field == "L":
            unit = parse_unit(token.value) or unit
    return unit


def _begun(tokens: Sequence[Token], unit: Fraction, target: Fraction) -> str:
    """An unfinished bar as the model reads it, in the unit ``target``."""
    return "".join(_pieces(tokens, unit, target))


def _pieces(tokens: Sequence[Token], unit: Fraction, target: Fraction) -> Iterator[str]:
    waiting: list[Token] = []
    for token in tokens:
        if token.kind in FIELD_KINDS and token.field == "L":
            yield in_unit(waiting, unit, target)
            waiting = []
            unit = _unit_after([token], unit)
        elif token.kind in FIELD_KINDS and token.field in FED_FIELDS:
            waiting.append(token._replace(text=f"[{token.field}:{token.value}]"))
        elif token.kind in FED_WITHIN_BARS or token.text in FED_ORNAMENTS:
            waiting.append(_plain(token))
    yield in_unit(waiting, unit, target)


def _plain(token: Token) -> Token:
    if token.kind is TokenKind.SPACE:
        return token._replace(text=" ")
    if token.kind is TokenKind.REST and token.text[0] == "x":
        return token._replace(text="z" + token.text[1:])
    return token
