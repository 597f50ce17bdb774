"""Rewrites some bars inside an existing tune, each with the length of the bar it replaces."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from abclm.constraint.header_constraint import HeaderConstraint
from abclm.constraint.masks import Masks
from abclm.constraint.nodes import Node, Nodes
from abclm.constraint.pitch_rules import PitchRules
from abclm.constraint.planning import PlanRequirements
from abclm.constraint.prompt import Prompt
from abclm.decoding.constraint import Mask
from abclm.model.text import Usual
from abclm.model.vocabulary import Vocabulary
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan import Plan, parse_plan
from abclm.notation.cursor.state import State

__all__ = ["BarPlan", "BarsConstraint"]


class BarPlan(NamedTuple):
    """A bar to be written.

    Attributes:
        nodes: the grammar of a bar of this length.
        after: the text between this bar and the next: bar lines, a line end, an ending. The model
            ends the bar by drawing its first character; the rest is fed.
        place: section and bar number, both from 0; None if no plan includes the bar.
    """

    nodes: Nodes
    after: str
    place: tuple[int, int] | None = None


class BarsConstraint(HeaderConstraint):
    """Header, known part of the plan, the existing music before, then the bars to be written.

    If the plan says that a bar repeats another bar of the tune, before or after it, it is copied
    note for note. After the last bar only the end of the tune is allowed.

    Args:
        header: the tune's header.
        before: the body up to the first bar to be written, in normal form.
        plans: the bars to be written, at least one.
        masks: masks over the model's vocabulary.
        vocabulary: the model's vocabulary.
        known: the keys and rhythms that the model knows.
        required: the known part of the plan; None for a model that does not plan.
        start: the cursor after ``before``.
        standing: the music of the bars that are kept, by section and number.

    Attributes:
        opening: the text fed to the model before its first draw.
        plans: the bars to be written.
        written: the bars completed so far.
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
        required: PlanRequirements | None = None,
        start: Cursor | None = None,
        standing: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        self.written: tuple[str, ...] = ()
        self.plans = plans
        self._before = before
        self._required = required or PlanRequirements()
        self._cursor = start or Cursor()
        self._pitches = PitchRules()
        self._standing = standing or {}
        self._plan = Plan()
        self._text = ""
        self._copied = False
        super().__init__(header, masks, vocabulary, known, planned=required is not None)

    @property
    def plan_requirements(self) -> PlanRequirements:
        """The known part of the plan."""
        return self._required

    @property
    def is_terminated(self) -> bool:
        """Whether all bars are written."""
        return len(self.written) == len(self.plans)

    def accept(self, character: str) -> str:
        """Take the drawn ``character`` and return the text to feed."""
        if not self._in_body:
            return super().accept(character)
        if character == self._end and "|" in self._node.successors:
            return self._next_bar()
        copy = self._copy()
        if copy[:1] != character:
            self._go(character)
            return character
        for following in copy:
            self._go(following)
        self._copied = True
        return copy

    def _go(self, character: str) -> None:
        after = self._cursor.feed(character)
        if after is None or not self._nodes.allows(self._cursor, character):
            raise ValueError(f"{character!r} cannot come here")
        self._cursor = after
        self._text += character

    @property
    def can_roll_back(self) -> bool:
        """Whether a bar starts here."""
        return self._in_body and not (self.is_terminated or self._text)

    @property
    def is_committed(self) -> bool:
        """Whether all bars are written."""
        return self.is_terminated

    def snapshot(self) -> object:
        """The state at the start of a bar, for `rollback`."""
        return self.written, self._cursor

    def rollback(self, snapshot: Any) -> None:
        """Return to the state in which `snapshot` was taken."""
        self.written, self._cursor = snapshot
        self._text, self._copied = "", False

    @property
    def _nodes(self) -> Nodes:
        """The grammar of the bar being written."""
        return self.plans[len(self.written)].nodes

    @property
    def _node(self) -> Node:
        """What the grammar of this bar allows here."""
        return self._nodes.at(self._cursor)

    def _begin_body(self) -> str:
        self._in_body = True
        self._plan = parse_plan(self._values["P"]) if "P" in self._values else Plan()
        return self._before

    def _copy(self) -> str:
        """The music that the plan gives the bar that begins here; empty if the bar is new."""
        place = self.plans[len(self.written)].place
        planned = self._plan.at(*place) if place is not None else None
        if planned is None or self._text:
            return ""
        known = dict(self._standing)
        for bar, text in zip(self.plans, self.written, strict=False):
            if bar.place is not None:
                known[bar.place] = text
        copies = (known[at] for at in self._plan.places(planned.name) if at in known)
        copy = next(copies, "")
        if not self._pitches.fits(self._cursor, copy):
            return ""
        whole = self._nodes.through(self._cursor, copy)
        return copy if whole is not None and "|" in self._nodes.at(whole).successors else ""

    def _allowed_in_body(self) -> Mask | None:
        if self.is_terminated:
            return self._masks.only("", end=True)
        if self._copied:
            return self._masks.only(self._end)
        if copy := self._copy():
            return self._masks.only(copy[0])
        node, cursor = self._node, self._cursor
        mask = node.mask
        if "|" in node.successors and self._end != "|":
            mask = mask & ~self._masks.only("|") | self._masks.only(self._end)
        if cursor.state is State.BRACKET:
            # A key change would apply to the bars after it, too.
            mask = mask & ~self._masks.only("K")
        return self._masks.without(mask, self._pitches.forbidden(cursor))

    @property
    def _end(self) -> str:
        return self.plans[len(self.written)].after[0]

    def _next_bar(self) -> str:
        after = self.plans[len(self.written)].after
        self.written += (self._text,)
        self._text, self._copied = "", False
        for character in after:
            self._cursor = self._cursor.feed(character) or self._cursor
        return after[0] if self.is_terminated else after
