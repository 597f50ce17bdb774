"""The plan of a tune: which of its bars are repeated, varied or moved to another pitch.

A plan such as ``abac abad / efeg ef'ad`` has one name per bar, without the pickup. The same name
means the same bar, note for note; ``a'`` is a variation of ``a``, and ``a^`` is ``a`` starting on
another note; ``a''`` and ``a^^`` are a second variation and a second sequence. A digit at the end
of a section is the scale degree of its last note. Musicians write the form of a tune in the same
way, by section.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

from abclm.errors import InputError

__all__ = [
    "LETTERS",
    "MOST_MARKS",
    "MOVED",
    "PHRASE",
    "VARIED",
    "BarKind",
    "Plan",
    "PlannedBar",
    "parse_plan",
]

LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""The names of bars, in the order in which they are assigned."""
VARIED, MOVED = "'", "^"
MOST_MARKS: Final = 3
"""The most marks on a bar's name; further relatives have letters of their own."""
PHRASE: Final = 4
"""Bars in a phrase: in real tunes, 97 of 100 sections have a multiple of 4 bars."""

_SECTION = re.compile(r"((?:[A-Za-z](?:'{1,3}|\^{1,3})?)+)([1-7]?)")
_NAME = re.compile(r"[A-Za-z](?:'+|\^+)?")


class BarKind(IntEnum):
    """What a plan asks of a bar."""

    ANY = 0
    """Nothing: the bar lies outside the plan."""
    NEW = 1
    """A bar unlike those before it."""
    COPY = 2
    """An earlier bar again, note for note."""
    VARIATION = 3
    """An earlier bar with some notes changed."""
    SEQUENCE = 4
    """The shape of an earlier bar, begun on another note."""


class PlannedBar(NamedTuple):
    """One bar of a plan.

    Attributes:
        name: a name such as ``a`` or ``a'``.
        kind: what the plan asks of the bar.
        origin: section and number, from 0, of the bar that it copies, varies or moves; None if it
            is new.
    """

    name: str
    kind: BarKind
    origin: tuple[int, int] | None = None


@dataclass(frozen=True)
class Plan:
    """A plan of a tune.

    Attributes:
        names: the names of the bars of each section.
        ends: the scale degree, from 1, on which each section ends; 0 where it is left open. Missing
            values are filled with 0.
        bars: the planned bars of each section.

    Raises:
        InputError: there are more ends than sections.
    """

    names: tuple[tuple[str, ...], ...] = ()
    ends: tuple[int, ...] = ()
    bars: tuple[tuple[PlannedBar, ...], ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        left_open = len(self.names) - len(self.ends)
        if left_open < 0:
            raise InputError("the plan has more ends than sections")
        object.__setattr__(self, "ends", self.ends + (0,) * left_open)
        object.__setattr__(self, "bars", _bars(self.names))

    def at(self, section: int, bar: int) -> PlannedBar | None:
        """Return the planned bar ``bar`` of ``section``, both from 0; None outside the plan."""
        if section < len(self.bars) and 0 <= bar < len(self.bars[section]):
            return self.bars[section][bar]
        return None

    def places(self, name: str) -> list[tuple[int, int]]:
        """Return the section and number, both from 0, of each bar with this name."""
        return [
            (section, bar)
            for section, row in enumerate(self.names)
            for bar, one in enumerate(row)
            if one == name
        ]

    def end(self, section: int) -> int:
        """Return the scale degree on which ``section`` ends; 0 where it is left open."""
        return self.ends[section] if section < len(self.ends) else 0

    @property
    def lengths(self) -> tuple[int, ...]:
        """The number of bars of each section."""
        return tuple(map(len, self.names))

    def compact(self) -> str:
        """Return the plan as the model reads it: ``abacabad1/efegef'ad1``."""
        return "/".join(
            "".join(names) + (str(end) if end else "")
            for names, end in zip(self.names, self.ends, strict=True)
        )

    def __str__(self) -> str:
        """The plan as users see it: groups of four bars, a slash between sections."""
        return " / ".join(
            " ".join("".join(names[at : at + 4]) for at in range(0, len(names), 4))
            + (str(end) if end else "")
            for names, end in zip(self.names, self.ends, strict=True)
        )


@lru_cache(maxsize=4096)
def parse_plan(text: str) -> Plan:
    """Return the plan that ``text`` describes; blanks are ignored.

    Args:
        text: a plan such as ``abac abad / efeg ef'ad``.

    Raises:
        InputError: the text is not a plan; the message says where.
    """
    names: list[tuple[str, ...]] = []
    ends: list[int] = []
    for number, part in enumerate("".join(text.split()).split("/"), 1):
        match = _SECTION.fullmatch(part)
        if match is None:
            raise InputError(
                f"section {number} of the plan, {part[:40]!r}, is not one letter a bar: "
                'write a plan such as "abac abad / efeg ef\'ad"'
            )
        names.append(tuple(found.group() for found in _NAME.finditer(match[1])))
        ends.append(int(match[2] or 0))
    known: set[str] = set()
    for name in (name for section in names for name in section):
        if len(name) > 1 and name[0] not in known:
            raise InputError(f"the plan has {name} before any {name[0]}")
        known.add(name)
    return Plan(tuple(names), tuple(ends))


def _bars(names: Sequence[Sequence[str]]) -> tuple[tuple[PlannedBar, ...], ...]:
    places: dict[str, tuple[int, int]] = {}
    planned: list[tuple[PlannedBar, ...]] = []
    for section, row in enumerate(names):
        bars: list[PlannedBar] = []
        for bar, name in enumerate(row):
            if name in places:
                bars.append(PlannedBar(name, BarKind.COPY, places[name]))
            else:
                bars.append(PlannedBar(name, _kind(name), places.get(name[0])))
                places[name] = (section, bar)
        planned.append(tuple(bars))
    return tuple(planned)


def _kind(name: str) -> BarKind:
    """What the first bar with this name is."""
    if len(name) == 1:
        return BarKind.NEW
    return BarKind.VARIATION if name[1] == VARIED else BarKind.SEQUENCE
