"""Pages as SVG files: the same drawings, with text in the fonts of whoever looks at them."""

from collections.abc import Iterable
from html import escape
from typing import Final

from abclm.render.mark import MARK
from abclm.render.sheet.drawing import Command, Glyph, Mark, Outline, Placed, Shape
from abclm.render.sheet.fonts import FAMILIES
from abclm.render.sheet.sheet import SheetPage

__all__ = ["svg_text"]

_STYLES: Final = {"bold": ' font-weight="bold"', "italic": ' font-style="italic"'}


def svg_text(page: SheetPage, title: str, *, mark: bool = True) -> str:
    """Return a page as an SVG file.

    Args:
        page: the page.
        title: the title of the file.
        mark: whether its metadata name abclm.
    """
    outlines = {
        one.outline.name: one.outline
        for item in page.items
        for one in item.drawing.marks
        if isinstance(one, Glyph)
    }
    width, height = _number(page.width), _number(page.height)
    size = f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FAMILIES[""]}">',
            f"<title>{escape(title)}</title>",
            *([f"<metadata>{MARK}</metadata>"] if mark else []),
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *(["<defs>", *map(_definition, outlines.values()), "</defs>"] if outlines else []),
            *(_group(item) for item in page.items),
            "</svg>",
            "",
        ]
    )


def _definition(outline: Outline) -> str:
    return f'<path id="{outline.name}" d="{_path(outline.commands)}"/>'


def _group(item: Placed) -> str:
    place = f"translate({_number(item.x)} {_number(item.y)})"
    scale = f" scale({item.scale:.6g})" if item.scale != 1 else ""
    marks = "".join(map(_element, item.drawing.marks))
    return f'<g transform="{place}{scale}">{marks}</g>'


def _element(mark: Mark) -> str:
    if isinstance(mark, Glyph):
        place = f"translate({_number(mark.x)} {_number(mark.y)})"
        scale = f" scale({mark.scale:g})" if mark.scale != 1 else ""
        return f'<use href="#{mark.outline.name}" transform="{place}{scale}"/>'
    if isinstance(mark, Shape):
        return _shape(mark)
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    style = _STYLES.get(mark.style, "")
    if mark.style == "mono":
        style = f' font-family="{FAMILIES["mono"]}" xml:space="preserve"'
    place = f'x="{_number(mark.x)}" y="{_number(mark.y)}" font-size="{_number(mark.size)}"'
    return f"<text {place}{style}{anchor}>{escape(mark.text)}</text>"


def _shape(shape: Shape) -> str:
    fill = "" if shape.filled else ' fill="none"'
    line = f' stroke="black" stroke-width="{_number(shape.width)}"' if shape.width else ""
    cap = f' stroke-linecap="{shape.cap}"' if shape.cap != "butt" else ""
    dash = f' stroke-dasharray="{" ".join(map(_number, shape.dash))}"' if shape.dash else ""
    return f'<path d="{_path(shape.commands)}"{fill}{line}{cap}{dash}/>'


def _path(commands: Iterable[Command]) -> str:
    return "".join(step + " ".join(map(_number, numbers)) for step, numbers in commands)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
