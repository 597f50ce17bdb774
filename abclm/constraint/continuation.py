"""Continues an existing tune without changing its notes or its header."""

from typing import Final

from abclm.constraint.tune_constraint import TuneConstraint
from abclm.decoding.constraint import Mask
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.tokens import TIMED_KINDS, Context, TokenKind

__all__ = ["ContinuationConstraint"]

_LONGER: Final = "0123456789/"
_HIGHER: Final = "',"


class ContinuationConstraint(TuneConstraint):
    """A `TuneConstraint` whose first character changes none of the given notes.

    No rhythm is drawn if the header has none: the model does not write the header.
    """

    def mask(self) -> Mask | None:
        """The ids that may be drawn now."""
        mask = super().mask()
        if mask is None or not self._in_body or self._body != self._given:
            return mask
        return self._masks.without(mask, _what_changes(self._body))

    def _knows_rhythm(self) -> bool:
        """Whether the header's rhythm can be fed; none is drawn."""
        return self._prompt.header.rhythm in self._known.rhythms


def _what_changes(text: str) -> str:
    """The characters that would change the last note of ``text``."""
    tokens = lex(text.rpartition("\n")[2], Context.BODY)
    if not tokens or tokens[-1].kind not in TIMED_KINDS:
        return ""
    return _LONGER + (_HIGHER if tokens[-1].kind is TokenKind.NOTE else "")
