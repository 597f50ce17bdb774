"""The grammar of a voice's bar that must fill exactly what another voice has filled."""

from typing import Final

from abclm.constraint.bar_grammar import BarGrammar
from abclm.constraint.metre import Metre
from abclm.notation.cursor.cursor import Cursor

__all__ = ["MOST_IN_CHORD", "FollowerGrammar"]

MOST_IN_CHORD: Final = 5
"""Notes in a chord of one of several voices: those of a hand."""


class FollowerGrammar(BarGrammar):
    """The grammar of one bar beside another voice's.

    Args:
        metre: meter, unit note length, and what the vocabulary can spell.
        target: length of the bar, in ticks.
        can_tie: whether its last note may be tied to the next bar: only inside a section.
    """

    most_in_chord = MOST_IN_CHORD

    def __init__(self, metre: Metre, target: int, *, can_tie: bool) -> None:
        super().__init__(metre, target)
        self._can_tie = can_tie

    def _may_end_bar(self, tied: Cursor | None) -> bool:
        return self._can_tie and tied is not None and any(self._bar_lines(tied))
