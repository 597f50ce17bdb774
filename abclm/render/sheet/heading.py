"""What stands above the first system of a tune: titles, number, rhythm and composer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from abclm.notation.tune.music import Tune
from abclm.render.sheet.drawing import Text
from abclm.render.sheet.fonts import text_width
from abclm.render.sheet.lines import wrapped
from abclm.render.sheet.options import SheetOptions
from abclm.render.sheet.tune_text import authors_of, number_of, rhythm_of, titles_of

__all__ = ["Heading", "heading_of"]

_TITLE: Final = 0.84
_SUBTITLE: Final = 0.58
_FACTS: Final = 0.54
_INCIPIT: Final = 0.67
"""Sizes of text in staff heights."""
_TITLE_LINES: Final = 3
_LEADING: Final = 1.2
"""The distance of lines of text, in sizes of the font."""
_HALF: Final = 0.48
"""The share of the column for the rhythm on the left, and for the composer on the right."""


class Heading(NamedTuple):
    """Lines of text, whose upper left corner is at 0, 0, and their height in points."""

    texts: tuple[Text, ...]
    height: float


def heading_of(tune: Tune, options: SheetOptions, place: str, *, numbered: bool) -> Heading:
    """Return what stands above a tune.

    Args:
        tune: the tune.
        options: the width of a column, the height of the staves, and whether it is an incipit.
        place: the name of the place where the tune begins, for links.
        numbered: whether its number stands beside the title.
    """
    number = number_of(tune) if numbered else ""
    if options.incipits:
        return _over_incipit(tune, options, place, number)
    width, staff = options.column_width, options.staff
    size, small, tiny = _TITLE * staff, _SUBTITLE * staff, _FACTS * staff
    title, *others = titles_of(tune)
    texts: list[Text] = []
    y = 0.0
    room = width - (4 * small if number else 0.0)
    for text in wrapped(title, size, room, most=_TITLE_LINES):
        y += size * (_LEADING if texts else 0.8)
        own_place = "" if texts else place
        texts.append(Text(text, width / 2, y, size, "", "middle", place=own_place))
    if number:
        texts.append(Text(number, 0.0, texts[0].y, small))
    for other in others:
        for text in wrapped(other, small, width, most=_TITLE_LINES):
            y += small * _LEADING
            texts.append(Text(text, width / 2, y, small, "", "middle"))
    facts = list(_facts(tune, tiny, width))
    if facts:
        y += tiny * _LEADING
        texts += [replace(fact, y=y) for fact in facts]
    return Heading(tuple(texts), y + 0.25 * tiny)


def _facts(tune: Tune, size: float, width: float) -> Iterator[Text]:
    """Yield rhythm and composer, at the left and the right of the column."""
    rhythm, authors = rhythm_of(tune), authors_of(tune)
    if rhythm:
        text = wrapped(rhythm[:1].upper() + rhythm[1:], size, _HALF * width, "italic", 1)[0]
        yield Text(text, 0.0, 0.0, size, "italic")
    if authors:
        text = wrapped(authors, size, _HALF * width, "italic", 1)[0]
        yield Text(text, width, 0.0, size, "italic", "end")


def _over_incipit(tune: Tune, options: SheetOptions, place: str, number: str) -> Heading:
    size = _INCIPIT * options.staff
    small = 0.85 * size
    rhythm = rhythm_of(tune)
    room = options.column_width - text_width(rhythm, small, "italic") - size
    named = f"{number}  {titles_of(tune)[0]}".strip()
    title = wrapped(named, size, max(room, size), "bold", 1)[0]
    texts = [Text(title, 0.0, 0.8 * size, size, "bold", place=place)]
    if rhythm and room > size:
        texts.append(Text(rhythm, options.column_width, 0.8 * size, small, "italic", "end"))
    return Heading(tuple(texts), size)
