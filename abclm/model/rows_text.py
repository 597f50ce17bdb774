"""The text in which a network reads and writes a piece of several voices.

The header has the number of voices as ``V:`` before its key; the body is a line for each bar, with
the bar of every voice in it (see `abclm.notation.cursor.rows`), the outer voices first (see
`abclm.notation.cursor.ensemble.score_places`). All voices are in normal form, moved by the same
interval. There is neither a title nor a rhythm.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from abclm.corpus.several import Piece, read_piece
from abclm.errors import InputError
from abclm.model.text import Usual, commonest, fed_key, read_canonical, usual
from abclm.notation.cursor.ensemble import score_places
from abclm.notation.cursor.rows import CODES, NEXT_VOICE, ROW_END, Rows
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.meter import parse_meter
from abclm.notation.write.normal_form import Mover, normal_form
from abclm.notation.write.score_rows import Row

__all__ = [
    "ROWS_HEADER",
    "fed_meter",
    "fed_unit",
    "model_rows",
    "normal_rows",
    "piece_text",
    "piece_texts",
    "read_rows",
    "rows_model_text",
    "usual_of_pieces",
]

_RARE_UNIT: Final = 0.02
"""Share of the pieces under which a network has met too few with a unit note length to know it."""
_VOICE = re.compile(r"\[V:(\d+)\]")

ROWS_HEADER: Final = "MLVK"
"""The fields of a piece of several voices that a network reads, in order."""


def rows_model_text(
    rows: Sequence[Row], meter: str, unit: str, key: Key | None, known: Usual
) -> str:
    """Convert the rows of a piece to the text that a network reads.

    Args:
        rows: the rows, in the order of the score.
        meter: that of its header.
        unit: that of its header.
        key: that of its header.
        known: the keys that the network knows.

    Raises:
        InputError: the key cannot be transposed, or there is no music.
    """
    if not rows:
        raise InputError("there is no music")
    count = len(rows[0].cells)
    fields = {"M": meter, "L": unit, "V": str(count), "K": fed_key(key, known.keys)}
    header = "".join(f"{letter}:{value}\n" for letter, value in fields.items())
    return header + _body(normal_rows(rows, key))


def piece_text(text: str, known: Usual) -> str:
    """Convert a canonical piece of several voices to the text that a network reads.

    Args:
        text: the piece, with or without ``X:``.
        known: the keys that the network knows.

    Raises:
        InputError: its voices differ in their bars, it changes key or meter, or the key cannot be
            transposed.
    """
    numbered = text if text.startswith("X:") else f"X:1\n{text}"
    return _text_of(read_piece(parse_tunebook(numbered)[0].tune), known)


def piece_texts(texts: Iterable[str], known: Usual, *, reduced: bool = False) -> list[str]:
    """Convert pieces to the text that a network reads, without those that it cannot read.

    Args:
        texts: canonical pieces.
        known: the keys that the network knows.
        reduced: whether pieces of three voices or more also follow with fewer of them: the two
            highest, and these with the lowest. A network that learns from those, too, can be asked
            for fewer voices.
    """
    found = []
    for text in texts:
        try:
            piece = read_piece(parse_tunebook(f"X:1\n{text}")[0].tune)
            choices = _reductions(len(piece.rows[0].cells)) if reduced else ()
            parts = [piece, *(_only(piece, places) for places in choices)]
            found += [_text_of(part, known) for part in parts]
        except InputError:
            continue
    return found


def _text_of(piece: Piece, known: Usual) -> str:
    unit = f"{piece.unit.numerator}/{piece.unit.denominator}"
    return rows_model_text(piece.rows, str(piece.meter), unit, piece.key, known)


def _reductions(count: int) -> list[tuple[int, ...]]:
    """The places in the score of fewer voices: of four ``(0, 1)`` and ``(0, 1, 3)``."""
    if count < 3:
        return []
    return [(0, 1)] if count == 3 else [(0, 1), (0, 1, count - 1)]


def _only(piece: Piece, places: Sequence[int]) -> Piece:
    rows = (row._replace(cells=tuple(row.cells[place] for place in places)) for row in piece.rows)
    return replace(piece, rows=tuple(rows))


def usual_of_pieces(texts: Sequence[str], *, reduced: bool = False) -> Usual:
    """The keys and units with enough pieces to learn from, and the numbers of voices.

    Args:
        texts: canonical pieces.
        reduced: whether pieces with fewer voices are learnt from, too (see `piece_texts`).
    """
    counts: set[int] = set()
    for text in texts:
        count = len(set(_VOICE.findall(text)))
        counts.add(count)
        if reduced:
            counts.update(map(len, _reductions(count)))
    units = Counter(read_canonical(text).fields["L"] for text in texts)
    known = usual(texts)
    return replace(
        known,
        rhythms=(),
        voices=tuple(sorted(counts)),
        units=commonest(units, _RARE_UNIT * len(texts)),
    )


def fed_unit(unit: str | None, known: Usual) -> str | None:
    """The unit note length in which a network reads a piece in ``unit``; None leaves it open."""
    if unit is None or not known.units or unit in known.units:
        return unit
    return known.units[0]


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


def normal_rows(rows: Sequence[Row], key: Key | None) -> list[Row]:
    """Return the rows of a piece in ``key``, in normal form.

    Raises:
        InputError: the key cannot be transposed.
    """
    if not rows:
        return []
    return list(_moved(rows, [normal_form(key).into() for _ in rows[0].cells]))


def fed_meter(meter: str) -> str:
    """The meter as which a network reads ``meter``: common and cut time are 4/4."""
    parsed = parse_meter(meter)
    return "4/4" if parsed is not None and parsed.bar == 1 else meter


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
