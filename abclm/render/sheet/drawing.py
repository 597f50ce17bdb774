"""What a page is drawn with: shapes, glyphs of the music font and text, all of them black.

Coordinates grow to the right and downwards. Those of a `Drawing` are in its own units; placing it
on a page scales them to points (1/72 inch).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

__all__ = [
    "EMPTY",
    "Box",
    "Command",
    "Drawing",
    "Glyph",
    "Mark",
    "Outline",
    "Placed",
    "Shape",
    "Text",
    "circle",
    "line",
    "rectangle",
]

Command = tuple[str, tuple[float, ...]]
"""A step of a path with absolute coordinates: M and L with 2 numbers, C with 6, Z with none."""

_ROUND: Final = 4 / 3 * (math.sqrt(2) - 1)
"""Where the control points of a quarter circle of radius 1 stand."""
_ASCENT: Final = 0.75
_DESCENT: Final = 0.25
"""How far text reaches above and below its baseline, as a share of its size."""


class Box(NamedTuple):
    """The smallest upright rectangle around something."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, boxes: Iterable["Box"]) -> "Box":
        """Return the box around ``boxes``; an empty one at 0, 0 if there are none."""
        known = list(boxes)
        if not known:
            return cls(0.0, 0.0, 0.0, 0.0)
        lefts, tops, rights, bottoms = zip(*known, strict=True)
        return cls(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(frozen=True, slots=True)
class Shape:
    """A path: filled, or a line of ``width`` along it.

    Attributes:
        commands: the steps of the path.
        width: of the line, which is also drawn around a filled path; 0 for none.
        filled: whether the inside is black.
        cap: how a line ends: ``butt``, ``round`` or ``square``.
        dash: the lengths of dashes and gaps; empty for a whole line.
    """

    commands: tuple[Command, ...]
    width: float = 0.0
    filled: bool = True
    cap: str = "butt"
    dash: tuple[float, ...] = ()

    @property
    def box(self) -> Box:
        """The box around its points; curves stay within those of their control points."""
        return _box_of(self.commands, self.width / 2)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A filled path that is drawn many times.

    Attributes:
        name: its name, unique on a page.
        commands: the steps of the path.
        box: the box around it.
    """

    name: str
    commands: tuple[Command, ...]
    box: Box

    @classmethod
    def of(cls, name: str, commands: tuple[Command, ...]) -> "Outline":
        """Return the outline of ``commands``."""
        return cls(name, commands, _box_of(commands, 0.0))


@dataclass(frozen=True, slots=True)
class Glyph:
    """An outline at a place, enlarged by ``scale``."""

    outline: Outline
    x: float
    y: float
    scale: float = 1.0

    @property
    def box(self) -> Box:
        """The box around it."""
        left, top, right, bottom = (self.scale * side for side in self.outline.box)
        return Box(self.x + left, self.y + top, self.x + right, self.y + bottom)


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text.

    Attributes:
        text: the characters.
        x, y: where it is anchored, on the baseline.
        size: of the font.
        style: empty, ``bold``, ``italic`` or ``mono``.
        anchor: which of its points is at ``x``: ``start``, ``middle`` or ``end``.
        target: the name of the place that it leads to when it is clicked; empty if none.
        place: the name of the place that begins here, for links; empty if none.
    """

    text: str
    x: float
    y: float
    size: float
    style: str = ""
    anchor: str = "start"
    target: str = ""
    place: str = ""

    @property
    def box(self) -> Box:
        """The box around its height; its width depends on the font."""
        return Box(self.x, self.y - _ASCENT * self.size, self.x, self.y + _DESCENT * self.size)


Mark = Shape | Glyph | Text


@dataclass(frozen=True)
class Drawing:
    """Marks that belong together."""

    marks: tuple[Mark, ...]

    @cached_property
    def box(self) -> Box:
        """The box around all marks."""
        return Box.around(mark.box for mark in self.marks)


EMPTY: Final = Drawing(())


class Placed(NamedTuple):
    """A drawing on a page: its origin in points, and the points of one of its units."""

    drawing: Drawing
    x: float
    y: float
    scale: float = 1.0


def line(x: float, y: float, to_x: float, to_y: float, width: float) -> Shape:
    """Return a straight line."""
    return Shape((("M", (x, y)), ("L", (to_x, to_y))), width, filled=False)


def rectangle(x: float, y: float, width: float, height: float) -> Shape:
    """Return a filled rectangle by its upper left corner."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    steps = [("L" if index else "M", corner) for index, corner in enumerate(corners)]
    return Shape((*steps, ("Z", ())))


def circle(
    x: float, y: float, radius: float, *, height: float | None = None, turn: int = 1
) -> tuple[Command, ...]:
    """Return the path of a circle, or of an ellipse with half the ``height``.

    With ``turn`` -1 it runs the other way round: inside another circle it is a hole.
    """
    tall = turn * (radius if height is None else height)
    near, high = _ROUND * radius, _ROUND * tall
    return (
        ("M", (x + radius, y)),
        ("C", (x + radius, y + high, x + near, y + tall, x, y + tall)),
        ("C", (x - near, y + tall, x - radius, y + high, x - radius, y)),
        ("C", (x - radius, y - high, x - near, y - tall, x, y - tall)),
        ("C", (x + near, y - tall, x + radius, y - high, x + radius, y)),
        ("Z", ()),
    )


def _box_of(commands: tuple[Command, ...], margin: float) -> Box:
    xs = [x for _, numbers in commands for x in numbers[::2]] or [0.0]
    ys = [y for _, numbers in commands for y in numbers[1::2]] or [0.0]
    return Box(min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin)
