"""The rule of ties: a tie leads to a note of the same pitch (ABC 2.1 section 4.11).

Some transcribers write slurs as ties throughout: O'Neill's 1850 has 110 such tunes. There it is
their way of writing, and one remark says so.
"""

from collections.abc import Iterable, Sequence
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
        message = f"this tie joins {first} to {second}: for a slur write ({first} {second})"
        return problem_at(self.tied.token, "tie", message)


def wrong_ties(bars: Sequence[Bar]) -> list[WrongTie]:
    """The ties of a voice that do not lead to the same pitch; a chord shares one with the next.

    At a repeat or an ending nothing is asked: what is played next may stand elsewhere.
    """
    wrong: list[WrongTie] = []
    # The sound at the end of each layer of the bar before, where it is tied.
    held: dict[int, Event | None] = {}
    for bar in bars:
        if bar.before.closes or bar.before.opens or bar.before.ending:
            held = {}
        before, held = held, {}
        for layer, events in enumerate(_layers(bar)):
            held[layer] = _follow(before.get(layer) if events else None, events, wrong)
    return wrong


def _layers(bar: Bar) -> list[list[Event]]:
    """The sounds of each layer of an overlay; of most bars there is one."""
    layers: list[list[Event]] = [[]]
    for item in bar.items:
        if isinstance(item, Overlay):
            layers.append([])
        elif isinstance(item, Event):
            layers[-1].append(item)
    return layers


def _follow(last: Event | None, events: Iterable[Event], wrong: list[WrongTie]) -> Event | None:
    """Add the wrong ties of a layer to ``wrong``; its last sound where that is tied.

    Args:
        last: the sound before it, where that is tied.
        events: of the layer.
        wrong: what is added to.
    """
    for event in events:
        if last is not None and event.pitches and not _leads(last, event):
            wrong.append(WrongTie(last, event))
        last = event if event.tie and event.pitches else None
    return last


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
