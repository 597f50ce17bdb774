"""The rule for ties: a tie joins notes of the same pitch (ABC 2.1 section 4.11).

Some transcribers write slurs as ties throughout: O'Neill's 1850 has 110 such tunes. Such a tune
gets one remark instead of problems.
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
        """The problem of this tie."""
        first, second = ("".join(map(str, event.pitches)) for event in self)
        message = f"this tie joins {first} to {second}: for a slur write ({first} {second})"
        return problem_at(self.tied.token, "tie", message)


def wrong_ties(bars: Sequence[Bar]) -> list[WrongTie]:
    """Return the ties of a voice that join different pitches; tied chords must share one pitch.

    Ties into a repeat or an ending are not checked: the bar played next may be another one.
    """
    wrong: list[WrongTie] = []
    # The last event of each layer of the bar before, if it is tied.
    held: dict[int, Event | None] = {}
    for bar in bars:
        if bar.before.closes or bar.before.opens or bar.before.ending:
            held = {}
        before, held = held, {}
        for layer, events in enumerate(_layers(bar)):
            held[layer] = _follow(before.get(layer) if events else None, events, wrong)
    return wrong


def _layers(bar: Bar) -> list[list[Event]]:
    """The events of each layer of a bar; without an overlay there is one layer."""
    layers: list[list[Event]] = [[]]
    for item in bar.items:
        if isinstance(item, Overlay):
            layers.append([])
        elif isinstance(item, Event):
            layers[-1].append(item)
    return layers


def _follow(last: Event | None, events: Iterable[Event], wrong: list[WrongTie]) -> Event | None:
    """Add the wrong ties of a layer to ``wrong``; return its last event if that is tied.

    Args:
        last: the event before the layer, if it is tied.
        events: the events of the layer.
        wrong: the list to add to.
    """
    for event in events:
        if last is not None and event.pitches and not _leads(last, event):
            wrong.append(WrongTie(last, event))
        last = event if event.tie and event.pitches else None
    return last


def are_slurs(wrong: Sequence[WrongTie], bars: Sequence[Bar]) -> bool:
    """Whether a voice writes slurs as ties: at least two, and half, of its ties are wrong."""
    if len(wrong) < 2:
        return False
    return 2 * len(wrong) >= sum(event.tie for bar in bars for event in bar.events)


def _leads(tied: Event, following: Event) -> bool:
    places = tied.tied or range(len(tied.pitches))
    return any(
        _is_same(tied.pitches[place], other) for place in places for other in following.pitches
    )


def _is_same(pitch: Pitch, other: Pitch) -> bool:
    """Whether two notes may have the same pitch: an accidental holds across the tie."""
    if pitch[1:] != other[1:]:
        return False
    return not other.accidental or not pitch.accidental or pitch.accidental == other.accidental
