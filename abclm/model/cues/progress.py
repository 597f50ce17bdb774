"""The reading of a tune so far: everything that cues are computed from."""

from functools import lru_cache
from typing import Final, NamedTuple

from abclm.errors import InputError
from abclm.model.cues.echo import Echo
from abclm.model.cues.followers import Follower
from abclm.notation.cursor.bar_memory import BarMemory, RememberedBar
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan import Plan, PlannedBar, parse_plan
from abclm.notation.cursor.state import State

__all__ = ["RELATED", "Progress", "planned_here"]

RELATED: Final = ("two", "four", "first")
"""The bars two and four before, and the same bar of the first section."""


class Progress(NamedTuple):
    """The reading of a tune so far. Immutable.

    Attributes:
        cursor: the cursor.
        used: ticks of the bar taken by its events (`abclm.notation.cursor.time.Time.used`).
        echo: the earlier position that matches the end of the text.
        memory: the bars so far.
        related: followers of the bars in `RELATED`, and of the bar that the plan names.
        plan: the plan in the header.
        step_before: the step of the last note but one.
    """

    cursor: Cursor = Cursor()
    used: int = 0
    echo: Echo = Echo()
    memory: BarMemory = BarMemory()
    related: tuple[Follower, ...] = (Follower(),) * (len(RELATED) + 1)
    plan: Plan = Plan()
    step_before: int | None = None

    @property
    def left(self) -> int:
        """Ticks left in the bar."""
        return self.cursor.time.bar - self.used

    def in_form(self, character: str, cursor: Cursor) -> "Progress":
        """Return the reading at ``cursor``, one character later, with the bars and followers."""
        before = self.cursor
        if before.state is State.HEADER:
            if cursor.state is State.HEADER:
                return self._replace(cursor=cursor)
            plan = _plan(cursor.fields.get("P", ""))
            return self._replace(cursor=cursor, used=0, plan=plan)._at_bar_start(self.memory, None)
        known = self.memory
        memory = known.after(character, before, cursor)
        if memory.begins:
            here = self._replace(cursor=cursor, used=cursor.time.used)
            return here if memory is known else here._at_bar_start(memory, known)
        moment = self.used
        related = tuple([one.after(character, known, memory, moment) for one in self.related])
        last = self.step_before
        if len(memory.notes) > len(known.notes):
            last = known.step
        return Progress(cursor, cursor.time.used, self.echo, memory, related, self.plan, last)

    def _at_bar_start(self, memory: BarMemory, known: BarMemory | None) -> "Progress":
        """Return the reading at the start of a bar, or before its first event."""
        done, (section, bar, ending) = memory.done, memory.place
        related = (
            done.get((section, bar - 2, 0)) if bar >= 2 else None,
            done.get((section, bar - 4, 0)) if bar >= 4 else None,
            done.get((section, bar, 0) if ending else (0, bar, 0)) if section or ending else None,
            self._origin(memory),
        )
        same = [one.same for one in self.related]
        if known is not None and len(done) > len(known.done) and memory.last is not None:
            text = done[memory.last].text
            same = [2 if one.bar is None else int(one.bar.text == text) for one in self.related]
        return self._replace(memory=memory, related=tuple(map(Follower.of, related, same)))

    def _origin(self, memory: BarMemory) -> RememberedBar | None:
        """The bar that the plan copies, varies or moves in the current bar."""
        planned = planned_here(self.plan, memory)
        if planned is None or planned.origin is None:
            return None
        return memory.done.get((*planned.origin, 0))


def planned_here(plan: Plan, memory: BarMemory) -> PlannedBar | None:
    """The planned bar at the current position; None in a pickup or a second ending."""
    section, bar, ending = memory.place
    return None if ending else plan.at(section, bar)


@lru_cache(maxsize=256)
def _plan(text: str) -> Plan:
    """The plan in the header; an empty plan if there is none or it cannot be read."""
    try:
        return parse_plan(text) if text else Plan()
    except InputError:
        return Plan()
