"""The bars of a tune in the grammar's own count, so that a planned copy can be set again."""

from collections.abc import Mapping
from typing import NamedTuple

from abclm.constraint.automaton import Walk
from abclm.constraint.grammar import Lexis
from abclm.notation.cursor.bar_memory import BarMemory
from abclm.notation.cursor.plan import BarKind, Plan

__all__ = ["WrittenBars", "at_bar_start"]

_LINE_LEXIS = frozenset(
    {
        Lexis.SECTION,
        Lexis.REPEAT_SIGN,
        Lexis.BAR_LINE,
        Lexis.COLON,
        Lexis.CLOSE,
        Lexis.DOUBLE,
        Lexis.FINAL,
        Lexis.DONE,
    }
)
"""Where no music of a bar has been written."""


class WrittenBars(NamedTuple):
    """The texts of the bars so far. Never changed: each character makes a new one.

    Attributes:
        done: the text of each whole bar by its section and number, both from 0.
        place: of the bar that is being written; None for a pickup or a second ending.
        text: of that bar.
    """

    done: Mapping[tuple[int, int], str] = {}
    place: tuple[int, int] | None = None
    text: str = ""

    @classmethod
    def of(cls, memory: BarMemory) -> "WrittenBars":
        """The bars that a prompt has, the last one as far as it goes."""
        bars = memory.done.items()
        done = {place[:2]: bar.text for place, bar in bars if place[1] >= 0 and not place[2]}
        begun = memory.place[:2] if memory.text and memory.place[1] >= 0 else None
        return cls(done, begun, memory.text)

    def after(self, character: str, before: Walk, now: Walk) -> "WrittenBars":
        """One character further on, which led from ``before`` to ``now``."""
        if now.node.position.lexis in _LINE_LEXIS or at_bar_start(now):
            if not self.text or self.place is None:
                return WrittenBars(self.done)
            return WrittenBars({**self.done, self.place: self.text})
        place = self.place if self.text else _place(before)
        return WrittenBars(self.done, place, self.text + character)

    def next_place(self, walk: Walk) -> tuple[int, int] | None:
        """Section and number of the bar that starts at ``walk``; None within another one."""
        return None if self.text else _place(walk)

    def copy(self, walk: Walk, plan: Plan) -> str:
        """The text of the bar that comes at ``walk``, where it is planned as a copy; else nothing.

        It is nothing, too, where that bar cannot stand here: at the end of a section with a pickup
        it would be too long.
        """
        place = self.next_place(walk)
        planned = plan.at(*place) if place is not None else None
        if planned is None or planned.kind is not BarKind.COPY or planned.origin is None:
            return ""
        text = self.done.get(planned.origin, "")
        here = walk.through(text)
        if here is None or not any(sign in here.node.steps for sign in "|:"):
            return ""
        return text


def at_bar_start(walk: Walk) -> bool:
    """Whether a bar starts here, or its line end or ending is still to come."""
    lexis, place, *_ = walk.node.position
    return lexis is Lexis.BAR_LINE or (
        lexis in {Lexis.SECTION, Lexis.FRESH} and not place.used and not place.pending
    )


def _place(walk: Walk) -> tuple[int, int] | None:
    """Section and number of the bar that starts at ``walk``."""
    place = walk.position.place
    if walk.node.position.lexis is Lexis.BAR_LINE and place.used:
        place = walk.automaton.grammar.metre.next_bar(place)
    if place.ending == 2 or (place.first and place.pickup):
        return None
    return place.section, place.bars
