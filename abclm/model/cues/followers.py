"""Follows a related bar of the tune: what that bar has at the current position of this one.

A follower runs along a related bar: the one two or four bars before, the same bar of the first
section, or the bar that the plan names. As long as both bars agree, it advances through that bar's
text. Where they differ it waits, and resumes at the event that starts at the same moment. So it
knows the rhythm of that bar where the pitches differ, and by how many steps this bar is moved. With
``GABc`` as the related bar, after ``G2`` it resumes at ``B``.
"""

from typing import Final, NamedTuple

from abclm.notation.cursor.bar_memory import BarMemory, RememberedBar
from abclm.notation.syntax.tables import STEPS

__all__ = ["PARTED", "RUNS", "STATES", "Follower"]

STATES: Final = 16
"""The number of different values of `Follower.state`."""
PARTED: Final = 13
"""The state of a follower once the bars differ, where it is used only while they agree."""
RUNS: Final = 4
"""The number of different values of `Follower.run`."""
_BAR_END: Final = "|"


class Follower(NamedTuple):
    """How far this bar agrees with another one. Immutable.

    Attributes:
        bar: the other bar; None without one.
        same: whether the previous bars of both agreed: 0 no, 1 yes, 2 unknown.
        at: the index in the other bar's text to compare next, or -1.
        whole: whether everything has agreed since the start of the bar.
        equal: whether the last event has agreed, as written so far.
        pieces: the number of events that have begun.
        steps: by how many steps the last note but one was above the other bar's; None if unknown.
        run: the number of consecutive notes with that distance, up to the last but one.
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
        """Create a follower at the start of a bar."""
        return cls(bar, same, 0 if bar is not None else -1)

    def after(self, character: str, before: BarMemory, now: BarMemory, moment: int) -> "Follower":
        """Return the follower after one more character of the current bar.

        Args:
            character: the character.
            before: the memory before it.
            now: the memory after it.
            moment: ticks of the bar used before it.
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
        """The next character of the other bar; an empty string if it is unknown."""
        bar = self.bar
        if bar is None:
            return ""
        at = self.at if self.at >= 0 else bar.starts.get(moment, -1)
        if at < 0:
            return ""
        return bar.text[at] if at < len(bar.text) else _BAR_END

    @property
    def state(self) -> int:
        """How far the two bars agree, as an id; 0 without another bar."""
        if self.bar is None:
            return 0
        if not self.pieces and self.whole:
            return 1 + self.same
        if self.whole:
            return 3 + 3 * self.same + min(self.pieces, 3)
        return 15 if self.at < 0 else 13 if self.equal else 14

    def steps_above(self, memory: BarMemory) -> int | None:
        """By how many steps the last note is above the other bar's at that moment, if known."""
        if self.bar is None or not memory.notes:
            return None
        moment, step = memory.notes[-1]
        other = self.bar.steps.get(moment)
        return None if other is None else step - other

    def moved(self, memory: BarMemory, moment: int) -> tuple[int | None, int]:
        """The next note if the other bar were moved by the current distance.

        Returns:
            Its step, or None if it is unknown; and the number of notes, up to 3, at that distance.
        """
        steps = self.steps_above(memory)
        if steps is None or self.bar is None:
            return None, 0
        other = self.bar.steps.get(moment)
        if other is None:
            return None, 0
        run = self.run + 1 if steps == self.steps else 1
        return other + steps, min(run, RUNS - 1)
