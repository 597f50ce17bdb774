"""verovio's SVG as systems, each a drawing with the places of its staves and notes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, fromstring

from abclm.render.sheet.drawing import (
    Box,
    Command,
    Drawing,
    Glyph,
    Mark,
    Outline,
    Shape,
    Text,
    circle,
    rectangle,
)
from abclm.render.sheet.svg_path import read_path

__all__ = ["STAFF_HEIGHT", "System", "read_systems"]

STAFF_HEIGHT: Final = 720.0
"""The height of a staff of five lines, in verovio's units."""

_SVG: Final = "{http://www.w3.org/2000/svg}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_TRANSFORM: Final = re.compile(r"translate\(([-\d.]+),? ([-\d.]+)\)(?: scale\(([-\d.]+))?")
_STYLES: Final = {
    **dict.fromkeys(("ending", "fing", "reh", "tempo"), "bold"),
    **dict.fromkeys(("dir", "dynam", "mNum"), "italic"),
}
"""The style of text by the class of its group, as in verovio's own stylesheet."""
_LINE_WIDTH: Final = 13.0
"""The default width of lines, in verovio's units."""


@dataclass(frozen=True)
class System:
    """One line of music, of all its staves.

    Attributes:
        drawing: its marks.
        left, right: where its staves begin and end.
        top, bottom: the top line of its first staff and the bottom line of its last one.
        notes: the box of each note head, by the id of the note.
        bar_lines: where bars end on the first staff.
    """

    drawing: Drawing
    left: float
    right: float
    top: float
    bottom: float
    notes: dict[str, Box]
    bar_lines: tuple[float, ...]


def read_systems(svg: str, *, closed: bool = True) -> list[System]:
    """Return the systems of a page that verovio engraved, from top to bottom.

    Args:
        svg: the page.
        closed: whether to draw the bar line at the end of a system; without, the music goes on.

    Raises:
        ValueError: it is not such a page.
    """
    root = fromstring(svg)  # noqa: S314 - verovio wrote it, and it has no doctype
    glyphs = {group.attrib["id"]: _outline(group) for group in root.iterfind(f"{_SVG}defs/{_SVG}g")}
    return [
        _Reader(glyphs, closed=closed).read(group)
        for group in root.iter(f"{_SVG}g")
        if group.get("class") == "system"
    ]


_known: dict[str, Outline] = {}
"""The glyphs read so far: the music font has the same ones in every tune."""


def _outline(group: Element) -> Outline:
    name = group.attrib["id"].partition("-")[0]
    if name not in _known:
        path = group.find(f"{_SVG}path")
        data = "" if path is None else path.attrib["d"]
        _known[name] = Outline.of(name, read_path(data, flip=True))
    return _known[name]


class _Reader:
    """Reads the elements of one system."""

    def __init__(self, glyphs: dict[str, Outline], *, closed: bool) -> None:
        self._glyphs = glyphs
        self._closed = closed
        self._marks: list[Mark] = []
        self._lines: list[Box] = []
        self._notes: dict[str, Box] = {}
        self._bar_lines: list[float] = []
        self._last_bar_line = slice(0)

    def read(self, group: Element) -> System:
        self._read(group, "", "")
        if not self._closed:
            del self._marks[self._last_bar_line]
        lines = Box.around(self._lines)
        return System(
            Drawing(tuple(self._marks)),
            lines.left,
            lines.right,
            lines.top,
            lines.bottom,
            self._notes,
            tuple(self._bar_lines),
        )

    def _read(self, parent: Element, style: str, note: str) -> None:
        """Read a group: ``style`` is that of its text, ``note`` the id of the note around it."""
        kinds = (parent.get("class") or "").split()
        if "placeholder" in kinds:
            return
        style = next((_STYLES[kind] for kind in kinds if kind in _STYLES), style)
        note = parent.get("id", "") if "note" in kinds else note
        first = len(self._marks)
        for child in parent:
            if child.tag == f"{_SVG}g":
                self._read(child, style, note)
                continue
            drawn = self._marks_of(child, style)
            self._marks += drawn
            if "staff" in kinds:
                self._lines += (mark.box for mark in drawn)
        self._remember(kinds, note, first)

    def _remember(self, kinds: list[str], note: str, first: int) -> None:
        """Remember where a group is; its marks are those from ``first`` on."""
        if "notehead" in kinds and len(self._marks) > first:
            self._notes.setdefault(note, self._marks[first].box)
        elif "barLine" in kinds:
            self._last_bar_line = slice(first, len(self._marks))
            box = Box.around(mark.box for mark in self._marks[first:] if isinstance(mark, Shape))
            self._bar_lines.append((box.left + box.right) / 2)

    def _marks_of(self, element: Element, style: str) -> Sequence[Mark]:
        """Return what an element draws."""
        tag = element.tag.removeprefix(_SVG)
        if tag == "text":
            return tuple(_texts(element, style))
        if tag == "use":
            return (self._glyph(element),)
        shape = _shape(tag, element)
        return () if shape is None else (shape,)

    def _glyph(self, use: Element) -> Glyph:
        match = _TRANSFORM.match(use.get("transform", ""))
        x, y, scale = match.groups() if match else ("0", "0", "1")
        outline = self._glyphs[use.attrib[_LINK].removeprefix("#")]
        return Glyph(outline, float(x), float(y), float(scale or 1))


def _shape(tag: str, element: Element) -> Shape | None:
    """Return a shape that is not text; None for an element that draws nothing."""
    width = float(element.get("stroke-width", "0"))
    if tag == "path":
        commands = read_path(element.attrib["d"])
        curved = any(step == "C" for step, _ in commands)
        dash = tuple(map(float, element.get("stroke-dasharray", "").replace(",", " ").split()))
        filled = curved and element.get("fill") != "none"
        cap = element.get("stroke-linecap", "butt")
        return Shape(commands, width or _LINE_WIDTH, filled=filled, cap=cap, dash=dash)
    if tag in {"polygon", "polyline"}:
        numbers = [float(one) for one in element.attrib["points"].replace(",", " ").split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        steps: list[Command] = [("L" if place else "M", one) for place, one in enumerate(points)]
        filled = element.get("fill") != "none"
        if tag == "polygon":
            steps.append(("Z", ()))
        cap = element.get("stroke-linecap", "butt")
        return Shape(tuple(steps), width, filled=filled, cap=cap)
    if tag == "rect":
        x, y, wide, high = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
        return rectangle(x, y, wide, high)
    if tag == "ellipse":
        x, y, radius, height = (float(element.attrib[name]) for name in ("cx", "cy", "rx", "ry"))
        return Shape(circle(x, y, radius, height=height))
    return None


def _texts(element: Element, style: str) -> Iterator[Text]:
    """Yield the text of an element; several pieces of one are joined, in the size of the first."""
    pieces = [
        (span.text, float((span.get("font-size") or "0").removesuffix("px")))
        for span in element.iter(f"{_SVG}tspan")
        if span.text and span.text.strip()
    ]
    if not pieces or "x" not in element.attrib:
        return
    text = "".join(piece for piece, _ in pieces)
    size = next((size for _, size in pieces if size), 405.0)
    anchor = element.get("text-anchor", "start")
    yield Text(text, float(element.attrib["x"]), float(element.attrib["y"]), size, style, anchor)
