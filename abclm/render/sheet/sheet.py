"""Tunes as the pages of a book: title, header and footer, tunes in columns, and an index."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from abclm.errors import RenderError
from abclm.notation.tune.music import Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.sheet.book_index import IndexEntry, index_blocks
from abclm.render.sheet.drawing import Drawing, Mark, Placed, Text
from abclm.render.sheet.fonts import lacking
from abclm.render.sheet.layout import Seat, lay_out
from abclm.render.sheet.lines import wrapped
from abclm.render.sheet.options import TABS, SheetOptions
from abclm.render.sheet.tune_block import TuneBlock, tune_block
from abclm.render.sheet.tune_text import name_of

__all__ = ["Pages", "SheetPage", "build_pages"]

_BOOK_TITLE: Final = 24.0
_HEADING: Final = 16.0
_RUNNING: Final = 9.0
"""Sizes of text, in points."""
_ENTRY_COLUMN: Final = 200.0
"""The least width of a column of the index."""


@dataclass(frozen=True)
class SheetPage:
    """A page.

    Attributes:
        width, height: in points.
        items: what is drawn on it.
    """

    width: float
    height: float
    items: tuple[Placed, ...]


@dataclass(frozen=True)
class Pages:
    """A book on paper.

    Attributes:
        title: its title.
        pages: its pages.
        outline: the title of each tune, and the name of the place where it begins.
        problems: a line for each tune that was left out.
        remarks: a line for each thing about a printed tune that may surprise.
    """

    title: str
    pages: tuple[SheetPage, ...]
    outline: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]
    remarks: tuple[str, ...]


def build_pages(
    tunes: Sequence[Tune],
    options: SheetOptions,
    engraver: Engraver,
    name: str = "",
    engraved: Callable[[int, int], None] = lambda _done, _of: None,
) -> Pages:
    """Return ``tunes``, in order, as pages.

    Args:
        tunes: the tunes.
        options: how to print them.
        engraver: the engraver.
        name: the title of the book if the options give none.
        engraved: called after each tune with the number of tunes done and of all.

    Raises:
        RenderError: none of them can be engraved; the message is about the first.
    """
    problems: list[str] = []
    blocks: list[TuneBlock] = []
    remarks: list[str] = []
    for number, tune in enumerate(tunes, 1):
        try:
            block = tune_block(tune, options, engraver, f"tune-{number}", numbered=len(tunes) > 1)
        except RenderError as error:
            problems.append(str(error))
        else:
            blocks.append(block)
            remarks += _remarks(tune, block, options)
        engraved(number, len(tunes))
    if not blocks:
        raise RenderError(problems[0] if problems else "there are no tunes to print")
    if not options.chords and any(_has_chords(tune) for tune in tunes):
        remarks.append("chord symbols are left out; --chords shows them")
    return _Book(options, blocks, name).pages(tuple(problems), tuple(remarks))


def _remarks(tune: Tune, block: TuneBlock, options: SheetOptions) -> Iterator[str]:
    """Yield a line for notes that the instrument lacks, and one for characters that no font has."""
    name = name_of(tune)
    if block.missing and options.tab:
        notes = "1 note is" if block.missing == 1 else f"{block.missing} notes are"
        yield f"{name}: {notes} not on {TABS[options.tab]}; a cross stands there"
    if options.tab and len(tune.voices) > 1:
        yield f"{name}: has several voices: no tablature stands below them"
    unknown = lacking("".join(block.titles))
    if unknown:
        yield f"{name}: no font has {unknown}; in PDF and PNG a box stands there"


def _has_chords(tune: Tune) -> bool:
    return any(text.strip()[:1].isalpha() for event in tune.events for text in event.strings)


class _Book:
    """The parts of a book as they are put together."""

    def __init__(self, options: SheetOptions, blocks: Sequence[TuneBlock], name: str) -> None:
        self._options = options
        self._blocks = blocks
        self._title = options.title or (name if len(blocks) > 1 else blocks[0].titles[0])
        self._items: list[list[Placed]] = []

    def pages(self, problems: tuple[str, ...], remarks: tuple[str, ...]) -> Pages:
        options = self._options
        taken = self._add_title() if options.title else 0.0
        seats = self._seats(taken)
        if taken and seats[0].page:
            # No tune fits below the title, which then stands above the first page only in small.
            taken, self._items = 0.0, []
            seats = self._seats(taken)
        self._add(seats, options.column_width, 0)
        if options.index:
            self._add_index(seats)
        self._add_running(first=not taken)
        width, height = options.page
        return Pages(
            self._title,
            tuple(SheetPage(width, height, tuple(items)) for items in self._items),
            tuple((one.titles[0], one.place) for one in self._blocks),
            problems,
            remarks,
        )

    def _seats(self, taken: float) -> list[Seat]:
        """Return the places of all tunes if ``taken`` is the height of the title."""
        blocks = [one.block for one in self._blocks]
        options = self._options
        return lay_out(blocks, options.column_height, options.column_count, taken=taken)

    @property
    def _inner(self) -> float:
        return self._options.page[0] - 2 * self._options.margin

    def _add(self, seats: Sequence[Seat], width: float, first: int) -> None:
        """Draw rows in columns of ``width`` on the pages from ``first`` on."""
        options = self._options
        for seat in seats:
            page = first + seat.page
            while len(self._items) <= page:
                self._items.append([])
            x = options.margin + seat.column * (width + options.gutter)
            y = options.margin + options.header + seat.top
            self._items[page] += (
                item._replace(x=item.x + x, y=item.y + y) for item in seat.row.items
            )

    def _add_title(self) -> float:
        """Draw the title of the book above its first page; return the height that it takes."""
        y = 0.0
        marks: list[Mark] = []
        size = min(_BOOK_TITLE, self._inner / 14)
        for text in wrapped(_one_line(self._title), size, self._inner, "bold", 3):
            y += size * (1.2 if marks else 0.8)
            marks.append(Text(text, self._inner / 2, y, size, "bold", "middle"))
        top = self._options.margin
        self._items.append([Placed(Drawing(tuple(marks)), self._options.margin, top)])
        return y + 1.1 * size - self._options.header

    def _add_index(self, seats: Sequence[Seat]) -> None:
        pages = {seat.block: seat.page + 1 for seat in reversed(seats)}
        entries = [
            IndexEntry(title, pages[number], one.place)
            for number, one in enumerate(self._blocks)
            for title in one.titles
        ]
        count = max(1, int(self._inner // _ENTRY_COLUMN))
        width = (self._inner - (count - 1) * self._options.gutter) / count
        heading = Text("Index", 0.0, 0.8 * _HEADING, _HEADING, "bold")
        first = len(self._items)
        self._items.append(
            [
                Placed(
                    Drawing((heading,)),
                    self._options.margin,
                    self._options.margin + self._options.header,
                )
            ]
        )
        height = self._options.column_height
        rows = lay_out(index_blocks(entries, width), height, count, taken=2 * _HEADING)
        self._add(rows, width, first)

    def _add_running(self, *, first: bool) -> None:
        """Draw header and footer; a single page of one tune has none."""
        width, height = self._options.page
        margin = self._options.margin
        if len(self._items) == 1 and len(self._blocks) == 1:
            return
        header = wrapped(_one_line(self._title), _RUNNING, self._inner, "italic", 1)[0]
        for number, items in enumerate(self._items, 1):
            marks: list[Mark] = []
            if number > 1 or first:
                marks.append(Text(header, width / 2, margin + 0.5, _RUNNING, "italic", "middle"))
            if len(self._items) > 1:
                y = height - margin + _RUNNING * 0.6
                marks.append(Text(str(number), width / 2, y, _RUNNING, "", "middle"))
            items.append(Placed(Drawing(tuple(marks)), 0.0, 0.0))


def _one_line(text: str) -> str:
    return " ".join(text.split()) or "Tunes"
