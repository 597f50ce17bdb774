"""What another bar of the tune says at this place of the present one.

A follower runs along a bar that stands at a related place: two before, four before, the same of the
first section, the one that the plan names. As long as both agree it reads on in
that bar's text; where they part it waits, and takes it up again with the sound that starts there at
the same moment. So it knows the rhythm of that bar where the pitches differ, and by how many steps
it is moved.
"""

from typing import Final, NamedTuple

from abclm.notation.cursor.bar_memory import BarMemory, RememberedBar
from abclm.notation.syntax.tables import STEPS

__all__ = ["PARTED", "RUNS", "STATES", "Follower"]

STATES: Final = 16
"""How many different `Follower.state` there are."""
PARTED: Final = 13
"""The state of a follower that is only asked while the two bars agree, once they differ."""
RUNS: Final = 4
"""How many different `Follower.run` there are."""
_BAR_END: Final = "|"


class Follower(NamedTuple):
    """How far a bar agrees with another one. Immutable: a kept one stays valid.

    Attributes:
        bar: the other one; None without any.
        same: whether the bar before agreed with the one before the other: 0 no, 1 yes, 2 unknown.
        at: where in the other one's text it reads on, or -1.
        whole: whether all has agreed since the start of the bar.
        equal: whether the last sound has, as far as it is written.
        pieces: how many sounds have begun.
        steps: by how many steps the last note but one lay above the other bar's; None if unknown.
        run: how many notes in a row have lain so, up to the last but one.
    """

    bar: RememberedBar | None = None
    same: int = 2
    at: int = -1
    whole: bool = True
    equal: bool = True
    pieces: int = 0
    steps: int | None = None
    run: int = 0

    @classmethod
    def of(cls, bar: RememberedBar | None, same: int) -> "Follower":
        """At the start of a bar."""
        return cls(bar, same, 0 if bar is not None else -1)

    def after(self, character: str, before: BarMemory, now: BarMemory, moment: int) -> "Follower":
        """One character of the bar further on.

        Args:
            character: of the present bar.
            before: what was written before it.
            now: what is written with it.
            moment: the ticks of the bar that are used up before it.
        """
        bar = self.bar
        if bar is None:
            return self
        text, at = bar.text, self.at
        sounded = len(now.pieces) > len(before.pieces)
        begins = before.prefix < 0 and (sounded or now.prefix >= 0)
        equal = self.equal or begins
        if begins and not (0 <= at < len(text) and text[at] == character):
            at = bar.starts.get(moment, -1)
        if 0 <= at < len(text) and text[at] == character:
            at += 1
        elif 0 <= at < len(text) and character in STEPS and text[at] in STEPS:
            at, equal = at + 1, False
        else:
            at, equal = -1, False
        steps, run = self.steps, self.run
        if len(now.notes) > len(before.notes):
            last = self.steps_above(before)
            steps, run = last, 0 if last is None else self.run + 1 if last == steps else 1
        whole = self.whole and equal
        return Follower(bar, self.same, at, whole, equal, self.pieces + sounded, steps, run)

    def character(self, moment: int) -> str:
        """What the other bar has next; an empty text where that is not known."""
        bar = self.bar
        if bar is None:
            return ""
        at = self.at if self.at >= 0 else bar.starts.get(moment, -1)
        if at < 0:
            return ""
        return bar.text[at] if at < len(bar.text) else _BAR_END

    @property
    def state(self) -> int:
        """How far the two agree: 0 without another bar."""
        if self.bar is None:
            return 0
        if not self.pieces and self.whole:
            return 1 + self.same
        if self.whole:
            return 3 + 3 * self.same + min(self.pieces, 3)
        return 15 if self.at < 0 else 13 if self.equal else 14

    def steps_above(self, memory: BarMemory) -> int | None:
        """By how many steps the last note lies above the other bar's at that moment."""
        if self.bar is None or not memory.notes:
            return None
        moment, step = memory.notes[-1]
        other = self.bar.steps.get(moment)
        return None if other is None else step - other

    def moved(self, memory: BarMemory, moment: int) -> tuple[int | None, int]:
        """The step of the note that would follow, were the other bar moved to where this one is.

        Returns:
            The step, None where it is not known, and for how many notes, up to 3, it has lain so.
        """
        steps = self.steps_above(memory)
        if steps is None or self.bar is None:
            return None, 0
        other = self.bar.steps.get(moment)
        if other is None:
            return None, 0
        run = self.run + 1 if steps == self.steps else 1
        return other + steps, min(run, RUNS - 1)
