"""Rows of tunes onto the columns of pages: a tune is split only if no page holds it whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from abclm.render.sheet.drawing import Placed

__all__ = ["Block", "Row", "Seat", "lay_out"]


_CLOSEST: Final = 0.7
"""How much closer than usual rows may stand so that one more tune fits into a column."""


class Row(NamedTuple):
    """What is never split: a title with the first system, a system, or a line of text.

    Attributes:
        items: its drawings; the upper left corner of the row is at 0, 0.
        height: in points.
        gap: the space between it and the row above.
    """

    items: tuple[Placed, ...]
    height: float
    gap: float = 0.0


@dataclass(frozen=True)
class Block:
    """Rows that stay together, such as a tune.

    Attributes:
        rows: from top to bottom.
        gap: the space between it and the block above.
    """

    rows: tuple[Row, ...]
    gap: float = 0.0


class Seat(NamedTuple):
    """Where a row is: its page and column, counted from 0, and its distance from the top."""

    page: int
    column: int
    top: float
    block: int
    row: Row


def lay_out(
    blocks: Iterable[Block], height: float, columns: int, *, taken: float = 0.0
) -> list[Seat]:
    """Return where each row is.

    Args:
        blocks: what to place, in order.
        height: of a column.
        columns: the number of columns on a page.
        taken: the height that is not free at the top of the first page.
    """
    filling = _Filling(height, columns, taken)
    for number, block in enumerate(blocks):
        filling.add(number, block)
    filling.end_column()
    return filling.seats


class _Entry(NamedTuple):
    """A row that goes to a column, the space above it, and the number of its block."""

    gap: float
    block: int
    row: Row


class _Filling:
    """Fills column after column."""

    def __init__(self, height: float, columns: int, taken: float) -> None:
        self.seats: list[Seat] = []
        self._height = height
        self._columns = columns
        self._taken = taken
        self._page = self._column = 0
        self._entries: list[_Entry] = []

    @property
    def _top(self) -> float:
        return self._taken if self._page == 0 else 0.0

    def add(self, number: int, block: Block) -> None:
        """Place a block in this column, in the next that holds it, or piece by piece."""
        entries = [_Entry(row.gap, number, row) for row in block.rows]
        entries[:1] = [entry._replace(gap=block.gap) for entry in entries[:1]]
        if self._fits(entries):
            self._entries += entries
            return
        if self._entries or self._top:
            self.end_column()
            while self._top and not self._fits(entries):
                self.end_column()
        while entries:
            count = self._most(entries)
            self._entries += entries[:count]
            entries = entries[count:]
            if entries:
                self.end_column()

    def end_column(self) -> None:
        """Give the rows of the column their places, closer together if they are too high."""
        gaps = sum(entry.gap for entry in self._entries[1:])
        free = self._height - self._top - sum(entry.row.height for entry in self._entries)
        squeezed = min(1.0, max(free, 0.0) / gaps) if gaps else 1.0
        now = self._top
        for place, (gap, block, row) in enumerate(self._entries):
            now += gap * squeezed if place else 0.0
            self.seats.append(Seat(self._page, self._column, now, block, row))
            now += row.height
        self._entries = []
        self._page += (self._column + 1) // self._columns
        self._column = (self._column + 1) % self._columns

    def _fits(self, entries: Sequence[_Entry]) -> bool:
        """Return whether the column holds ``entries`` too."""
        together = [*self._entries, *entries]
        gaps = sum(entry.gap for entry in together[1:])
        heights = sum(entry.row.height for entry in together)
        return heights + _CLOSEST * gaps <= self._height - self._top

    def _most(self, entries: Sequence[_Entry]) -> int:
        """Return how many of ``entries`` the column holds; the last one is not left to itself."""
        sizes = range(len(entries), 0, -1)
        count = next((size for size in sizes if self._fits(entries[:size])), 1)
        return count - 1 if len(entries) - count == 1 and count > 2 else count
