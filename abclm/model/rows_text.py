"""The text in which a network reads and writes a piece of several voices.

The header has the number of voices as ``V:`` before its key; the body is a line for each bar, with
the bar of every voice in it (see `abclm.notation.cursor.rows`), the outer voices first (see
`abclm.notation.cursor.ensemble.score_places`). All voices are in normal form, moved by the same
interval. There is neither a title nor a rhythm.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from abclm.errors import InputError
from abclm.model.text import Usual, fed_key
from abclm.notation.cursor.ensemble import score_places
from abclm.notation.cursor.rows import BAR_LINES, CODES, NEXT_VOICE, ROW_END, Rows
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.write.normal_form import Mover, normal_form
from abclm.notation.write.score_rows import Row

__all__ = ["ROWS_HEADER", "model_rows", "read_rows", "rows_model_text"]

ROWS_HEADER: Final = "MLVK"
"""The fields of a piece of several voices that a network reads, in order."""


def rows_model_text(
    rows: Sequence[Row], meter: str, unit: str, key: Key | None, known: Usual
) -> str:
    """Convert the rows of a piece to the text that a network reads.

    Args:
        rows: the rows, in the order of the score.
        meter, unit, key: those of its header.
        known: the keys that the network knows.

    Raises:
        InputError: the key cannot be transposed, or there is no music.
    """
    if not rows:
        raise InputError("there is no music")
    count = len(rows[0].cells)
    fields = {"M": meter, "L": unit, "V": str(count), "K": fed_key(key, known.keys)}
    header = "".join(f"{letter}:{value}\n" for letter, value in fields.items())
    return header + _body(_moved(rows, [normal_form(key).into() for _ in range(count)]))


def _body(rows: Iterable[Row]) -> str:
    lines = []
    for row in rows:
        first, *others = (row.cells[place] for place in score_places(len(row.cells)))
        cells = "".join(f"{cell}{NEXT_VOICE}" for cell in others)
        lines.append(f"{row.opening}{first}{CODES[row.closing]}{cells[:-1]}{ROW_END}")
    return "".join(lines)


def _moved(rows: Iterable[Row], movers: Sequence[Mover]) -> Iterator[Row]:
    """The rows, each voice moved by its mover."""
    for row in rows:
        cells = tuple(
            mover.move(f"{cell}|")[:-1] for cell, mover in zip(row.cells, movers, strict=True)
        )
        yield row._replace(cells=cells)


def model_rows(rows: Sequence[Row], key: Key | None) -> list[Row]:
    """Return the rows of a network's text, which are in normal form, in ``key``."""
    if not rows:
        return []
    return list(_moved(rows, [normal_form(key).back() for _ in rows[0].cells]))


def read_rows(text: str) -> tuple[dict[str, str], list[Row]]:
    """Read a network's text: the fields of its header, and its complete rows, in normal form.

    The rows have the voices in the order of the score.
    """
    fields: dict[str, str] = {}
    rest = text
    while rest and "K" not in fields:
        line, _, rest = rest.partition("\n")
        fields.setdefault(line[:1], line[2:])
    count = int(fields.get("V", "1"))
    lines = rest.split(ROW_END)[:-1]
    return fields, [_row(line, count) for line in lines]


def _row(line: str, count: int) -> Row:
    here = Rows(count)
    cells = [""] * count
    for character in line:
        after, fed = here.feed(character)
        if after.at == here.at and after.begun:
            cells[here.at] += fed[0][1]
        here = after
    ordered = [""] * count
    for cell, place in zip(cells, score_places(count), strict=True):
        ordered[place] = cell
    return Row(here.opening, tuple(ordered), here.closing or "|")
