"""Writes some bars anew in the midst of a tune that stands, each as long as the one before."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from abclm.compose.automaton import Walk
from abclm.compose.grammar import Lexis
from abclm.compose.guide import HeaderGuide, Mask, Masks
from abclm.compose.melody import Melody
from abclm.compose.planning import PlanWish
from abclm.compose.prompt import Prompt
from abclm.model.text import Usual
from abclm.model.vocabulary import Vocabulary

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


class BarGuide(HeaderGuide):
    """The header, the plan as far as it is known, what stands, and then the bars to be written.

    After the last of them only the end of the tune is allowed.

    Args:
        header: of the tune.
        before: the body up to the first of the bars, in normal form.
        plans: of each, at least one.
        masks: of the model's vocabulary.
        vocabulary: of the model.
        known: the keys and rhythms that the model knows.
        wish: what of the plan stands; None for a model that does not plan.
        melody: what stands before them.

    Attributes:
        opening: what the model is fed before its first draw.
        plans: of the bars.
        written: those that are whole.
    """

    def __init__(
        self,
        header: Prompt,
        before: str,
        plans: Sequence[BarPlan],
        *,
        masks: Masks,
        vocabulary: Vocabulary,
        known: Usual,
        wish: PlanWish | None = None,
        melody: Melody | None = None,
    ) -> None:
        self.written: tuple[str, ...] = ()
        self.plans = plans
        self._before = before
        self._wished = wish or PlanWish()
        self._melody = melody or Melody()
        self._text = ""
        self._walk = plans[0].walk
        super().__init__(header, masks, vocabulary, known, planned=wish is not None)

    @property
    def plan_wish(self) -> PlanWish:
        """What of the plan stands."""
        return self._wished

    @property
    def done(self) -> bool:
        """Whether all bars are written."""
        return len(self.written) == len(self.plans)

    def accept(self, character: str) -> str:
        """What is fed now that ``character`` was drawn."""
        if not self._in_body:
            return super().accept(character)
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
        return self._in_body and not (self.done or self._text)

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

    def _begin_body(self) -> str:
        self._in_body = True
        return self._before

    def _allowed_in_body(self) -> Mask | None:
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

    @property
    def _end(self) -> str:
        return self.plans[len(self.written)].after[0]

    def _next_bar(self) -> str:
        after = self.plans[len(self.written)].after
        self.written += (self._text,)
        self._text = ""
        self._melody = self._melody.read(after)
        if self.done:
            return after[0]
        self._walk = self.plans[len(self.written)].walk
        return after
