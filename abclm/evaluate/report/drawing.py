"""How the pictures of a report are drawn: SVG that takes its colours from the page around it.

Matplotlib draws in colours that stand for others: each is replaced by a variable of the page's
style sheet, so that one picture is right on light and on dark paper.
"""

import io
import re
import warnings
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ACCENT", "FAINT", "INK", "LINE", "make_axes", "svg", "tidy"]

INK, FAINT, LINE, ACCENT, _PAPER = "#010101", "#020202", "#030303", "#040404", "#050505"
_VARIABLES: Final = {
    INK: "var(--ink)",
    FAINT: "var(--faint)",
    LINE: "var(--line)",
    ACCENT: "var(--accent)",
    _PAPER: "var(--paper)",
}
_LEFT_OUT: Final = (
    re.compile(r"\A.*?(?=<svg)", re.DOTALL),
    re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL),
    # It would hold for the whole page.
    re.compile(r"<defs>\s*<style.*?</style>\s*</defs>\s*", re.DOTALL),
    # Names that come again in every picture.
    re.compile(r'(?<=<g) id="[^"]*"'),
    re.compile(r"font-family: [^;]*; "),
)
_WIDTH = 9.0
"""Of a picture, in inches of 72 points; the page scales it."""


def make_axes(figure: "Figure", x: str, y: str) -> "Axes":
    """The only axes of ``figure``, with what they stand for."""
    axes = figure.subplots()
    tidy(axes)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return axes


def tidy(axes: "Axes") -> None:
    """Leave out what says nothing, and colour the rest."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.tick_params(colors=FAINT, labelcolor=INK, length=3)
    axes.grid(visible=True, axis="y", color=LINE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)


def svg(name: str, label: str, height: float, draw: "Callable[[Figure], None]") -> str:
    """An ``<svg>`` element that is read out as ``label``; the same picture is the same text."""
    import matplotlib as mpl  # noqa: PLC0415 - half a second, for a report alone
    from matplotlib.figure import Figure  # noqa: PLC0415

    # The salt keeps the names inside one picture from those of another on the same page.
    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.size": 10,
        "text.parse_math": False,  # a checkpoint may be called $x
    }
    with mpl.rc_context(), warnings.catch_warnings():
        # The font is that of the page, whatever matplotlib's own lacks.
        warnings.filterwarnings("ignore", r"Glyph \d+")
        # A matplotlibrc in the folder that the user is in would hold, and could start LaTeX.
        mpl.rcdefaults()
        mpl.rcParams.update(settings)
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    picture = stream.getvalue()
    for pattern in _LEFT_OUT:
        picture = pattern.sub("", picture)
    for colour, variable in _VARIABLES.items():
        picture = picture.replace(colour, variable)
    return picture.strip().replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1)
