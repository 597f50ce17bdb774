"""Derives the plan of a tune: which of its bars are repeated, varied or moved."""

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
    "likeness",
    "moved_likeness",
    "read_plan",
    "remembered_bars",
]

VARIED_FROM: Final = 0.6
"""Minimum share of a bar's time in which a variation has the same pitch as its original."""
MOVED_FROM: Final = 0.8
"""The same for a moved bar, after it is moved back."""
_START: Final = Cursor()
_TONIC_STEP: Final = 4
"""The tonic of the normal form, G, as a staff step."""


def remembered_bars(text: str, cursor: Cursor = _START) -> BarMemory:
    """Return the bars of a canonical tune, or of a part of one; the last may be unfinished.

    Args:
        text: the tune without ``X:``, or the part that begins at ``cursor``.
        cursor: the state before it.
    """
    return bar_stops(text, cursor)[0]


def bar_stops(text: str, cursor: Cursor = _START) -> tuple[BarMemory, dict[BarPlace, int]]:
    """Return the bars of a canonical tune, and the index in ``text`` after the music of each."""
    memory = BarMemory()
    stops: dict[BarPlace, int] = {}
    for at, character in enumerate(text):
        after = cursor.feed(character) or cursor
        if cursor.state is not State.HEADER:
            known, memory = memory, memory.after(character, cursor, after)
            if memory.last is not None and len(memory.done) > len(known.done):
                stops[memory.last] = at
        cursor = after
    return memory, stops


def read_plan(done: Mapping[BarPlace, RememberedBar]) -> Plan | None:
    """Return the plan of the bars ``done`` of a tune in normal form; None if letters run out.

    The pickup and the bars of a second ending are not part of a plan.
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
    """The share of the longer bar's time in which both have the same pitch, from 0 to 1."""
    length = max(bar.length, other.length)
    if bar.text == other.text and bar.length == other.length:
        return 1.0 if length else 0.0
    same = sum(time for time, mine, theirs in _together(bar, other) if mine == theirs)
    return same / length if length else 0.0


def moved_likeness(bar: RememberedBar, other: RememberedBar) -> float:
    """The likeness after moving one bar by the best number of steps; 0 if that is no move."""
    times: Counter[int] = Counter()
    for time, mine, theirs in _together(bar, other):
        if mine is not None and theirs is not None:
            times[mine - theirs] += time
    steps, time = max(times.items(), key=lambda one: one[1], default=(0, 0))
    return time / max(bar.length, other.length) if steps else 0.0


class _Namer:
    """Names bars, one after the other."""

    def __init__(self) -> None:
        self._named: list[tuple[str, RememberedBar]] = []
        self._texts: dict[str, str] = {}
        self._letters = iter(LETTERS)

    def known(self, bar: RememberedBar) -> str | None:
        """The name of an identical earlier bar, if any."""
        return self._texts.get(bar.text.rstrip())

    def name(self, bar: RememberedBar) -> str | None:
        """Choose a name for a new bar; None if all names are taken."""
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
    """Yield stretches of time in which neither bar changes, with the step sounding in each bar.

    They end with the shorter bar: the rest of the longer one counts as unlike.
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
    """The scale degree of a section's last note, in its last ending if it has several."""
    last = max((place for place in done if place[0] == section), key=lambda one: one[2:] + one[:2])
    steps = done[last].steps
    return (next(reversed(steps.values())) - _TONIC_STEP) % 7 + 1 if steps else 0
