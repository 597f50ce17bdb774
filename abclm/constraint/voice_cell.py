"""What may follow in the bar of one voice, given the grammar of the bar."""

from collections.abc import Collection
from typing import Final, NamedTuple

from abclm.constraint.masks import Masks
from abclm.constraint.nodes import DETOURS, Nodes, longest_length
from abclm.decoding.constraint import Mask
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.form import SECOND_DUE
from abclm.notation.cursor.rows import BAR_LINES, CODES, FINAL, ROW_END, Rows
from abclm.notation.cursor.state import State
from abclm.notation.syntax.tables import STEPS

__all__ = ["VoiceCell"]

_NOTES: Final = frozenset(STEPS) | frozenset("123456789")
_AFTER_PLAIN: Final = "A1"
"""What may follow a bar line inside a section: a note, or the number of an ending."""
_LAST: Final = ":]"
"""The codes of the bar lines with which a piece ends."""
_MAY_END: Final = frozenset({State.NOTE, State.LENGTH, State.GROUP})
_ENDS: Final = "".join(BAR_LINES) + ROW_END + "}"
"""What ends a bar, a chord or grace notes."""


class VoiceCell(NamedTuple):
    """A place in the bar of one voice.

    Attributes:
        masks: masks over the model's vocabulary.
        nodes: the grammar of the bar.
        cursor: the place.
    """

    masks: Masks
    nodes: Nodes
    cursor: Cursor

    def mask_of_first(self, rows: Rows, *, closing: bool, final: bool) -> Mask:
        """What the first voice may have, with a code for each bar line.

        Args:
            rows: the place in the row.
            closing: whether the piece must end as soon as it can.
            final: whether it ends here if it can.
        """
        node = self.nodes.at(self.cursor)
        if not rows.begun:
            return self._mask_of_opening(rows, closing=closing)
        if self.cursor.state in {State.GROUP, State.BRACKET}:
            return node.mask
        codes = self._codes() if "|" in node.characters else ""
        codes += ":" * (":" in node.characters)
        if closing:
            codes = "".join(code for code in codes if code in _LAST) or codes
        elif final and CODES[FINAL] in codes:
            codes = CODES[FINAL]
        return node.mask & ~self.masks.only("|:]\n") | self.masks.only(codes)

    def mask_of_follower(self, end: str) -> Mask:
        """What another voice may have; ``end`` is the character that ends its bar."""
        node = self.nodes.at(self.cursor)
        if "|" not in node.successors:
            return node.mask
        mask: Mask = node.mask & ~self.masks.only("|") | self.masks.only(end)
        return mask

    def hurried(self, mask: Mask) -> Mask:
        """Narrow ``mask`` to what leads to the end of the bar by the longest notes."""
        straight = [mask & ~self.masks.only(DETOURS), mask]
        if longest := longest_length(self.nodes, self.cursor):
            straight.insert(0, mask & self.masks.only(longest))
        elif self.cursor.state in _MAY_END:
            straight.insert(0, mask & self.masks.only(_ENDS))
        return next(narrowed for narrowed in straight if narrowed.any())

    def filling(self) -> Collection[str]:
        """The notes and lengths after which no other note fits in the bar."""
        characters = self.nodes.at(self.cursor).characters & _NOTES
        after = ((one, self.cursor.feed(one)) for one in characters)
        return [
            one
            for one, cursor in after
            if cursor is not None and self.nodes.at(cursor).characters.isdisjoint(STEPS)
        ]

    def _mask_of_opening(self, rows: Rows, *, closing: bool) -> Mask:
        """What may come before the first note of a row."""
        node = self.nodes.at(self.cursor)
        mask = node.mask
        if self.cursor.form.ending == SECOND_DUE and not rows.opening:
            return self.masks.only("2")
        if closing and "" in node.successors:
            return self.masks.only("", end=True)
        if self.cursor.state is State.BAR_LINE and not rows.opening:
            mask = mask & ~self.masks.only("|]\n1" if closing else "|]\n")
        return mask

    def _codes(self) -> str:
        """The codes of the bar lines that begin with ``|``."""
        after = self.cursor.feed("|")
        if after is None:
            return ""
        found = self.nodes.at(after).characters
        codes = "|" if not found.isdisjoint(_AFTER_PLAIN) or ":" in found else ""
        return codes + ";" * ("|" in found) + "]" * ("]" in found)
