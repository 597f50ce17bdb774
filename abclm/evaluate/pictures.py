"""The pictures of a report: SVG that takes its colours and letters from the page around it.

Matplotlib draws in colours that stand for others: each is replaced by a variable of the page's
style sheet, so that one picture is right on light and on dark paper.
"""

import io
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from abclm.model.history import EpochRow
from abclm.notation.sounding import SoundingNote

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_histogram", "draw_loss", "draw_roll", "pitch_name"]

_INK, _FAINT, _LINE, _ACCENT, _PAPER = "#010101", "#020202", "#030303", "#040404", "#050505"
_VARIABLES: Final = {
    _INK: "var(--ink)",
    _FAINT: "var(--faint)",
    _LINE: "var(--line)",
    _ACCENT: "var(--accent)",
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
_SHARPS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_E_STRING = 76
_BARS_IN_LINE, _MOST_LINES = 16, 4
_BARELY = 1e-6
_GAP = 0.012
"""Between two notes of one pitch, in bars."""
_WIDTH = 9.0
"""Of a picture, in inches of 72 points; the page scales it."""


def draw_loss(history: Sequence[EpochRow], label: str) -> str:
    """Bits per character over epochs, of training and of held-out tunes."""

    def draw(figure: "Figure") -> None:
        axes = _axes(figure, "epoch", "bits per character")
        epochs = [row.epoch for row in history]
        training = [row.train_bits_per_character for row in history]
        axes.plot(epochs, training, "--s", color=_FAINT, markersize=4, label="training tunes")
        held_out = [
            (row.epoch, row.held_out_bits_per_character)
            for row in history
            if row.held_out_bits_per_character is not None
        ]
        if held_out:
            at, bits = zip(*held_out, strict=True)
            axes.plot(at, bits, "-o", color=_ACCENT, markersize=5, label="held-out tunes")
        axes.locator_params(axis="x", integer=True)
        axes.legend(frameon=False, labelcolor=_INK)

    return _svg("loss", label, 3.2, draw)


def draw_histogram(
    name: str,
    ticks: Sequence[str],
    model: Sequence[float],
    real: Sequence[float],
    *,
    axis: str,
    label: str,
) -> str:
    """Shares of the notes: the model's as filled bars, those of real tunes as an outline.

    Args:
        name: of the picture, letters only.
        ticks: what each bar stands for; an empty text is not written.
        model: the share of each, 0 to 1.
        real: likewise.
        axis: what the bars stand for together.
        label: what a reader who does not see the picture is told.
    """

    def draw(figure: "Figure") -> None:
        axes = _axes(figure, axis, "% of the notes")
        places = range(len(ticks))
        percent = [100 * share for share in model]
        axes.bar(places, percent, 0.9, color=_ACCENT, alpha=0.55, label="the model")
        edges = [place - 0.5 for place in range(len(ticks) + 1)]
        outline = [100 * share for share in real]
        axes.stairs(outline, edges, color=_INK, linewidth=1.6, label="real tunes, held out")
        shown = [place for place in places if ticks[place]]
        axes.set_xticks(shown, [ticks[place] for place in shown])
        axes.set_xlim(-0.7, len(ticks) - 0.3)
        axes.legend(frameon=False, labelcolor=_INK)

    return _svg(name, label, 3.0, draw)


def draw_roll(notes: Sequence[SoundingNote], bar: float, pickup: float, label: str) -> str:
    """A piano roll as the tune is played, sixteen bars to a line, each with the pickup before it.

    Args:
        notes: of one voice, at least one.
        bar: how long a bar lasts, in whole notes.
        pickup: how long the pickup lasts, 0 without one.
        label: what a reader who does not see the picture is told.
    """
    played = [
        (float(note.onset) - pickup, float(note.duration), pitch)
        for note in notes
        for pitch in note.pitches
    ]
    length = bar * _BARS_IN_LINE
    last = max(onset for onset, _, _ in played)
    lines = min(_MOST_LINES, 1 + int((last + pickup + _BARELY) / length))
    low, high = min(pitch for _, _, pitch in played), max(pitch for _, _, pitch in played)

    def draw(figure: "Figure") -> None:
        all_axes = figure.subplots(lines, 1, squeeze=False)[:, 0]
        for number, axes in enumerate(all_axes):
            _tidy(axes)
            _draw_bars(axes, number * _BARS_IN_LINE, bar)
            begin = number * length - pickup
            axes.set_xlim(begin, begin + length)
            for onset, duration, pitch in played:
                if begin - _BARELY <= onset < begin + length - _BARELY:
                    box = (onset, duration - _GAP * bar), (pitch - 0.42, 0.84)
                    axes.broken_barh([box[0]], box[1], facecolors=_ACCENT)
            axes.set_ylim(low - 1.5, high + 1.5)
            axes.set_yticks(*_pitch_ticks(low, high))
        all_axes[-1].set_xlabel("bar, as it is played")

    return _svg("roll", label, 0.5 + 1.5 * lines, draw)


def pitch_name(pitch: int) -> str:
    """The name of a MIDI number: ``C4`` for 60."""
    return f"{_SHARPS[pitch % 12]}{pitch // 12 - 1}"


def _draw_bars(axes: "Axes", first: int, bar: float) -> None:
    """The bar lines of one line of the roll, and the numbers of its bars."""
    places = range(first, first + _BARS_IN_LINE)
    for place in places:
        # Four bars make a phrase, in nearly all of this music.
        axes.axvline(place * bar, color=_FAINT if place % 4 == 0 else _LINE, linewidth=0.8)
    axes.set_xticks([(place + 0.5) * bar for place in places], [str(1 + place) for place in places])
    axes.grid(visible=False, axis="x")
    axes.tick_params(axis="x", length=0)


def _pitch_ticks(low: int, high: int) -> tuple[list[int], list[str]]:
    """The open strings of a fiddle, which players of this music know best, and fifths beyond."""
    places = [pitch for pitch in range(_E_STRING % 7, 128, 7) if low - 1 <= pitch <= high + 1]
    return places, [pitch_name(pitch) for pitch in places]


def _axes(figure: "Figure", x: str, y: str) -> "Axes":
    axes = figure.subplots()
    _tidy(axes)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return axes


def _tidy(axes: "Axes") -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_FAINT)
    axes.tick_params(colors=_FAINT, labelcolor=_INK, length=3)
    axes.grid(visible=True, axis="y", color=_LINE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_color(_INK)
    axes.yaxis.label.set_color(_INK)


def _svg(name: str, label: str, height: float, draw: "Callable[[Figure], None]") -> str:
    """An ``<svg>`` element that is read out as ``label``; the same picture is the same text."""
    import matplotlib as mpl  # noqa: PLC0415 - half a second, for a report alone
    from matplotlib.figure import Figure  # noqa: PLC0415

    # The salt keeps the names inside one picture from those of another on the same page.
    settings = {"svg.fonttype": "none", "svg.hashsalt": name, "font.size": 10}
    with mpl.rc_context(settings):
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
