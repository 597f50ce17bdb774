"""What a sheet looks like: its paper, the size of its staves, what is printed with the tunes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, NamedTuple

from abclm.errors import InputError
from abclm.option import Option

__all__ = ["PAPERS", "SIZES", "TABS", "Paper", "SheetOptions"]

_MILLIMETRE: Final = 72 / 25.4
"""In points."""
_MOST_COLUMNS: Final = 4
_NARROW: Final = 0.8
"""How much smaller staves are in columns than across the page."""
_GUTTER: Final = 8 * _MILLIMETRE
_HEADER: Final = 18.0
_FOOTER: Final = 8.0
"""In points."""


class Paper(NamedTuple):
    """A kind of paper, in millimetres.

    Attributes:
        width, height: upright.
        margin: on all sides.
        staves: the factor by which its staves differ from those on A4.
    """

    width: float
    height: float
    margin: float
    staves: float = 1.0


PAPERS: Final = {
    "A4": Paper(210, 297, 15),
    "Letter": Paper(215.9, 279.4, 15),
    "A5": Paper(148, 210, 10, 0.82),
    "tablet": Paper(160, 213, 6, 0.9),
}
"""The papers by name; the tablet's is a screen of 3 to 4."""
SIZES: Final = {"small": 5.2, "normal": 6.4, "large": 8.6}
"""The height of a staff on A4, in millimetres, by the name of the size."""
TABS: Final = {
    "whistle-D": "a whistle in D",
    "mandolin": "a mandolin",
    "fiddle": "a fiddle in first position",
}
"""The kinds of tablature, and what each calls its instrument in messages."""


def _one_of(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}"


@dataclass(frozen=True)
class SheetOptions:
    """How tunes are printed.

    Raises:
        InputError: an option has a value that does not exist.
    """

    title: Annotated[str | None, Option("Title of the book; else the name of the file.")] = None
    paper: Annotated[str, Option(f"{_one_of(PAPERS)}.")] = "A4"
    size: Annotated[str, Option(f"Size of the staves: {_one_of(SIZES)}.")] = "normal"
    columns: Annotated[
        int | None, Option("Columns of tunes on a page.  [default: 1; 2 for --incipits]")
    ] = None
    tab: Annotated[
        str | None, Option(f"Fingering or tablature below the notes: {_one_of(TABS)}.")
    ] = None
    chords: Annotated[bool, Option("Show the chord symbols.")] = False
    abc: Annotated[bool, Option("Print the ABC text below each tune.")] = False
    incipits: Annotated[bool, Option("Print only the first bars of each tune.")] = False
    index: Annotated[bool, Option("Add an alphabetical index of the titles.")] = False
    mark: bool = True

    def __post_init__(self) -> None:
        self._check("paper", self.paper, PAPERS)
        self._check("size", self.size, SIZES)
        if self.tab is not None:
            self._check("tab", self.tab, TABS)
        if self.columns is not None and not 1 <= self.columns <= _MOST_COLUMNS:
            raise InputError(f"columns: {self.columns} is not a number from 1 to {_MOST_COLUMNS}")
        for one, other in (("incipits", "abc"), ("incipits", "tab")):
            if getattr(self, one) and getattr(self, other):
                raise InputError(f"{one} and {other} exclude each other: give one of them")

    def _check(self, name: str, value: str, known: Iterable[str]) -> None:
        """Check a name, and take it in the spelling of the table, such as A4 for a4."""
        found = next((one for one in known if one.casefold() == value.casefold()), None)
        if found is None:
            raise InputError(f"{name}: there is no {value!r}: give {_one_of(known)}")
        object.__setattr__(self, name, found)

    @property
    def column_count(self) -> int:
        """The number of columns."""
        return self.columns or (2 if self.incipits else 1)

    @property
    def page(self) -> tuple[float, float]:
        """Width and height of the paper, in points."""
        paper = PAPERS[self.paper]
        return paper.width * _MILLIMETRE, paper.height * _MILLIMETRE

    @property
    def margin(self) -> float:
        """The margin on each side, in points."""
        return PAPERS[self.paper].margin * _MILLIMETRE

    @property
    def gutter(self) -> float:
        """The space between two columns, in points."""
        return _GUTTER

    @property
    def column_width(self) -> float:
        """The width of a column, in points."""
        count = self.column_count
        return (self.page[0] - 2 * self.margin - (count - 1) * _GUTTER) / count

    @property
    def header(self) -> float:
        """The height of the running title at the top of a page, in points."""
        return _HEADER

    @property
    def column_height(self) -> float:
        """The height of a column, in points, without header and footer."""
        return self.page[1] - 2 * self.margin - _HEADER - _FOOTER

    @property
    def staff(self) -> float:
        """The height of a staff, in points."""
        narrow = _NARROW if self.column_count > 1 else 1.0
        return SIZES[self.size] * _MILLIMETRE * PAPERS[self.paper].staves * narrow
