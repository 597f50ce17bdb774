"""The staves of a tune as part of a page: a fifth of what verovio writes for a file of its own.

The shapes of the music font are written once for a whole page, lines of a bar that have the same
width are one path, and only the groups that the player needs remain: bars and written notes.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from abclm.render.engrave.picture import join_pages

__all__ = ["compact_picture"]

_SVG: Final = "{http://www.w3.org/2000/svg}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_LINE: Final = re.compile(r"M(-?\d+) (-?\d+) L(-?\d+) (-?\d+)")
_PLACED: Final = re.compile(r"translate\(([-\d.]+), ([-\d.]+)\) scale\(([\d.]+), \3\)")
_STAFF_LINE: Final = "13"
"""The stroke width of staff lines, by which the page finds the place of a bar."""
_IGNORED: Final = {"defs", "desc", "style", "title"}
_EMPHASIS: Final = {
    **dict.fromkeys(("ending", "voltaBracket", "fing", "reh", "tempo"), "b"),
    **dict.fromkeys(("dir", "dynam", "mNum"), "i"),
}
"""The class of bold and of italic text."""
_ATTRIBUTES: Final = (
    *("x", "y", "cx", "cy", "r", "rx", "ry", "width", "height", "d", "points", "transform"),
    *("font-size", "font-style", "font-weight", "text-anchor", "fill", "stroke", "stroke-width"),
    *("stroke-dasharray", "stroke-linecap", "stroke-linejoin"),
)


def compact_picture(pages: Sequence[str], prefix: str, glyphs: dict[str, str]) -> str:
    """Return the pages of a tune, as verovio made them, as one SVG element for an HTML page.

    Bars are groups of the class ``m``, in order, and their staff lines paths of the class ``l``;
    each written note is a group with its id.

    Args:
        pages: the pages as SVG.
        prefix: the prefix of the ids of the notes.
        glyphs: takes the shapes of the music font, by id; they are shared by a whole page.
    """
    note = re.compile(rf"{re.escape(prefix)}-\d+-\d+")
    return join_pages([_Compacter(page, note, glyphs).picture() for page in pages])


class _Compacter:
    """Compacts one page.

    Args:
        page: the page as SVG.
        note: matches the id of a written note.
        glyphs: takes the shapes.
    """

    def __init__(self, page: str, note: re.Pattern[str], glyphs: dict[str, str]) -> None:
        # What verovio writes has neither entities nor a document type.
        self._root = fromstring(page)  # noqa: S314
        self._note = note
        self._glyphs = glyphs
        self._shapes = {
            shape.get("id", ""): "".join(_text(path) for path in shape)
            for shape in self._root.iterfind(f"{_SVG}defs/{_SVG}g")
        }

    def picture(self) -> str:
        """Return the page as an SVG element."""
        inner = self._root.find(f"{_SVG}svg")
        source = self._root if inner is None else inner
        result = Element("svg", {"viewBox": source.get("viewBox", "")})
        self._add_all(source, result, result, "")
        _join_lines(result)
        return tostring(result, encoding="unicode").replace(" />", "/>")

    def _add_all(
        self, source: Iterable[Element], parent: Element, bar: Element, emphasis: str
    ) -> None:
        for element in source:
            self._add(element, parent, bar, emphasis)

    def _add(self, element: Element, parent: Element, bar: Element, emphasis: str) -> None:
        """Add what is seen of ``element`` to ``parent``; its lines and beams go to ``bar``."""
        tag = element.tag.removeprefix(_SVG)
        if tag in _IGNORED:
            return
        if tag in {"g", "svg"}:
            self._add_group(element, parent, bar, emphasis)
        elif tag == "use":
            self._add_glyph(element, parent)
        elif tag == "text":
            _add_text(element, parent, emphasis)
        else:
            line = tag == "polygon" or _LINE.fullmatch(element.get("d", "")) is not None
            SubElement(bar if line else parent, tag, _attributes(element))

    def _add_group(self, group: Element, parent: Element, bar: Element, emphasis: str) -> None:
        kinds = group.get("class", "").split()
        if "placeholder" in kinds:
            return
        emphasis = next((_EMPHASIS[kind] for kind in kinds if kind in _EMPHASIS), emphasis)
        name = group.get("id", "")
        if "measure" in kinds:
            bar = parent = SubElement(parent, "g", {"class": "m"})
        elif self._note.fullmatch(name):
            parent = SubElement(parent, "g", {"id": name})
        elif group.get("transform"):
            bar = parent = SubElement(parent, "g", {"transform": group.get("transform", "")})
        self._add_all(group, parent, bar, emphasis)
        if "measure" in kinds:
            _join_lines(bar)

    def _add_glyph(self, use: Element, parent: Element) -> None:
        written = use.get(_LINK, "").removeprefix("#")
        placed = _PLACED.fullmatch(use.get("transform", ""))
        shape = self._shapes.get(written)
        if placed is None or shape is None:
            return
        x, y, scale = placed.groups()
        name = f"g-{written.partition('-')[0]}-{scale.removeprefix('0.')}"
        self._glyphs.setdefault(name, f'<g transform="scale({scale})">{shape}</g>')
        SubElement(parent, "use", {"href": f"#{name}", "x": _short(x), "y": _short(y)})


def _add_text(element: Element, parent: Element, emphasis: str) -> None:
    """Add a text with its spans."""
    attributes = _attributes(element) | ({"class": emphasis} if emphasis else {})
    added = SubElement(parent, element.tag.removeprefix(_SVG), attributes)
    added.text, added.tail = element.text, element.tail
    for span in element:
        if span.tag.removeprefix(_SVG) not in _IGNORED:
            _add_text(span, added, "")


def _join_lines(bar: Element) -> None:
    """Write the straight lines of ``bar`` as one path for each width, and its beams as another."""
    lines: dict[str, str] = {}
    beams = ""
    for element in list(bar):
        straight = _LINE.fullmatch(element.get("d", ""))
        if element.tag == "polygon":
            beams += _outline(element.get("points", ""))
        elif straight and element.attrib.keys() == {"d", "stroke-width"}:
            width = element.get("stroke-width", "")
            lines[width] = lines.get(width, "") + _stroke(*map(int, straight.groups()))
        else:
            continue
        bar.remove(element)
    for place, (width, shape) in enumerate(lines.items()):
        line = Element("path", {"d": shape, "stroke-width": width})
        if width == _STAFF_LINE:
            line.set("class", "l")
        bar.insert(place, line)
    if beams:
        SubElement(bar, "path", {"d": beams})


def _stroke(left: int, top: int, right: int, bottom: int) -> str:
    if top == bottom:
        return f"M{left} {top}h{right - left}"
    if left == right:
        return f"M{left} {top}v{bottom - top}"
    return f"M{left} {top}L{right} {bottom}"


def _outline(points: str) -> str:
    """Return a polygon as a path, each corner by its distance from the one before."""
    corners = [tuple(map(float, point.split(","))) for point in points.split()]
    path = f"M{corners[0][0]:g} {corners[0][1]:g}l" if corners else ""
    steps = [
        f"{x - before_x:g} {y - before_y:g}" for (before_x, before_y), (x, y) in pairwise(corners)
    ]
    return path + " ".join(steps).replace(" -", "-") + "z" * bool(corners)


def _attributes(element: Element) -> dict[str, str]:
    return {name: element.attrib[name] for name in _ATTRIBUTES if name in element.attrib}


def _short(number: str) -> str:
    """Return a number with at most one decimal."""
    return f"{round(float(number), 1):g}" if "." in number else number


def _text(element: Element) -> str:
    """Return a shape of the font without its namespace."""
    return tostring(Element(element.tag.removeprefix(_SVG), element.attrib), encoding="unicode")
