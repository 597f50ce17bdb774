"""The figures of an evaluation as tables of text, for the terminal and the report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final, TypeVar

from abclm.evaluate.bits import BitsRow
from abclm.evaluate.evaluation import Evaluation
from abclm.evaluate.rows import Row
from abclm.evaluate.tunes import Split

__all__ = [
    "NAME",
    "UNKNOWN",
    "Column",
    "Table",
    "bits_columns",
    "bits_rows",
    "bits_table",
    "percent",
    "tunes_table",
]

UNKNOWN: Final = "-"
_CUT: Final = 8
"""The index in `tunes_table` of the first column that is not about form."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column.

    Attributes:
        head: its heading, one to three lines.
        meaning: its meaning, one sentence.
    """

    head: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text.

    Attributes:
        columns: the column heads; the first column names the rows.
        rows: the cells of each row.
        groups: the group of each row; rows of a group are adjacent.
        cut: the column before which the table is split for a narrow page; 0 for no split.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...]
    cut: int = 0

    def halves(self) -> "tuple[Table, ...]":
        """Split the table in two for a narrow page; one table if `cut` is 0."""
        if not self.cut:
            return (self,)
        return self._part(range(1, self.cut)), self._part(range(self.cut, len(self.columns)))

    def _part(self, places: Iterable[int]) -> "Table":
        """Return the first column and columns ``places``, for rows with a figure in these."""
        kept = [0, *places]
        known = [any(cell != UNKNOWN for cell in self._pick(row, kept)[1:]) for row in self.rows]
        return Table(
            self._pick(self.columns, kept),
            tuple(self._pick(row, kept) for row in compress(self.rows, known)),
            tuple(compress(self.groups, known)),
        )

    @staticmethod
    def _pick(values: Sequence[T], places: Iterable[int]) -> tuple[T, ...]:
        return tuple(values[place] for place in places)


def tunes_table(evaluation: Evaluation) -> Table:
    """Return the table of the figures of the written tunes beside real ones."""
    return Table(
        (NAME, *(column for column, _ in _FIGURES)),
        tuple((row.name, *(show(row) for _, show in _FIGURES)) for row in evaluation.rows),
        tuple(row.kind for row in evaluation.rows),
        _CUT,
    )


def bits_table(evaluation: Evaluation) -> Table:
    """Return the table of how well real tunes are predicted; fewer bits are better."""
    return Table(
        (Column("predicted by", "the model that reads"), *bits_columns(evaluation.splits)),
        tuple(bits_rows(evaluation.bits, evaluation.splits)),
        ("model", "baseline"),
    )


def bits_columns(splits: Sequence[Split]) -> list[Column]:
    """Return two columns for each split: bits per character, and bits per note."""
    return [
        Column(f"{unit}\n{_in_lines(split.title)}", f"{meaning}; {len(split.texts)} tunes")
        for split in splits
        for unit, meaning in (("bits/char", _PER_CHARACTER), ("bits/note", _PER_NOTE))
    ]


def bits_rows(rows: Iterable[BitsRow], splits: Sequence[Split]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each model, for `bits_columns` behind its name."""
    for row in rows:
        found = [row.bits[split.name] for split in splits]
        bits = [value for each in found for value in (each.per_character, each.per_note)]
        yield row.name, *(f"{value:.3f}" for value in bits)


def _in_lines(title: str) -> str:
    return title.replace(" by ", "\nby ")


def percent(value: float | None) -> str:
    """Format a share as percent, with one decimal."""
    return UNKNOWN if value is None else f"{100 * value:.1f}"


def _share(name: str) -> Callable[[Row], str]:
    return lambda row: percent(getattr(row, name))


def _copied(name: str) -> Callable[[Row], str]:
    return lambda row: UNKNOWN if row.copying is None else f"{getattr(row.copying, name):.2f}"


NAME: Final = Column("tunes of", "who wrote the tunes")
_PER_CHARACTER: Final = (
    "minus log2 of the probability of each character, header and end of tune included, mean"
)
_PER_NOTE: Final = "bits of everything after the header, over the notes"

_FIGURES: Final[tuple[tuple[Column, Callable[[Row], str]], ...]] = (
    (Column("tunes", "number of tunes measured"), lambda row: str(row.tunes or UNKNOWN)),
    (
        Column(
            "exact\nbars\n%",
            "every bar lasts one measure; only at the start or end of the tune, a repeat, a double "
            "bar or an ending it may be shorter",
        ),
        _share("exact_bars"),
    ),
    (
        Column("repeats\n%", "every repeat that opens closes, and every first ending has a second"),
        _share("repeats"),
    ),
    (
        Column(
            "strict\nmetre\n%",
            "exact bars, each pickup makes one measure with the last bar of its section, and the "
            "meter never changes",
        ),
        _share("strict_metre"),
    ),
    (
        Column("8-bar\nsections\n%", "every section has 8 or 16 bars"),
        _share("eight_bar_sections"),
    ),
    (Column("valid\n%", "abclm validate finds no problem"), _share("valid")),
    (Column("ended\n%", "the tune ended before the limit of characters"), _share("ended")),
    (
        Column(
            "passed\n%",
            "written without the grammar, the tune is still one that the grammar allows, including "
            "the copies in its plan",
        ),
        _share("passed"),
    ),
    (
        Column("taken\naway", "bits per tune that the grammar takes from the model"),
        lambda row: UNKNOWN if row.taken is None else f"{row.taken:.1f}",
    ),
    (
        Column(
            "copy\nmedian",
            "the largest share of a tune's distinct bars found in one training tune, in any key; "
            "half of the tunes have less",
        ),
        _copied("median"),
    ),
    (Column("copy\np95", "the same; 95 of 100 tunes have less"), _copied("p95")),
    (
        Column("copy\n≥ ½\n%", "tunes with half of their bars or more in one training tune"),
        lambda row: UNKNOWN if row.copying is None else percent(row.copying.half),
    ),
    (
        Column(
            "like-\nness",
            "overlap with the held-out tunes in number of pitches, range, intervals, scale degrees "
            "and note lengths: 1 is the same, 0 nothing in common",
        ),
        lambda row: UNKNOWN if row.likeness is None else f"{row.likeness.mean:.3f}",
    ),
)
