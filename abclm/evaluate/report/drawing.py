"""Drawing the pictures of a report: SVG that takes its colours from the page around it.

Matplotlib draws in placeholder colours; each is replaced by a variable of the page's style sheet,
so that one picture fits light and dark pages.
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
    # It would apply to the whole page.
    re.compile(r"<defs>\s*<style.*?</style>\s*</defs>\s*", re.DOTALL),
    # Ids that are the same in every picture.
    re.compile(r'(?<=<g) id="[^"]*"'),
    re.compile(r"font-family: [^;]*; "),
)
_WIDTH = 9.0
"""The width of a picture, in inches of 72 points; the page scales it."""


def make_axes(figure: "Figure", x: str, y: str) -> "Axes":
    """Return the only axes of ``figure``, with their labels."""
    axes = figure.subplots()
    tidy(axes)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return axes


def tidy(axes: "Axes") -> None:
    """Remove needless lines from the axes, and colour the rest."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.tick_params(colors=FAINT, labelcolor=INK, length=3)
    axes.grid(visible=True, axis="y", color=LINE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)


def svg(name: str, label: str, height: float, draw: "Callable[[Figure], None]") -> str:
    """Return an ``<svg>`` element with the accessible name ``label``; the text is reproducible."""
    import matplotlib as mpl  # noqa: PLC0415 - half a second, for a report alone
    from matplotlib.figure import Figure  # noqa: PLC0415

    # The salt keeps the ids of one picture apart from those of others on the same page.
    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.size": 10,
        "text.parse_math": False,  # a checkpoint may be called $x
    }
    with mpl.rc_context(), warnings.catch_warnings():
        # The text is set in the page's font, so glyphs missing from matplotlib's do not matter.
        warnings.filterwarnings("ignore", r"Glyph \d+")
        # A matplotlibrc in the user's current folder would apply, and could start LaTeX.
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
