"""A tune of several voices as rows: one bar of every voice, with the signs they share."""

from collections.abc import Sequence
from itertools import count, zip_longest
from typing import NamedTuple

from abclm.errors import InputError
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import BodyField, Overlay, Tune
from abclm.notation.tune.structure import explicit_repeats
from abclm.notation.write.music import bar_text
from abclm.notation.write.signs import opening_text

__all__ = ["Row", "rows_body", "score_rows"]


class Row(NamedTuple):
    """One bar of every voice.

    Attributes:
        opening: what stands before it: ``|:``, the number of an ending, or nothing. After a pickup
            that ``|`` ends, the start of a repeat is ``:`` alone.
        cells: the music of each voice, without signs.
        closing: its bar line: ``|``, ``:|``, ``||`` or ``|]``.
    """

    opening: str
    cells: tuple[str, ...]
    closing: str


def score_rows(voices: Sequence[Tune]) -> list[Row]:
    """Return the rows of a tune.

    Args:
        voices: each voice as a tune with one voice, all with the same unit note length.

    Raises:
        InputError: the voices differ in their bars or signs, or change key or meter.
    """
    rows: list[Row] = []
    written = [explicit_repeats(bars(voice)) for voice in voices]
    for number, row in enumerate(zip_longest(*written), 1):
        together = [bar for bar in row if bar is not None]
        if len(together) < len(voices):
            raise InputError(f"one voice has no bar {number}")
        if len({bar.duration for bar in together}) > 1:
            raise InputError(f"the voices differ in the length of bar {number}")
        if any(isinstance(item, BodyField | Overlay) for bar in together for item in bar.items):
            raise InputError(f"bar {number} changes key or meter, or has another layer")
        cells = tuple(
            bar_text(bar, voice.unit) for bar, voice in zip(together, voices, strict=True)
        )
        signs = {(_opening(bar, rows), _closing(bar, rows)) for bar in together}
        if len(signs) > 1:
            raise InputError(f"the voices differ in the signs of bar {number}")
        opening, closing = signs.pop()
        rows.append(Row(opening, cells, closing))
    return rows


def rows_body(rows: Sequence[Row], names: Sequence[str] = ()) -> str:
    """Return the body of ``rows`` as ABC, one row a line.

    Args:
        rows: the rows.
        names: the ids of the voices; by default they are numbered from 1.
    """
    lines = []
    for row in rows:
        mark = f"[{row.opening}" if row.opening.isdigit() else row.opening
        opening = "|:" if mark == ":" else mark
        lines.append(
            "".join(
                f"[V:{name}]{opening}{cell}{row.closing}"
                for name, cell in zip(names or count(1), row.cells, strict=False)
            )
        )
    return "\n".join(lines) + "\n"


def _opening(bar: Bar, before: Sequence[Row]) -> str:
    if bar.before.ending:
        return str(bar.before.ending[0])
    if not bar.before.opens:
        return ""
    return ":" if before and before[-1].closing == "|" else opening_text(bar.before)


def _closing(bar: Bar, before: Sequence[Row]) -> str:
    if bar.after.closes:
        return ":|"
    full = bar.meter.bar
    if not before and bar.after.opens and full is not None and bar.duration < full:
        return "|"
    return bar.after.style or "|"
