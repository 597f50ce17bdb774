"""The pictures of a report: the loss, histograms, and a piano roll."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from abclm.evaluate.report.drawing import ACCENT, FAINT, INK, LINE, make_axes, svg, tidy
from abclm.model.checkpoint.history import EpochRow
from abclm.notation.play.sounding import SoundingNote

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_histogram", "draw_loss", "draw_roll", "pitch_name"]

_SHARPS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_E_STRING = 76
"""The MIDI number of the highest open string of a fiddle."""
_BARS_IN_LINE, _MOST_LINES = 16, 4
"""Two sections of eight bars, and the lines that fit into a picture."""
_BARELY = 1e-6
"""Onsets are floats: that of a note after a bar line may lie just before it."""
_GAP = 0.012
"""The gap between two notes of the same pitch, in bars."""


def draw_loss(history: Sequence[EpochRow], label: str) -> str:
    """Draw the bits per character over the epochs, for training and held-out tunes."""

    def draw(figure: "Figure") -> None:
        axes = make_axes(figure, "epoch", "bits per character")
        epochs = [row.epoch for row in history]
        training = [row.train_bits_per_character for row in history]
        axes.plot(epochs, training, "--s", color=FAINT, markersize=4, label="training tunes")
        held_out = [
            (row.epoch, row.held_out_bits_per_character)
            for row in history
            if row.held_out_bits_per_character is not None
        ]
        if held_out:
            at, bits = zip(*held_out, strict=True)
            axes.plot(at, bits, "-o", color=ACCENT, markersize=5, label="held-out tunes")
        axes.locator_params(axis="x", integer=True)
        axes.legend(frameon=False, labelcolor=INK)

    return svg("loss", label, 3.2, draw)


def draw_histogram(
    name: str,
    ticks: Sequence[str],
    model: Sequence[float],
    real: Sequence[float],
    *,
    axis: str,
    label: str,
) -> str:
    """Draw shares of the notes: the model's as filled bars, those of real tunes as an outline.

    Args:
        name: the name of the picture, letters only.
        ticks: the label of each bar; an empty string for none.
        model: the share of each bar for the model, 0 to 1.
        real: the share of each bar for real tunes, 0 to 1.
        axis: the label of the axis.
        label: the alternative text.
    """

    def draw(figure: "Figure") -> None:
        axes = make_axes(figure, axis, "% of the notes")
        places = range(len(ticks))
        percent = [100 * share for share in model]
        axes.bar(places, percent, 0.9, color=ACCENT, alpha=0.55, label="the model")
        edges = [place - 0.5 for place in range(len(ticks) + 1)]
        outline = [100 * share for share in real]
        axes.stairs(outline, edges, color=INK, linewidth=1.6, label="real tunes, held out")
        shown = [place for place in places if ticks[place]]
        axes.set_xticks(shown, [ticks[place] for place in shown])
        axes.set_xlim(-0.7, len(ticks) - 0.3)
        axes.legend(frameon=False, labelcolor=INK)

    return svg(name, label, 3.0, draw)


def draw_roll(notes: Sequence[SoundingNote], bar: float, pickup: float, label: str) -> str:
    """Draw a piano roll of the tune as played, sixteen bars per line after their pickup.

    Args:
        notes: one or more notes of one voice.
        bar: the length of a bar, in whole notes.
        pickup: the length of the pickup, in whole notes; 0 without one.
        label: the alternative text.
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
            tidy(axes)
            _draw_bars(axes, number * _BARS_IN_LINE, bar)
            begin = number * length - pickup
            axes.set_xlim(begin, begin + length)
            for onset, duration, pitch in played:
                if begin - _BARELY <= onset < begin + length - _BARELY:
                    box = (onset, duration - _GAP * bar), (pitch - 0.42, 0.84)
                    axes.broken_barh([box[0]], box[1], facecolors=ACCENT)
            axes.set_ylim(low - 1.5, high + 1.5)
            axes.set_yticks(*_pitch_ticks(low, high))
        all_axes[-1].set_xlabel("bar, as it is played")

    return svg("roll", label, 0.5 + 1.5 * lines, draw)


def pitch_name(pitch: int) -> str:
    """Return the name of a MIDI pitch: ``C4`` for 60."""
    return f"{_SHARPS[pitch % 12]}{pitch // 12 - 1}"


def _draw_bars(axes: "Axes", first: int, bar: float) -> None:
    """Draw the bar lines of one line of the roll, and the numbers of its bars."""
    places = range(first, first + _BARS_IN_LINE)
    for place in places:
        # In nearly all of this music a phrase has four bars.
        axes.axvline(place * bar, color=FAINT if place % 4 == 0 else LINE, linewidth=0.8)
    axes.set_xticks([(place + 0.5) * bar for place in places], [str(1 + place) for place in places])
    axes.grid(visible=False, axis="x")
    axes.tick_params(axis="x", length=0)


def _pitch_ticks(low: int, high: int) -> tuple[list[int], list[str]]:
    """Return ticks at the open strings of a fiddle, familiar to players, and fifths beyond."""
    places = [pitch for pitch in range(_E_STRING % 7, 128, 7) if low - 1 <= pitch <= high + 1]
    return places, [pitch_name(pitch) for pitch in places]
