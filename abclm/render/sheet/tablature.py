"""The strip below a system that shows how to finger its notes, in verovio's units."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, NamedTuple

from abclm.render.sheet.drawing import (
    Drawing,
    Glyph,
    Mark,
    Outline,
    Text,
    circle,
    line,
)
from abclm.render.sheet.fingering import (
    OPEN_STRINGS,
    Stopped,
    Whistled,
    finger_of,
    fret_of,
    whistled,
)
from abclm.render.sheet.systems import System

__all__ = ["Strip", "tab_strip"]

_RADIUS: Final = 80.0
"""Of a hole of the whistle."""
_RING: Final = 14.0
"""The thickness of the line around an open hole."""
_HOLE_STEP: Final = 195.0
_HANDS: Final = 50.0
"""The gap between the holes of the left and of the right hand."""
_PLUS: Final = 70.0
"""Half the width of the plus sign below an overblown note."""
_STRING_STEP: Final = 225.0
_LABEL: Final = 330.0
"""The size of the numbers on strings."""
_THIN: Final = 12.0
_CAPITAL: Final = 0.66
"""The height of a number, as a share of the size of its font."""


class Strip(NamedTuple):
    """A strip of tablature.

    Attributes:
        drawing: its marks; its upper edge is at 0.
        height: how far down it reaches.
        missing: the number of notes that the instrument does not have.
    """

    drawing: Drawing
    height: float
    missing: int


def tab_strip(name: str, system: System, pitches: dict[str, int]) -> Strip:
    """Return the strip of a system.

    Args:
        name: the kind of tablature, one of `abclm.render.sheet.options.TABS`.
        system: the system.
        pitches: the pitches that are struck, by the id of the note.
    """
    if name == "whistle-D":
        return _whistle(system, pitches)
    return _strings(system, pitches, finger_of if name == "fiddle" else fret_of)


def _places(system: System, pitches: dict[str, int]) -> Iterator[tuple[float, int]]:
    """Yield the middle of the head of each struck note, and its pitch."""
    seen: set[str] = set()
    for name, box in system.notes.items():
        event = name.partition("_")[0]
        if event in pitches and event not in seen:
            seen.add(event)
            yield (box.left + box.right) / 2, pitches[event]


def _whistle(system: System, pitches: dict[str, int]) -> Strip:
    marks: list[Mark] = []
    missing = 0
    for x, pitch in _places(system, pitches):
        fingering = whistled(pitch)
        if fingering is None:
            missing += 1
            marks += _cross(x, _hole_y(0))
        else:
            marks += _column(x, fingering)
    return Strip(Drawing(tuple(marks)), _hole_y(5) + _RADIUS + 50 + 2 * _PLUS, missing)


def _column(x: float, fingering: Whistled) -> Iterator[Mark]:
    holes = _holes()
    for place, state in enumerate(fingering.holes):
        yield Glyph(holes[state], x, _hole_y(place))
    if fingering.overblown:
        y = _hole_y(5) + _RADIUS + 50 + _PLUS
        yield line(x - _PLUS, y, x + _PLUS, y, 2 * _THIN)
        yield line(x, y - _PLUS, x, y + _PLUS, 2 * _THIN)


def _hole_y(place: int) -> float:
    return _RADIUS + place * _HOLE_STEP + (_HANDS if place > 2 else 0.0)


def _cross(x: float, y: float) -> Iterator[Mark]:
    """Yield the sign for a note that the instrument does not have."""
    yield line(x - _PLUS, y - _PLUS, x + _PLUS, y + _PLUS, 1.5 * _THIN)
    yield line(x - _PLUS, y + _PLUS, x + _PLUS, y - _PLUS, 1.5 * _THIN)


@cache
def _holes() -> dict[str, Outline]:
    disc = circle(0, 0, _RADIUS)
    ring = (*disc, *circle(0, 0, _RADIUS - _RING, turn=-1))
    _, _, to_left, to_top, *_ = disc
    left = (("M", (0.0, _RADIUS)), to_left, to_top, ("Z", ()))
    return {
        "x": Outline.of("hole-closed", disc),
        "o": Outline.of("hole-open", ring),
        "h": Outline.of("hole-half", (*ring, *left)),
    }


def _strings(
    system: System, pitches: dict[str, int], place_of: Callable[[int], Stopped | None]
) -> Strip:
    marks: list[Mark] = []
    gaps: list[list[tuple[float, float]]] = [[] for _ in OPEN_STRINGS]
    missing = 0
    height = (len(OPEN_STRINGS) - 1) * _STRING_STEP
    for string, name in enumerate(OPEN_STRINGS):
        x = system.left + 0.3 * _LABEL
        marks.append(_label(name, x, string, "italic", 0.7 * _LABEL))
        gaps[string].append((system.left, x + 0.4 * _LABEL))
    for x, pitch in _places(system, pitches):
        place = place_of(pitch)
        if place is None:
            missing += 1
            marks += _cross(x, -_STRING_STEP / 2 + _top())
            continue
        marks.append(_label(place.label, x, place.string, "bold"))
        half = (0.05 + 0.32 * len(place.label)) * _LABEL
        gaps[place.string].append((x - half, x + half))
    for string, gap in enumerate(gaps):
        y = _top() + string * _STRING_STEP
        marks += (
            line(start, y, stop, y, _THIN)
            for start, stop in _between(gap, system.left, system.right)
        )
    marks += (line(x, _top(), x, _top() + height, 2 * _THIN) for x in system.bar_lines)
    return Strip(Drawing(tuple(marks)), _top() + height + 0.4 * _LABEL, missing)


def _top() -> float:
    """Where the highest string is: its numbers reach above it."""
    return 0.4 * _LABEL


def _label(text: str, x: float, string: int, style: str, size: float = _LABEL) -> Text:
    y = _top() + string * _STRING_STEP + _CAPITAL * size / 2
    return Text(text, x, y, size, style, "middle")


def _between(
    gaps: list[tuple[float, float]], left: float, right: float
) -> Iterator[tuple[float, float]]:
    """Yield the pieces of a line from ``left`` to ``right`` that are outside the ``gaps``."""
    for start, stop in sorted(gaps):
        if start > left:
            yield left, start
        left = max(left, stop)
    if right > left:
        yield left, right
