"""The alphabetical index of the titles in a book."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from abclm.render.sheet.drawing import Drawing, Placed, Text
from abclm.render.sheet.fonts import text_width
from abclm.render.sheet.layout import Block, Row
from abclm.render.sheet.lines import wrapped

__all__ = ["IndexEntry", "index_blocks"]

_SIZE: Final = 10.0
"""Of the text, in points."""
_LINES: Final = 3
"""The most lines of a title."""
_ARTICLE: Final = re.compile(r"^(the|a|an)\s+", re.IGNORECASE)


class IndexEntry(NamedTuple):
    """A title, its page, and the name of the place where its tune begins."""

    title: str
    page: int
    place: str


def index_blocks(entries: Sequence[IndexEntry], width: float) -> Iterator[Block]:
    """Yield the entries in alphabetical order; those of each letter stand together.

    Args:
        entries: the entries.
        width: of a column, in points.
    """
    ordered = sorted(set(entries), key=lambda entry: (_sort_key(entry.title), entry))
    for _, group in groupby(ordered, lambda entry: _sort_key(entry.title)[:1]):
        gap = 0.8 * _SIZE
        for entry in group:
            yield Block(tuple(_rows(entry, width)), gap)
            gap = 0.0


def _rows(entry: IndexEntry, width: float) -> Iterator[Row]:
    number = str(entry.page)
    room = width - text_width(number, _SIZE) - 2 * _SIZE
    lines = wrapped(entry.title, _SIZE, room, most=_LINES)
    for count, text in enumerate(lines, 1):
        marks = [Text(text, 0.0, 0.8 * _SIZE, _SIZE, target=entry.place)]
        if count == len(lines):
            marks += _leader(text, number, width, entry.place)
        yield Row((Placed(Drawing(tuple(marks)), 0.0, 0.0),), 1.25 * _SIZE)


def _leader(text: str, number: str, width: float, place: str) -> Iterator[Text]:
    """Yield the dots from a title to its page number, and the number."""
    y = 0.8 * _SIZE
    start = text_width(text, _SIZE) + 0.6 * _SIZE
    stop = width - text_width(number, _SIZE) - 0.6 * _SIZE
    dots = int((stop - start) / text_width(" .", _SIZE))
    if dots > 1:
        yield Text(" ." * dots, stop, y, _SIZE, anchor="end")
    yield Text(number, width, y, _SIZE, anchor="end", target=place)


def _sort_key(title: str) -> str:
    """Return what a title is sorted by: without article, accents and signs."""
    plain = unicodedata.normalize("NFKD", _ARTICLE.sub("", title.casefold()))
    return "".join(one for one in plain if one.isalnum() or one == " ").strip()
