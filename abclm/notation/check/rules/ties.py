"""The rule of ties: a tie leads to a note of the same pitch (ABC 2.1 section 4.11).

Some transcribers write slurs as ties throughout: O'Neill's 1850 has 110 such tunes. There it is
their way of writing, and one remark says so.
"""

from collections.abc import Sequence
from typing import NamedTuple

from abclm.notation.check.rules.base import problem_at
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.values import Pitch
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import Event, Overlay

__all__ = ["WrongTie", "are_slurs", "wrong_ties"]


class WrongTie(NamedTuple):
    """A tied note, and the note of another pitch that it leads to."""

    tied: Event
    following: Event

    @property
    def problem(self) -> Problem:
        """What is wrong with it."""
        first, second = ("".join(map(str, event.pitches)) for event in self)
        message = f"the tie leads from {first} to {second}: a slur is written ({first} {second})"
        return problem_at(self.tied.token, "tie", message)


def wrong_ties(bars: Sequence[Bar]) -> list[WrongTie]:
    """The ties of a voice that do not lead to the same pitch; a chord shares one with the next.

    At a repeat or an ending nothing is asked: what is played next may stand elsewhere.
    """
    wrong: list[WrongTie] = []
    # The sound at the end of each layer of the bar before, where it is tied.
    held: dict[int, Event] = {}
    for bar in bars:
        if bar.before.closes or bar.before.opens or bar.before.ending:
            held = {}
        before, held, layer = held, {}, 0
        last = before.get(layer)
        for item in bar.items:
            if isinstance(item, Overlay):
                layer += 1
                last = before.get(layer)
            elif isinstance(item, Event):
                if last is not None and item.pitches and not _leads(last, item):
                    wrong.append(WrongTie(last, item))
                last = item if item.tie and item.pitches else None
                held.pop(layer, None)
                if last is not None:
                    held[layer] = last
    return wrong


def are_slurs(wrong: Sequence[WrongTie], bars: Sequence[Bar]) -> bool:
    """Whether a voice writes slurs as ties: several ties, and half of them all, lead elsewhere."""
    if len(wrong) < 2:
        return False
    return 2 * len(wrong) >= sum(event.tie for bar in bars for event in bar.events)


def _leads(tied: Event, following: Event) -> bool:
    places = tied.tied or range(len(tied.pitches))
    return any(
        _is_same(tied.pitches[place], other) for place in places for other in following.pitches
    )


def _is_same(pitch: Pitch, other: Pitch) -> bool:
    """Whether two notes may have one pitch: an accidental holds over the tie."""
    if pitch[1:] != other[1:]:
        return False
    return not other.accidental or not pitch.accidental or pitch.accidental == other.accidental
