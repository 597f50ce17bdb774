"""The existing part of a tune to be continued: its notes as the model reads them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from abclm.constraint.fed import BAR_KINDS, in_model_form, is_unread_decoration, unit_after
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.form import FIRST_ENDING, SECOND_DUE
from abclm.notation.cursor.state import State
from abclm.notation.syntax.tokens import Token, TokenKind, last_token
from abclm.notation.tune.music import BarLine, Ending, Event, Item, Tune
from abclm.notation.write.writer import write_body

__all__ = ["given_notes", "is_finished", "section_notes", "unit_at_end"]

_MARKS: Final = frozenset({TokenKind.BAR_LINE, TokenKind.ENDING})
_BEFORE_EVENT: Final = frozenset({TokenKind.STRING, TokenKind.SLUR_OPEN})
_NOT_IN_BARS: Final = frozenset({TokenKind.NEWLINE, TokenKind.UNKNOWN, TokenKind.OVERLAY})
_BLANKS: Final = re.compile(r"[ \t]+")


def is_finished(tune: Tune) -> bool:
    """Whether ``tune`` ends with ``|]``, or with a closed repeat that needs no further ending."""
    body = "".join(token.text for token in _body(tune) if token.kind in BAR_KINDS | _MARKS)
    end = _cursor_after(tune, f"{body}\n")
    return end is not None and end.may_end and end.form.ending != SECOND_DUE


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
    unit = unit_after(tokens[: marks[-1]] if marks else (), tune.unit)
    bar = (token for token in tail if token.kind not in _NOT_IN_BARS)
    begun = _BLANKS.sub(" ", in_model_form(bar, unit, simple.unit))
    waits = _waits_for_event(tail)
    if begun.strip():
        return whole + (begun.strip() + " " if waits else begun.lstrip())
    # The number of a second ending directly follows its bar line.
    here = _cursor_after(simple, whole)
    in_ending = here is not None and (
        here.state is State.ENDING or here.form.ending in {FIRST_ENDING, SECOND_DUE}
    )
    ends = waits or (line_ended and not in_ending)
    return whole.rstrip("\n") + ("\n" if ends and whole else "")


def section_notes(simple: Tune) -> str:
    """The body of a whole tune in the model's form, ready for another section.

    Args:
        simple: the tune, simplified for the model.
    """
    items = list(simple.items)
    last = max((at for at, item in enumerate(items) if isinstance(item, Event)), default=-1)
    marks = [item for item in items[last + 1 :] if isinstance(item, BarLine)]
    if not any(mark.ends_section for mark in marks):
        marks.append(BarLine(Token(TokenKind.BAR_LINE, "||", 0, 0), "||"))
    return _up_to_here(simple, [*items[: last + 1], *marks])


def unit_at_end(tune: Tune) -> Fraction:
    """The unit note length at the end of ``tune``."""
    return unit_after(_body(tune), tune.unit)


def _cursor_after(tune: Tune, body: str) -> Cursor | None:
    return Cursor.begin(tune.meter, tune.unit).through(body)


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
    last = last_token(tokens)
    return last is not None and (last.kind in _BEFORE_EVENT or is_unread_decoration(last))
