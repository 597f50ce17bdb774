"""Reads the plan off a tune: which of its bars are the same, varied or moved."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from abclm.notation.cursor.bar_memory import BarMemory, BarPlace, RememberedBar
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan import LETTERS, MOST_MARKS, MOVED, VARIED, Plan
from abclm.notation.cursor.state import State

__all__ = [
    "MOVED_FROM",
    "VARIED_FROM",
    "bar_stops",
    "bars_behind",
    "likeness",
    "moved_likeness",
    "read_plan",
    "remembered_bars",
]

VARIED_FROM: Final = 0.6
"""Share of a bar's time in which a variation sounds as the bar that it varies."""
MOVED_FROM: Final = 0.8
"""The same of a bar that is moved, once it is moved back."""
_TONIC_STEP: Final = 4
"""Of the normal form: G."""


def remembered_bars(text: str, last_field: str = "K") -> BarMemory:
    """The bars of a canonical tune, or of the start of one; the last one may be unfinished.

    Args:
        text: without ``X:``.
        last_field: the header's last one.
    """
    return bar_stops(text, last_field)[0]


def bar_stops(text: str, last_field: str = "K") -> tuple[BarMemory, dict[BarPlace, int]]:
    """The bars of a canonical tune, and where in ``text`` the music of each stops."""
    cursor, memory = Cursor(last_field=last_field), BarMemory()
    stops: dict[BarPlace, int] = {}
    for at, character in enumerate(text):
        after = cursor.feed(character) or cursor
        if cursor.state is not State.HEADER:
            known, memory = memory, memory.after(character, cursor, after)
            if memory.last is not None and len(memory.done) > len(known.done):
                stops[memory.last] = at
        cursor = after
    return memory, stops


def bars_behind(cursor: Cursor, music: str) -> BarMemory:
    """The bars of ``music``, which begins at ``cursor``, the last one as far as it goes."""
    memory = BarMemory()
    for character in music:
        after = cursor.feed(character) or cursor
        memory = memory.after(character, cursor, after)
        cursor = after
    return memory


def read_plan(done: Mapping[BarPlace, RememberedBar]) -> Plan | None:
    """The plan of the bars ``done`` of a tune in normal form; None where letters run out.

    The pickup and the bars of a second ending stand in no plan.
    """
    places = sorted(place for place in done if place[1] >= 0 and not place[2])
    namer = _Namer()
    names: list[list[str]] = []
    for section, number, _ in places:
        bar = done[section, number, 0]
        name = namer.known(bar) or namer.name(bar)
        if name is None:
            return None
        while len(names) <= section:
            names.append([])
        names[section].append(name)
    if not places or not all(names):
        return None
    ends = [_end(done, section) for section in range(len(names))]
    return Plan(tuple(map(tuple, names)), tuple(ends))


def likeness(bar: RememberedBar, other: RememberedBar) -> float:
    """The share of the time of the longer one in which both sound the same, from 0 to 1."""
    length = max(bar.length, other.length)
    if bar.text == other.text and bar.length == other.length:
        return 1.0 if length else 0.0
    same = sum(time for time, mine, theirs in _together(bar, other) if mine == theirs)
    return same / length if length else 0.0


def moved_likeness(bar: RememberedBar, other: RememberedBar) -> float:
    """The same where one is moved by as many steps as suits best; 0 where it stays in place."""
    times: Counter[int] = Counter()
    for time, mine, theirs in _together(bar, other):
        if mine is not None and theirs is not None:
            times[mine - theirs] += time
    steps, time = max(times.items(), key=lambda one: one[1], default=(0, 0))
    return time / max(bar.length, other.length) if steps else 0.0


class _Namer:
    """Gives bars their names, one after the other."""

    def __init__(self) -> None:
        self._named: list[tuple[str, RememberedBar]] = []
        self._texts: dict[str, str] = {}
        self._letters = iter(LETTERS)

    def known(self, bar: RememberedBar) -> str | None:
        """The name of a bar that has come before."""
        return self._texts.get(bar.text.rstrip())

    def name(self, bar: RememberedBar) -> str | None:
        """A name for a bar that has not; None where all are taken."""
        name = self._of_a_relative(bar) or next(self._letters, None)
        if name is not None:
            self._named.append((name, bar))
            self._texts[bar.text.rstrip()] = name
        return name

    def _of_a_relative(self, bar: RememberedBar) -> str | None:
        varied = [(likeness(bar, other), name) for name, other in self._named]
        best, name = max(varied, default=(0.0, ""), key=lambda one: one[0])
        if best >= VARIED_FROM and (marked := self._marked(name[0], VARIED)):
            return marked
        moved = [(moved_likeness(bar, other), name) for name, other in self._named]
        best, name = max(moved, default=(0.0, ""), key=lambda one: one[0])
        if best >= MOVED_FROM and len(bar.starts) > 1:
            return self._marked(name[0], MOVED)
        return None

    def _marked(self, letter: str, mark: str) -> str | None:
        taken = {name for name, _ in self._named}
        names = (letter + mark * count for count in range(1, MOST_MARKS + 1))
        return next((name for name in names if name not in taken), None)


def _together(
    bar: RememberedBar, other: RememberedBar
) -> Iterator[tuple[int, int | None, int | None]]:
    """Stretches of time in which neither changes, with the step that sounds in each of the two.

    They end where the shorter one does: what it has no time for is unlike.
    """
    end = min(bar.length, other.length)
    moments = sorted({moment for moment in (*bar.starts, *other.starts) if moment < end} | {end})
    mine = theirs = None
    for moment, following in pairwise(moments):
        if moment in bar.starts:
            mine = bar.steps.get(moment)
        if moment in other.starts:
            theirs = other.steps.get(moment)
        yield following - moment, mine, theirs


def _end(done: Mapping[BarPlace, RememberedBar], section: int) -> int:
    """The degree of the last note of a section, of its last ending where it has several."""
    last = max((place for place in done if place[0] == section), key=lambda one: one[2:] + one[:2])
    steps = done[last].steps
    return (next(reversed(steps.values())) - _TONIC_STEP) % 7 + 1 if steps else 0
