"""Lets through only bars that last exactly what they are to last, inside a tune that stands."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from abclm.compose.automaton import Walk
from abclm.compose.grammar import Lexis
from abclm.compose.guide import Mask, Masks
from abclm.compose.melody import Melody

__all__ = ["BarGuide", "BarPlan"]


class BarPlan(NamedTuple):
    """A bar that is to be written.

    Attributes:
        walk: where it begins, at a place with a target.
        after: what stands behind it: bar lines, a line end, an ending. It is fed, and the model
            ends the bar with its first character.
    """

    walk: Walk
    after: str


class BarGuide:
    """Some bars in the midst of a tune; after the last one only the end of the tune is allowed.

    Args:
        opening: the tune up to the first of them.
        plans: of each, at least one.
        masks: of the model's vocabulary.
        melody: what stands before them.

    Attributes:
        opening: what the model is fed before its first draw.
        plans: of the bars.
        written: those that are whole.
    """

    def __init__(
        self, opening: str, plans: Sequence[BarPlan], masks: Masks, melody: Melody | None = None
    ) -> None:
        self.opening = opening
        self.written: tuple[str, ...] = ()
        self.plans = plans
        self._masks = masks
        self._melody = melody or Melody()
        self._text = ""
        self._walk = plans[0].walk

    @property
    def done(self) -> bool:
        """Whether all bars are written."""
        return len(self.written) == len(self.plans)

    def allowed(self) -> Mask | None:
        """Which ids may be drawn now."""
        if self.done:
            return self._masks.only("", end=True)
        node = self._walk.node
        mask = node.mask
        if "|" in node.steps and self._end != "|":
            mask = mask & ~self._masks.only("|") | self._masks.only(self._end)
        if node.position.lexis is Lexis.BRACKET:
            # A change of key would hold for the bars behind, too.
            mask = mask & ~self._masks.only("K")
        if self._melody.limits(node.position):
            narrowed = mask & ~self._masks.only(self._melody.forbidden(node.position))
            mask = narrowed if narrowed.any() else mask
        return mask

    def accept(self, character: str) -> str:
        """What is fed now that ``character`` was drawn."""
        node = self._walk.node
        if character == self._end and "|" in node.steps:
            return self._next_bar()
        after = self._walk.follow(character)
        if after is None:
            raise ValueError(f"{character!r} cannot come here")
        self._melody = self._melody.after(character, node.position, after.node.position)
        self._walk = after
        self._text += character
        return character

    @property
    def can_return(self) -> bool:
        """Whether a bar starts here."""
        return not (self.done or self._text)

    @property
    def insists(self) -> bool:
        """Whether all is written."""
        return self.done

    def bookmark(self) -> object:
        """Where it is now: the start of a bar."""
        return self.written, self._melody

    def return_to(self, bookmark: Any) -> None:
        """Be again where `bookmark` was made."""
        self.written, self._melody = bookmark
        self._text = ""
        self._walk = self.plans[len(self.written)].walk

    @property
    def _end(self) -> str:
        return self.plans[len(self.written)].after[0]

    def _next_bar(self) -> str:
        after = self.plans[len(self.written)].after
        self.written += (self._text,)
        self._text = ""
        if self.done:
            return after[0]
        self._walk = self.plans[len(self.written)].walk
        return after
