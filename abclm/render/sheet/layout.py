"""Rows of tunes onto the columns of pages: a tune is split only if no page holds it whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from abclm.render.sheet.drawing import Placed

__all__ = ["Block", "Row", "Seat", "lay_out"]


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

    @property
    def height(self) -> float:
        """The height of all rows, one below the other."""
        return _height(self.rows)


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
    return filling.seats


def _height(rows: Sequence[Row]) -> float:
    return sum(row.height for row in rows) + sum(row.gap for row in rows[1:])


class _Filling:
    """Fills column after column."""

    def __init__(self, height: float, columns: int, taken: float) -> None:
        self.seats: list[Seat] = []
        self._height = height
        self._columns = columns
        self._taken = taken
        self._page = self._column = 0
        self._now = taken

    @property
    def _is_empty(self) -> bool:
        return self._now == (self._taken if self._page == 0 else 0.0)

    def add(self, number: int, block: Block) -> None:
        gap = 0.0 if self._is_empty else block.gap
        if block.height <= self._height - self._now - gap:
            self._now += gap
            self._place(number, block.rows)
            return
        if not self._is_empty or (self._page == 0 and self._taken):
            self._next_column(block.height)
        rows = list(block.rows)
        while rows:
            count = self._fitting(rows)
            self._place(number, rows[:count])
            rows = rows[count:]
            if rows:
                self._next_column(0.0)

    def _next_column(self, needed: float) -> None:
        """Go to the next column, or to one further on that holds ``needed``."""
        while True:
            self._page += (self._column + 1) // self._columns
            self._column = (self._column + 1) % self._columns
            self._now = self._taken if self._page == 0 else 0.0
            if self._page > 0 or needed <= self._height - self._now:
                return

    def _fitting(self, rows: Sequence[Row]) -> int:
        """Return how many rows fit into the column; the last row is not left to itself."""
        free = self._height - self._now
        count = next((size for size in range(len(rows), 0, -1) if _height(rows[:size]) <= free), 1)
        return count - 1 if len(rows) - count == 1 and count > 2 else count

    def _place(self, number: int, rows: Sequence[Row]) -> None:
        for place, row in enumerate(rows):
            self._now += row.gap if place else 0.0
            self.seats.append(Seat(self._page, self._column, self._now, number, row))
            self._now += row.height
