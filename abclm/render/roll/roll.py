"""A tune as a piano roll: an SVG picture with time to the right and pitch upwards."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape
from typing import Final

from abclm.notation.play.clock import struck
from abclm.notation.play.sounding import PlayedBar, PlayedVoice, perform
from abclm.notation.syntax.chord_symbols import is_no_chord, parse_chord_symbol
from abclm.notation.syntax.source import unescape_text
from abclm.notation.tune.music import Event, Overlay, Tune
from abclm.render.engrave.mei_values import plain_text
from abclm.render.mark import MARK
from abclm.render.midi.score import check_size
from abclm.render.roll.colours import colour_class, style
from abclm.render.roll.grid import LEFT, Scale, chord_names, grid, scale_of
from abclm.render.roll.rows import Row, rows_of

__all__ = ["roll_svg"]

_WIDTH: Final = 1200
_RIGHT: Final = 16
"""Pixels; the music is as wide as what is between the margins."""
_HEADING: Final = 52
_LEGEND: Final = 20
_BELOW: Final = 8


def roll_svg(tune: Tune, *, swing: bool = False, mark: bool = True) -> str:
    """Return the piano roll of ``tune`` as the text of an SVG file, as it is played, with repeats.

    The music is cut into rows of whole bars, eight in most meters. Each voice has its colour;
    light and dark surroundings have colours of their own. Chord symbols stand above as text.

    Args:
        tune: the tune.
        swing: whether even eighth notes of hornpipes are drawn two to one.
        mark: whether the metadata say that abclm wrote it.

    Raises:
        RenderError: the tune has no notes or too many.
    """
    voices = perform(tune, swing=swing)
    check_size(tune, voices)
    notes = [[span for note in voice.notes for span in struck(note)] for voice in voices]
    lead = next(voice for voice in voices if voice.bars)
    rows, whole = rows_of(lead.bars, _end(voices), _WIDTH - LEFT - _RIGHT)
    chords = sorted(chord for voice in voices for chord in _chords(voice.bars))
    top = _HEADING + _LEGEND * (len(voices) > 1)
    pitches = [pitch for spans in notes for *_, pitch in spans]
    scale = scale_of(pitches, whole, top, chords=bool(chords))
    parts = [*_heading(tune), *_legend(voices)]
    for place, row in enumerate(rows):
        parts.append(f'<g transform="translate(0 {scale.row_top(place)})">')
        parts += [*grid(row, scale), *chord_names(row, scale, chords), "</g>"]
    for number, spans in enumerate(notes):
        parts.append(f'<g class="{colour_class(number)}">')
        parts += [*_rectangles(spans, rows, scale), "</g>"]
    height = scale.row_top(len(rows) - 1) + scale.height + _BELOW
    return _file(tune, parts, height, mark=mark)


def _file(tune: Tune, parts: Sequence[str], height: int, *, mark: bool) -> str:
    title = _text(tune.title) or "untitled"
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="Piano roll of {title}">'
    )
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            opening,
            f"<title>{title}</title>",
            *([f"<metadata>{MARK}</metadata>"] if mark else []),
            f"<style>{style()}</style>",
            f'<rect class="paper" width="{_WIDTH}" height="{height}"/>',
            *parts,
            "</svg>\n",
        )
    )


def _text(value: str) -> str:
    return escape(plain_text(unescape_text(value)))


def _heading(tune: Tune) -> Iterator[str]:
    yield f'<text x="{LEFT}" y="32" font-size="20" font-weight="600">{_text(tune.title)}</text>'
    composer = tune.value("C")
    if composer:
        yield (
            f'<text class="faint" x="{_WIDTH - _RIGHT}" y="32" font-size="13" '
            f'text-anchor="end">{_text(composer)}</text>'
        )


def _legend(voices: Sequence[PlayedVoice]) -> Iterator[str]:
    """The colours with the names of the voices, if there are several."""
    if len(voices) < 2:
        return
    width = min(160, (_WIDTH - LEFT - _RIGHT) // len(voices))
    for number, voice in enumerate(voices):
        x = LEFT + number * width
        name = _text((voice.name or f"Voice {number + 1}")[: width // 8])
        yield (
            f'<rect class="{colour_class(number)}" x="{x}" y="50" width="14" height="10" rx="2"/>'
            f'<text x="{x + 20}" y="59" font-size="12">{name}</text>'
        )


def _end(voices: Sequence[PlayedVoice]) -> Fraction:
    bars = [bar for voice in voices for bar in voice.bars[-1:]]
    notes = [note for voice in voices for note in voice.notes]
    return max(
        *(bar.onset + bar.bar.duration for bar in bars),
        *(note.onset + note.duration for note in notes),
    )


def _rectangles(
    spans: Sequence[tuple[Fraction, Fraction, int]], rows: Sequence[Row], scale: Scale
) -> Iterator[str]:
    """Yield each note as a rectangle, once for each row that it is in."""
    starts = [row.start for row in rows]
    for start, end, pitch in spans:
        for place in range(bisect_right(starts, start) - 1, bisect_left(starts, end)):
            row = rows[place]
            left, right = scale.x(row, max(start, row.start)), scale.x(row, min(end, row.end))
            yield (
                f'<rect x="{left:g}" y="{scale.row_top(place) + scale.y(pitch)}" '
                f'width="{max(1.5, right - left - 1):g}" height="{scale.semitone - 1}" rx="2"/>'
            )


def _chords(bars: Sequence[PlayedBar]) -> Iterator[tuple[Fraction, str]]:
    """Yield each chord symbol as it comes, with its moment."""
    for played in bars:
        now = played.onset
        for item in played.bar.items:
            if isinstance(item, Event):
                for text in item.strings:
                    if parse_chord_symbol(text) is not None or is_no_chord(text):
                        yield now, text
                now += item.duration
            elif isinstance(item, Overlay):
                now = played.onset
