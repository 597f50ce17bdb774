"""The pictures in the musical part of a report."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from abclm.evaluate.apart.effects import Effect
from abclm.evaluate.report.drawing import ACCENT, FAINT, INK, make_axes, svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_effects", "draw_quarters"]

_STYLES: Final = {
    "model": ("-o", ACCENT),
    "human": ("-s", INK),
    "baseline": ("--^", FAINT),
}
"""Line and colour of each kind of row."""


def draw_quarters(rows: Mapping[str, tuple[str, Sequence[float]]], label: str) -> str:
    """Draw the share of tunes in their key, from the first quarter to the last.

    Args:
        rows: the kind of each row (`abclm.evaluate.rows.Row`) and its four shares, 0 to 1.
        label: the alternative text.
    """

    def draw(figure: "Figure") -> None:
        axes = make_axes(figure, "quarter of the tune", "% of the tunes in their key")
        for name, (kind, shares) in rows.items():
            line, colour = _STYLES[kind]
            percent = [100 * share for share in shares]
            axes.plot(range(1, 5), percent, line, color=colour, markersize=5, label=name)
        axes.set_xticks(range(1, 5))
        axes.set_ylim(0, 100)
        axes.legend(frameon=False, labelcolor=INK)

    return svg("quarters", label, 3.0, draw)


def draw_effects(effects: Sequence[Effect], label: str) -> str:
    """Draw the effect of each feature with its 95 % interval, the first at the top.

    Args:
        effects: one or more effects.
        label: the alternative text.
    """

    def draw(figure: "Figure") -> None:
        axes = make_axes(figure, "model minus real tunes, in standard deviations", "")
        places = range(len(effects), 0, -1)
        values = [each.effect for each in effects]
        errors = [
            [each.effect - each.low for each in effects],
            [each.high - each.effect for each in effects],
        ]
        axes.axvline(0, color=FAINT, linewidth=1)
        axes.errorbar(values, places, xerr=errors, fmt="o", color=ACCENT, ecolor=INK, markersize=5)
        axes.set_yticks(places, [each.feature for each in effects])

    return svg("effects", label, 0.8 + 0.24 * len(effects), draw)
