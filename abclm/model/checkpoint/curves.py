"""`curves.svg`: loss and accuracy of each epoch of a training run, as a picture.

Drawn without a library, because it is drawn anew after each epoch. It has its own background and
colours, for light and dark screens.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

from abclm.model.checkpoint.history import EpochRow

__all__ = ["draw_curves"]

_SIZE: Final = (760, 300)
_TOP, _BOTTOM, _WIDTH = 60, 246, 300
_LEFTS: Final = (64, 444)
_MOST_TICKS: Final = 6
_STYLE: Final = """
text { font: 12px system-ui, sans-serif; }
.train, .held-out { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.train { stroke-dasharray: 5 4; }
text { fill: #1d1b18; }
.paper { fill: #fffdf8; }
.grid { stroke: #ddd6c8; }
.axis, .train { stroke: #6b655c; }
.held-out { stroke: #9a3412; }
.train-dot { fill: #6b655c; }
.held-out-dot { fill: #9a3412; }
@media (prefers-color-scheme: dark) {
  text { fill: #ece7df; }
  .paper { fill: #191817; }
  .grid { stroke: #3a3733; }
  .axis, .train { stroke: #a39b8e; }
  .held-out { stroke: #fb923c; }
  .train-dot { fill: #a39b8e; }
  .held-out-dot { fill: #fb923c; }
}
"""
"""The colours are those of the pages that abclm writes."""
_NAMES: Final = {"train": "training tunes", "held-out": "held-out tunes"}

_SHORT: Final = {"train": "training", "held-out": "held out"}

_Curves = Mapping[str, Sequence[tuple[int, float | None]]]
"""The epochs and values of each curve, by its class in the style sheet."""


class _Axis(NamedTuple):
    """A linear axis: its ticks, and the pixels of the first and the last one."""

    ticks: list[float]
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of ``value``."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.start + (value - low) / (high - low) * (self.end - self.start)


def draw_curves(history: Sequence[EpochRow], name: str) -> str:
    """Draw two panels, bits per character and accuracy, over the epochs.

    Args:
        history: one or more epochs; what was not measured is left out.
        name: the name of the checkpoint.

    Returns:
        An SVG document, the same for the same history.
    """
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)
    label = f"{shown}: loss and accuracy of each epoch, of training and held-out tunes"
    bits: _Curves = {
        "train": [(row.epoch, row.train_bits_per_character) for row in history],
        "held-out": [(row.epoch, row.held_out_bits_per_character) for row in history],
    }
    right: _Curves = {
        "train": [(row.epoch, _percent(row.train_accuracy)) for row in history],
        "held-out": [(row.epoch, _percent(row.held_out_accuracy)) for row in history],
    }
    width, height = _SIZE
    size = f'viewBox="0 0 {width} {height}" style="width:100%;max-width:{width}px;height:auto"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(label)}">',
        f"<title>{escape(label)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        *_legend(),
        *_panel(_LEFTS[0], "bits per character", bits),
        _summary(_LEFTS[0], bits, min, digits=3),
        *_panel(_LEFTS[1], "accuracy, %", right),
        _summary(_LEFTS[1], right, max, digits=1),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _summary(
    left: int, curves: _Curves, best_of: Callable[[Iterable[float]], float], *, digits: int
) -> str:
    """Return a line with the last value of each curve, and the best held-out one with its epoch."""
    shown: list[str] = []
    for kind, points in curves.items():
        known = _known(points)
        if not known:
            continue
        words = f"{_SHORT[kind]} {known[-1][1]:.{digits}f}"
        best = best_of(value for _, value in known)
        if kind == "held-out" and best != known[-1][1]:
            epoch = next(epoch for epoch, value in known if value == best)
            words += f", best {best:.{digits}f} in epoch {epoch}"
        shown.append(words)
    return _text(left, 46, "; ".join(shown), "start")


def _legend() -> Iterator[str]:
    for place, (kind, name) in enumerate(_NAMES.items()):
        left = _LEFTS[0] + 150 * place
        yield f'<path class="{kind}" d="M{left} 18h28"/>'
        yield f'<text x="{left + 36}" y="22">{name}</text>'


def _panel(left: int, label: str, curves: _Curves) -> Iterator[str]:
    """The elements of a panel: grid, ticks, labels, curves."""
    shown = {kind: _known(points) for kind, points in curves.items()}
    epochs = [epoch for points in curves.values() for epoch, _ in points]
    values = [value for points in shown.values() for _, value in points]
    x = _Axis(_ticks(min(epochs), max(epochs), whole=True), left, left + _WIDTH)
    y = _Axis(_ticks(min(values, default=0), max(values, default=1)), _BOTTOM, _TOP)
    for tick in y.ticks:
        yield f'<path class="grid" d="M{left} {y.at(tick):.1f}h{_WIDTH}"/>'
        yield _text(left - 8, y.at(tick) + 4, f"{tick:g}", "end")
    for tick in x.ticks:
        yield f'<path class="axis" d="M{x.at(tick):.1f} {_BOTTOM}v4"/>'
        yield _text(x.at(tick), _BOTTOM + 18, f"{tick:g}")
    yield f'<path class="axis" d="M{left} {_BOTTOM}h{_WIDTH}"/>'
    yield _text(left + _WIDTH / 2, _BOTTOM + 38, "epoch")
    middle = (_TOP + _BOTTOM) / 2
    yield (
        f'<text transform="translate({left - 46} {middle:g}) rotate(-90)" text-anchor="middle">'
        f"{label}</text>"
    )
    if not values:
        yield _text(left + _WIDTH / 2, middle, "not measured")
    for kind, points in shown.items():
        places = [f"{x.at(epoch):.1f} {y.at(value):.1f}" for epoch, value in points]
        if places:
            yield f'<path class="{kind}" d="M{"L".join(places)}"/>'
        for place in places:
            across, down = place.split()
            yield f'<circle class="{kind}-dot" cx="{across}" cy="{down}" r="2.5"/>'


def _known(points: Sequence[tuple[int, float | None]]) -> list[tuple[int, float]]:
    """The points that were measured."""
    return [(epoch, value) for epoch, value in points if value is not None and math.isfinite(value)]


def _ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Round numbers, at most `_MOST_TICKS`, from ``low`` or below to ``high`` or above.

    Args:
        low: the lowest value.
        high: the highest value.
        whole: whether only whole numbers make sense.
    """
    span = (high - low) or max(1.0 if whole else 0.1 * abs(high), 1e-3)
    power = 10.0 ** math.floor(math.log10(span / _MOST_TICKS))
    steps = [factor * power for factor in (1, 2, 5, 10, 20, 50)]
    for step in (max(step, 1.0) if whole else step for step in steps):
        first, last = math.floor(low / step), math.ceil(high / step)
        last = max(last, first + 1)
        if last - first < _MOST_TICKS:
            return [number * step for number in range(first, last + 1)]
    raise AssertionError("the last step is longer than the span")


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
