"""The figures of several voices as tables of text."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from abclm.evaluate.apart.told_apart import Area
from abclm.evaluate.report.table import UNKNOWN, Column, Table, bits_columns, bits_rows, percent
from abclm.evaluate.voices.evaluation import VoicesEvaluation
from abclm.evaluate.voices.figures import VoicesRow

__all__ = ["voices_tables"]

_CUT: Final = 8
"""The index in the table of pieces of the first column that is not about form."""


def voices_tables(evaluations: Sequence[VoicesEvaluation]) -> list[Table]:
    """Return the tables of some checkpoints: their pieces, told apart if measured, and the bits.

    The real pieces of each corpus stand below the checkpoints, once.
    """
    return [_pieces_table(evaluations), *_apart_tables(evaluations), *map(_bits_table, evaluations)]


def _pieces_table(evaluations: Sequence[VoicesEvaluation]) -> Table:
    written = [row for each in evaluations for row in each.rows if row.kind == "model"]
    corpora = {each.corpus: each for each in evaluations}
    real = [row for each in corpora.values() for row in each.rows if row.kind != "model"]
    rows = [*written, *real]
    return Table(
        (Column("pieces of", "who wrote the pieces"), *(column for column, _ in _FIGURES)),
        tuple((row.name, *(show(row) for _, show in _FIGURES)) for row in rows),
        tuple(row.kind for row in rows),
        _CUT,
    )


def _bits_table(evaluation: VoicesEvaluation) -> Table:
    return Table(
        (Column("predicted by", "the model that reads"), *bits_columns(evaluation.splits)),
        tuple(bits_rows(evaluation.bits, evaluation.splits)),
        ("model", "baseline"),
    )


def _apart_tables(evaluations: Sequence[VoicesEvaluation]) -> Iterator[Table]:
    for evaluation in evaluations:
        found = {
            evaluation.checkpoint[0]: evaluation.apart.written,
            "real, training (the floor)": evaluation.apart.floor,
        }
        rows = [(name, _area(area)) for name, area in found.items() if area is not None]
        if rows:
            yield Table(_APART, tuple(rows), ("model", "human")[: len(rows)])


def _area(area: Area) -> str:
    return f"{area.value:.3f} ({area.low:.3f} to {area.high:.3f})"


def _share(name: str) -> Callable[[VoicesRow], str]:
    return lambda row: percent(getattr(row, name))


def _rate(name: str) -> Callable[[VoicesRow], str]:
    def show(row: VoicesRow) -> str:
        rate = row.leading.per_hundred(name)
        return UNKNOWN if rate is None else f"{rate:.2f}"

    return show


def _copied(name: str) -> Callable[[VoicesRow], str]:
    return lambda row: UNKNOWN if row.copying is None else f"{getattr(row.copying, name):.2f}"


_FIGURES: Final[tuple[tuple[Column, Callable[[VoicesRow], str]], ...]] = (
    (Column("pieces", "number of pieces measured"), lambda row: str(row.pieces)),
    (
        Column("aligned\n%", "the voices have equally many bars, of equal lengths and bar lines"),
        _share("aligned"),
    ),
    (
        Column(
            "exact bars\nby voice %",
            "all bars of a voice last one measure, or less at the start or end of a section",
        ),
        lambda row: " ".join(f"{100 * share:.4g}" for share in row.exact_bars),
    ),
    (Column("valid\n%", "abclm validate --strict finds no problem"), _share("valid")),
    (
        Column("abc2midi\nclean %", "abc2midi -c finds no error, and voices of equal length"),
        _share("clean"),
    ),
    (Column("ended\n%", "the piece ended before the limit of characters"), _share("ended")),
    (Column("satb\n%", "four voices keep the ranges of a choir"), _share("ranges")),
    (
        Column(
            "par.\n5ths",
            "parallel fifths per 100 moves; a move leads from one moment at which any voice "
            "strikes a note to the next",
        ),
        _rate("fifths"),
    ),
    (Column("par.\n8ves", "parallel octaves and unisons per 100 moves"), _rate("octaves")),
    (Column("cross-\nings", "pairs of voices that are crossed, per 100 moves"), _rate("crossings")),
    (
        Column("gaps", "neighbouring upper voices over an octave apart, per 100 moves"),
        _rate("gaps"),
    ),
    (
        Column("final\ntonic\n%", "pieces whose last chord is that of the tonic, in root position"),
        _share("final_tonic"),
    ),
    (
        Column("chords\n%", "of those on strong beats, triads and seventh chords"),
        _share("chords"),
    ),
    (
        Column(
            "copy\nmedian",
            "the largest share of a piece's full bars, all voices together and in any key, found "
            "in one training piece; half of the pieces have less",
        ),
        _copied("median"),
    ),
    (Column("copy\np95", "the same; 95 of 100 pieces have less"), _copied("p95")),
    (
        Column("copy\n≥ ½\n%", "pieces with half of their bars or more in one training piece"),
        lambda row: UNKNOWN if row.copying is None else percent(row.copying.half),
    ),
    (
        Column("taken\naway", "bits per piece that the grammar takes from the model"),
        lambda row: UNKNOWN if row.taken is None else f"{row.taken:.1f}",
    ),
)
_APART: Final = (
    Column("told from real, held out", "whose pieces a classifier tells from real ones"),
    Column(
        "chords and lines\nAUC",
        "area under the ROC curve of a logistic regression on n-grams of chords and of the lines "
        "of each voice, with its 95 % interval; .5: they cannot be told apart, 1: they always can",
    ),
)
