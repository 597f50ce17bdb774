"""Which bar is played next, and how fast: an immutable state without sound and without a clock."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Self

from abclm.render.player.options import FACTORS

__all__ = ["COUNT_IN", "Ramp", "Transport"]

COUNT_IN: Final = -1
"""The place of the count-in, before bar 0."""


class Ramp(NamedTuple):
    """A tempo that rises by ``step`` with each turn from ``low`` to ``high``, as factors."""

    low: float
    high: float
    step: float

    def factor(self, turn: int) -> float:
        """Return the factor of a turn, counted from 1."""
        return min(self.low + self.step * (turn - 1), self.high)


@dataclass(frozen=True, slots=True)
class Transport:
    """The state of a player between two bars.

    Attributes:
        count: the number of bars there are.
        first, last: indices of the first and the last bar that are played, or looped.
        at: the index of the bar that is played, or `COUNT_IN`.
        loops: whether the bars are played without end.
        times: how often they are played if not.
        turn: the turn that is being played, from 1.
        speed: the factor of the tempo without a ramp.
        ramp: how the tempo rises.
        nudge: what the user has added to the factor.
    """

    count: int
    first: int
    last: int
    at: int
    loops: bool = False
    times: int = 1
    turn: int = 1
    speed: float = 1.0
    ramp: Ramp | None = None
    nudge: float = 0.0

    @property
    def factor(self) -> float:
        """How many times as fast as its own tempo the bar is played."""
        low, high = FACTORS
        own = self.speed if self.ramp is None else self.ramp.factor(self.turn)
        return min(max(own + self.nudge, low), high)

    def after(self) -> Self | None:
        """Return the state at the next bar; None at the end."""
        if self.at == COUNT_IN:
            return replace(self, at=self.first)
        if self.at == self.last and (self.loops or self.turn < self.times):
            return replace(self, at=self.first, turn=self.turn + 1)
        if self.at in {self.last, self.count - 1}:
            return None
        return replace(self, at=self.at + 1)

    def moved(self, bars: int) -> Self:
        """Return the state ``bars`` later, or earlier if negative; it stays inside the piece."""
        at = min(max(max(self.at, self.first) + bars, 0), self.count - 1)
        return replace(self, at=at)

    def faster(self, by: float) -> Self:
        """Return the state with the factor raised by ``by``, as far as its limits."""
        low, high = FACTORS
        wanted = min(max(self.factor + by, low), high)
        return replace(self, nudge=self.nudge + wanted - self.factor)

    def looped_from(self) -> Self:
        """Return the state with a loop that begins at this bar."""
        at = max(self.at, 0)
        last = self.last if self.last >= at else self.count - 1
        return replace(self, first=at, last=last, loops=True)

    def looped_to(self) -> Self:
        """Return the state with a loop that ends with this bar."""
        at = max(self.at, 0)
        return replace(self, first=self.first if self.first <= at else 0, last=at, loops=True)

    def ending(self) -> Self:
        """Return the state without an endless loop: each turn that is asked for, and no more."""
        return replace(self, loops=False)

    def unlooped(self) -> Self:
        """Return the state with the whole piece played to its end."""
        return replace(self, first=0, last=self.count - 1, loops=False, times=self.turn)
