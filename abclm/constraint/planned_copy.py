"""The earlier bar that a plan repeats, note for note, where it fits."""

import re
from typing import Final

from abclm.constraint.nodes import Nodes
from abclm.notation.cursor.bar_memory import BarMemory
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan import BarKind, Plan

__all__ = ["planned_copy"]

_BAR_ENDS: Final = frozenset("|:")
_FIELDS: Final = re.compile(r"\A(?:\[[A-Za-z]:[^]]*\])+")
"""Fields at the start of a bar, which are still in force."""


def planned_copy(nodes: Nodes, cursor: Cursor, memory: BarMemory, plan: Plan) -> str:
    """The music of the bar that begins at ``cursor`` if it is planned as a copy, else empty.

    Also empty if that bar does not fit here: at the end of a section with a pickup it would be too
    long.
    """
    section, number, ending = memory.place
    planned = None if ending or not memory.begins else plan.at(section, number)
    if planned is None or planned.kind is not BarKind.COPY or planned.origin is None:
        return ""
    bar = memory.done.get((*planned.origin, 0))
    music = "" if bar is None else _FIELDS.sub("", bar.text)
    end = nodes.through(cursor, music) if music else None
    if end is None or _BAR_ENDS.isdisjoint(nodes.at(end).successors):
        return ""
    return music
