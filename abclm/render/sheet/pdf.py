"""Pages as a PDF file: glyphs and shapes as paths, text in embedded fonts, titles as bookmarks."""

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Final

from abclm.render.mark import MARK
from abclm.render.sheet.drawing import Command, Glyph, Outline, Placed, Shape, Text
from abclm.render.sheet.fonts import pieces, text_width
from abclm.render.sheet.sheet import Pages, SheetPage

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

__all__ = ["pdf_bytes"]

_OPERATORS: Final = {"M": "m", "L": "l", "C": "c", "Z": "h"}
_CAPS: Final = {"butt": 0, "round": 1, "square": 2}

_Line = tuple[float, str, tuple[float, ...]]
"""Width, cap and dashes of a line."""


def pdf_bytes(book: Pages, *, mark: bool = True) -> bytes:
    """Return the pages as a PDF file, always the same bytes for the same pages.

    Args:
        book: the pages.
        mark: whether its metadata name abclm.
    """
    from reportlab import rl_config  # noqa: PLC0415 - heavy
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    out = BytesIO()
    canvas = Canvas(out, pageCompression=1, invariant=1, initialFontName="Times-Roman")
    canvas.setTitle(book.title)
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setCreator(MARK if mark else "")
    names = {place: title for title, place in book.outline}
    writer = _Writer(canvas, names)
    for page in book.pages:
        writer.write(page)
    writer.write_glyphs()
    written_as_text = rl_config.useA85
    rl_config.useA85 = 0  # binary streams are a fifth smaller
    try:
        canvas.save()
    finally:
        rl_config.useA85 = written_as_text
    return out.getvalue()


class _Writer:
    """Writes page after page; y grows upwards in PDF."""

    def __init__(self, canvas: "Canvas", titles: dict[str, str]) -> None:
        self._canvas = canvas
        self._titles = titles
        self._used: dict[str, Outline] = {}
        self._height = 0.0

    def write(self, page: SheetPage) -> None:
        self._height = page.height
        self._canvas.setPageSize((page.width, page.height))
        for item in page.items:
            self._shapes(item)
            for mark in item.drawing.marks:
                if isinstance(mark, Glyph):
                    self._glyph(mark, item)
                elif isinstance(mark, Text):
                    self._text(mark, item)
        self._canvas.showPage()

    def write_glyphs(self) -> None:
        """Write each glyph that the pages use, once for the whole file."""
        for name, outline in sorted(self._used.items()):
            left, top, right, bottom = outline.box
            self._canvas.beginForm(name, left, top, right, bottom)
            self._literal(f"{_path(outline.commands)} f")
            self._canvas.endForm()

    def _shapes(self, item: Placed) -> None:
        """Draw the shapes of a drawing, all lines of one kind as a single path."""
        lines: dict[_Line, list[str]] = defaultdict(list)
        filled: dict[float, list[str]] = defaultdict(list)
        for mark in item.drawing.marks:
            if isinstance(mark, Shape):
                path = _path(mark.commands)
                if mark.filled:
                    filled[mark.width].append(path)
                else:
                    lines[mark.width, mark.cap, mark.dash].append(path)
        if not lines and not filled:
            return
        self._literal(f"q {self._matrix(item.scale, item.x, item.y)}")
        for (width, cap, dash), paths in lines.items():
            dashes = " ".join(map(_number, dash))
            self._literal(f"{_number(width)} w {_CAPS[cap]} J [{dashes}] 0 d {' '.join(paths)} S")
        for width, paths in filled.items():
            # Each path by itself: where two overlap there must be no hole.
            end = "b" if width else "f"
            self._literal(f"{_number(width)} w 0 J [] 0 d")
            self._literal("\n".join(f"{path} {end}" for path in paths))
        self._literal("Q")

    def _matrix(self, scale: float, x: float, y: float) -> str:
        """Return the matrix from the units of a drawing, whose y grows downwards, to the page."""
        return f"{scale:.6f} 0 0 {-scale:.6f} {_number(x)} {_number(self._height - y)} cm"

    def _glyph(self, glyph: Glyph, item: Placed) -> None:
        self._used.setdefault(glyph.outline.name, glyph.outline)
        x, y = item.x + item.scale * glyph.x, item.y + item.scale * glyph.y
        self._literal(f"q {self._matrix(item.scale * glyph.scale, x, y)}")
        self._canvas.doForm(glyph.outline.name)
        self._literal("Q")

    def _text(self, text: Text, item: Placed) -> None:
        size = text.size * item.scale
        width = text_width(text.text, size, text.style)
        x = (
            item.x
            + item.scale * text.x
            - {"start": 0, "middle": width / 2, "end": width}[text.anchor]
        )
        y = self._height - item.y - item.scale * text.y
        start = x
        for font, piece in pieces(text.text, text.style):
            self._canvas.setFont(font, size)
            self._canvas.drawString(x, y, piece)
            x += self._canvas.stringWidth(piece, font, size)
        if text.place:
            self._canvas.bookmarkHorizontal(text.place, 0, y + 2 * size)
            self._canvas.addOutlineEntry(self._titles[text.place], text.place)
        if text.target:
            self._canvas.linkRect("", text.target, (start, y - 0.3 * size, x, y + 0.9 * size))

    def _literal(self, code: str) -> None:
        self._canvas.addLiteral(code)


def _path(commands: Iterable[Command]) -> str:
    return " ".join(
        " ".join((*map(_number, numbers), _OPERATORS[step])) for step, numbers in commands
    )


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
