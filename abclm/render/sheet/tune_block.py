"""A tune as a block of rows: its title with the first system, further systems, words, ABC text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from abclm.errors import RenderError
from abclm.notation.syntax.source import unescape_text
from abclm.notation.tune.music import BodyField, Event, Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.engrave.mei_values import plain_text
from abclm.render.sheet.drawing import Drawing, Placed, Text
from abclm.render.sheet.fingering import struck_pitches
from abclm.render.sheet.fonts import text_width
from abclm.render.sheet.incipit import incipit_of
from abclm.render.sheet.layout import Block, Row
from abclm.render.sheet.lines import wrapped
from abclm.render.sheet.options import SheetOptions
from abclm.render.sheet.systems import STAFF_HEIGHT, System, read_systems
from abclm.render.sheet.tablature import tab_strip

__all__ = ["TuneBlock", "titles_of", "tune_block"]

_PREFIX: Final = "n"
_TITLE: Final = 0.84
_SUBTITLE: Final = 0.58
_FACTS: Final = 0.54
_WORDS: Final = 0.6
_ABC: Final = 0.42
"""Sizes of text in staff heights."""
_TITLE_LINES: Final = 3
_LEADING: Final = 1.2
"""The distance of lines of text, in sizes of the font."""
_INK_GAP: Final = 0.45
"""The least space between the marks of two systems, in staff heights."""
_STAFF_GAP: Final = 1.4
_SCORE_GAP: Final = 2.6
"""The least space between the staves of two systems, in staff heights, of one voice and of more."""
_TITLE_GAP: Final = 0.3
_TUNE_GAP: Final = 1.5
_INCIPIT_GAP: Final = 0.8
_TAB_GAP: Final = 0.3
_OVER: Final = 1.01
"""How much wider than its column a system may come out."""
_SMALLER: Final = 0.8
_SMALLEST: Final = 0.3
"""Staves that are too wide or too high for a page shrink step by step, but no further."""
_REMNANT: Final = 0.45
"""A last system that fills less of its line is avoided if staves `_A_LITTLE` smaller do."""
_A_LITTLE: Final = (0.95, 0.9)
_ANNOTATIONS: Final = "^_<>@"
"""The first character of text over a note that is not a chord symbol."""
_LAYOUT: Final[dict[str, Any]] = {
    "pageMarginBottom": 0,
    "pageMarginLeft": 0,
    "pageMarginRight": 0,
    "pageMarginTop": 0,
}


@dataclass(frozen=True)
class TuneBlock:
    """A tune on paper.

    Attributes:
        titles: its titles, for the index.
        place: the name of the place where it begins.
        block: its rows.
        missing: the number of its notes that the instrument of the tablature does not have.
    """

    titles: tuple[str, ...]
    place: str
    block: Block
    missing: int = 0


def titles_of(tune: Tune) -> tuple[str, ...]:
    """Return the titles of a tune, at least one."""
    titles = [_plain(title) for title in tune.values("T")]
    return tuple(filter(None, titles)) or (f"Tune {tune.value('X') or ''}".strip(),)


def tune_block(
    tune: Tune, options: SheetOptions, engraver: Engraver, place: str, *, numbered: bool
) -> TuneBlock:
    """Return ``tune`` as rows for a column.

    Args:
        tune: the tune.
        options: what to print.
        engraver: the engraver.
        place: the name of the place where it begins, for links.
        numbered: whether its number stands beside the title.

    Raises:
        RenderError: it cannot be engraved, or fits no page.
    """
    builder = _Builder(options, place, numbered=numbered)
    shown = incipit_of(tune) if options.incipits else tune
    shown = shown if options.chords else _without_chords(shown)
    pitches = struck_pitches(shown, _PREFIX) if options.tab else {}
    staff = options.staff
    while staff > _SMALLEST * options.staff:
        systems, staff = _without_remnant(shown, options, engraver, staff)
        rows, missing = builder.rows(tune, systems, pitches, staff)
        if builder.fits(systems, rows, staff):
            gap = (_INCIPIT_GAP if options.incipits else _TUNE_GAP) * options.staff
            return TuneBlock(titles_of(tune), place, Block(tuple(rows), gap), missing)
        staff *= _SMALLER
    raise RenderError(f"{_name(tune)}: too large for a page")


def _without_remnant(
    tune: Tune, options: SheetOptions, engraver: Engraver, staff: float
) -> tuple[list[System], float]:
    """Return the systems, and the height of their staves.

    Staves that are a little smaller are taken if they avoid a last system of a bar or two.
    """
    systems = _engrave(tune, options, engraver, staff)
    width = options.column_width * STAFF_HEIGHT / staff
    if len(systems) > 1 and systems[-1].right < _REMNANT * width:
        for smaller in _A_LITTLE:
            fewer = _engrave(tune, options, engraver, smaller * staff)
            if len(fewer) < len(systems):
                return fewer, smaller * staff
    return systems, staff


def _engrave(tune: Tune, options: SheetOptions, engraver: Engraver, staff: float) -> list[System]:
    width = options.column_width * STAFF_HEIGHT / staff
    layout = {**_LAYOUT, "pageWidth": round(width / 10)}
    closed = not options.incipits
    if options.incipits:
        layout["breaks"] = "none"
    pages = engraver.engrave_as(tune, layout, _PREFIX)
    systems = [system for page in pages for system in read_systems(page, closed=closed)]
    if not systems:
        raise RenderError(f"{_name(tune)}: nothing to engrave")
    return systems


class _Builder:
    """Builds the rows of one tune."""

    def __init__(self, options: SheetOptions, place: str, *, numbered: bool) -> None:
        self._options = options
        self._place = place
        self._numbered = numbered
        self._width = options.column_width

    def fits(self, systems: Sequence[System], rows: Sequence[Row], staff: float) -> bool:
        """Return whether no row is too wide or too high for a page."""
        scale = staff / STAFF_HEIGHT
        most = self._options.column_height
        widest = max(system.drawing.box.right for system in systems) * scale
        return widest <= _OVER * self._width and all(row.height <= most for row in rows)

    def rows(
        self, tune: Tune, systems: Sequence[System], pitches: dict[str, int], staff: float
    ) -> tuple[list[Row], int]:
        """Return the rows, and the number of notes that the instrument does not have."""
        texts, height = self._incipit_head(tune) if self._options.incipits else self._head(tune)
        rows: list[Row] = []
        missing = 0
        below = 0.0
        scale = staff / STAFF_HEIGHT
        for system in systems:
            items, own_height, lacking = self._system(system, pitches, staff)
            missing += lacking
            above = (system.top - system.drawing.box.top) * scale
            apart = _STAFF_GAP if len(tune.voices) < 2 else _SCORE_GAP
            gap = max(_INK_GAP * staff, apart * staff - below - above)
            below = own_height - (system.bottom - system.drawing.box.top) * scale
            if not rows:
                # The title keeps its distance from the staff, and from what is above the staff.
                down = height + max(_TITLE_GAP * staff, 0.6 * staff - above)
                items = (
                    Placed(Drawing(tuple(texts)), 0.0, 0.0),
                    *(one._replace(y=one.y + down) for one in items),
                )
                own_height += down
            rows.append(Row(items, own_height, gap))
        return [*rows, *self._lines_below(tune)], missing

    def _system(
        self, system: System, pitches: dict[str, int], staff: float
    ) -> tuple[tuple[Placed, ...], float, int]:
        """Return a system and its tablature, their height, and the notes that this lacks."""
        scale = staff / STAFF_HEIGHT
        box = system.drawing.box
        staves = Placed(system.drawing, 0.0, -box.top * scale, scale)
        height = (box.bottom - box.top) * scale
        if self._options.tab is None:
            return (staves,), height, 0
        strip = tab_strip(self._options.tab, system, pitches)
        down = height + _TAB_GAP * staff
        below = Placed(strip.drawing, 0.0, down, scale)
        return (staves, below), down + strip.height * scale, strip.missing

    def _head(self, tune: Tune) -> tuple[list[Text], float]:
        """Return the lines above the first system, and their height."""
        staff = self._options.staff
        size, small, tiny = _TITLE * staff, _SUBTITLE * staff, _FACTS * staff
        title, *others = titles_of(tune)
        texts: list[Text] = []
        y = 0.0
        room = self._width - (4 * small if self._numbered else 0.0)
        for number, text in enumerate(wrapped(title, size, room, most=_TITLE_LINES)):
            y += size * (_LEADING if number else 0.8)
            place = "" if number else self._place
            texts.append(Text(text, self._width / 2, y, size, "", "middle", place=place))
            if self._numbered and not number:
                texts.append(Text(f"{_number(tune)}", 0.0, y, small))
        for other in others:
            for text in wrapped(other, small, self._width, most=_TITLE_LINES):
                y += small * _LEADING
                texts.append(Text(text, self._width / 2, y, small, "", "middle"))
        facts = [text for text in self._facts(tune, tiny) if text is not None]
        if facts:
            y += tiny * _LEADING
            texts += [replace(fact, y=y) for fact in facts]
        return texts, y + 0.25 * tiny

    def _facts(self, tune: Tune, size: float) -> Iterator[Text]:
        """Yield rhythm and composer, at the left and the right of the column."""
        rhythm = _plain(tune.value("R") or "")
        by = ", ".join(filter(None, map(_plain, [*tune.values("C"), *tune.values("O")])))
        half = self._width * 0.48
        if rhythm:
            text = wrapped(rhythm[:1].upper() + rhythm[1:], size, half, "italic", 1)[0]
            yield Text(text, 0.0, 0.0, size, "italic")
        if by:
            text = wrapped(by, size, half, "italic", 1)[0]
            yield Text(text, self._width, 0.0, size, "italic", "end")

    def _incipit_head(self, tune: Tune) -> tuple[list[Text], float]:
        size = _SUBTITLE * self._options.staff * 1.15
        small = 0.85 * size
        number = f"{_number(tune)}  " if self._numbered else ""
        rhythm = _plain(tune.value("R") or "")
        room = self._width - text_width(rhythm, small, "italic") - size
        title = wrapped(f"{number}{titles_of(tune)[0]}", size, max(room, size), "bold", 1)[0]
        texts = [Text(title, 0.0, 0.8 * size, size, "bold", place=self._place)]
        if rhythm and room > size:
            texts.append(Text(rhythm, self._width, 0.8 * size, small, "italic", "end"))
        return texts, size

    def _lines_below(self, tune: Tune) -> Iterator[Row]:
        """Yield the words below the tune (``W:``) and, if wanted, its ABC text."""
        if self._options.incipits:
            return
        staff = self._options.staff
        yield from self._lines(_words(tune), _WORDS * staff, "", 0.8 * staff)
        if self._options.abc:
            yield from self._lines(_source(tune), _ABC * staff, "mono", 0.9 * staff)

    def _lines(self, lines: Sequence[str], size: float, style: str, gap: float) -> Iterator[Row]:
        for number, text in enumerate(
            part for line in lines for part in wrapped(line, size, self._width, style) or [""]
        ):
            drawing = Drawing((Text(text, 0.0, 0.8 * size, size, style),))
            yield Row((Placed(drawing, 0.0, 0.0),), size, (_LEADING - 1) * size if number else gap)


def _without_chords(tune: Tune) -> Tune:
    """Return ``tune`` without its chord symbols; annotations stay."""
    if not any(event.strings for event in tune.events):
        return tune
    items = [
        item._replace(strings=tuple(s for s in item.strings if s.strip()[:1] in _ANNOTATIONS))
        if isinstance(item, Event) and item.strings
        else item
        for item in tune.items
    ]
    return replace(tune, items=tuple(items))


def _words(tune: Tune) -> list[str]:
    below = [item.value for item in tune.items if isinstance(item, BodyField) and item.name == "W"]
    return [_plain(words) for words in [*tune.values("W"), *below]]


def _source(tune: Tune) -> list[str]:
    text = "".join(token.text for token in tune.tokens)
    return [plain_text(line).replace("\t", "    ") for line in text.strip().splitlines()]


def _number(tune: Tune) -> str:
    return _plain(tune.value("X") or "")[:8]


def _name(tune: Tune) -> str:
    return f"X:{tune.value('X') or '?'} {tune.title}".strip()


def _plain(text: str) -> str:
    return " ".join(plain_text(unescape_text(text)).split())
