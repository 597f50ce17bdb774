"""The fonts of the text on a page, which stand in matplotlib's package, and its width in them.

STIX has the widths of Times, by which verovio places text. A character that it lacks is taken from
DejaVu Sans.
"""

import importlib.util
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from abclm.errors import MissingExtraError

__all__ = ["FAMILIES", "lacking", "pieces", "require_reportlab", "text_width"]

_FILES: Final = {
    "": "STIXGeneral.ttf",
    "bold": "STIXGeneralBol.ttf",
    "italic": "STIXGeneralItalic.ttf",
    "mono": "DejaVuSansMono.ttf",
    "other": "DejaVuSans.ttf",
}
_BOX: Final = "□"
FAMILIES: Final = {
    "mono": "DejaVu Sans Mono, Menlo, Consolas, monospace",
    "": "STIXGeneral, STIX Two Text, Times New Roman, Times, serif",
}
"""The families to look for where fonts are not embedded; those of ``""`` for all other styles."""


def require_reportlab(command: str) -> None:
    """Check that reportlab is installed.

    Raises:
        MissingExtraError: it is not; ``command`` names what needs it.
    """
    if importlib.util.find_spec("reportlab") is None:
        raise MissingExtraError(command, "reportlab", "score")


def pieces(text: str, style: str) -> Iterator[tuple[str, str]]:
    """Yield ``text`` in pieces of one font, each with the name of the font in reportlab.

    A character that no font has becomes a box.
    """
    has, has_other = _characters(style), _characters("other")
    known = "".join(one if ord(one) in has or ord(one) in has_other else _BOX for one in text)
    for is_other, piece in groupby(known, lambda one: ord(one) not in has):
        yield _register("other" if is_other else style), "".join(piece)


def lacking(text: str) -> str:
    """Return the characters of ``text`` that no font has, each once."""
    has = _characters("") | _characters("other")
    return "".join(dict.fromkeys(one for one in text if ord(one) not in has))


def text_width(text: str, size: float, style: str = "") -> float:
    """Return the width of ``text`` in the unit of ``size``."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415 - heavy

    return sum(float(stringWidth(piece, font, size)) for font, piece in pieces(text, style))


@cache
def _characters(style: str) -> frozenset[int]:
    from reportlab.pdfbase.pdfmetrics import getFont  # noqa: PLC0415

    return frozenset(getFont(_register(style)).face.charToGlyph)


@cache
def _register(style: str) -> str:
    """Make a font known to reportlab, and return its name there."""
    from reportlab.pdfbase.pdfmetrics import registerFont  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    name = f"abclm-{style or 'roman'}"
    registerFont(TTFont(name, str(_folder() / _FILES[style])))
    return name


def _folder() -> Path:
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise MissingExtraError("abclm sheet", "matplotlib", "score")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
