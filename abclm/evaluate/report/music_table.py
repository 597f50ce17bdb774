"""The musical figures of an evaluation, as tables of text."""

from collections.abc import Callable, Sequence
from typing import Final

from abclm.evaluate.apart.effects import Effect, TellingNGram
from abclm.evaluate.apart.told_apart import Area, ToldApart
from abclm.evaluate.evaluation import Evaluation
from abclm.evaluate.musical import MusicFigures
from abclm.evaluate.report.table import NAME, UNKNOWN, Column, Table, percent

__all__ = [
    "breakdown_table",
    "effects_table",
    "music_table",
    "ngrams_table",
    "told_apart_table",
]

_ENDING: Final = 8
"""The index in `music_table` of the first column that is not about form."""


def music_table(evaluation: Evaluation) -> Table:
    """Return the table of what a listener would notice; rows without such figures are omitted."""
    rows = [(row, row.music) for row in evaluation.rows if row.music is not None]
    return Table(
        (NAME, _TUNES, *(column for column, _ in _FIGURES)),
        tuple((row.name, str(row.tunes or UNKNOWN), *_cells(music)) for row, music in rows),
        tuple(row.kind for row, _ in rows),
        _ENDING,
    )


def breakdown_table(evaluation: Evaluation, by: str) -> Table:
    """Return the same table for each rhythm or key.

    Args:
        evaluation: an evaluation that has the breakdown.
        by: ``rhythm`` or ``key``.
    """
    parts = evaluation.breakdowns[by]
    return Table(
        (
            Column(f"{by}: tunes of", f"tunes of one {by}, and who wrote them"),
            _TUNES,
            *(column for column, _ in _FIGURES),
        ),
        tuple(
            (f"{part.value}: {part.row}", str(part.tunes), *_cells(part.music)) for part in parts
        ),
        tuple(part.kind for part in parts),
        _ENDING,
    )


def told_apart_table(evaluation: Evaluation) -> Table | None:
    """Return the table of how well classifiers tell the tunes from real ones; None if unknown."""
    comparison = evaluation.comparison
    found = {
        evaluation.checkpoint[0]: comparison.told_apart,
        "real, training (the floor)": comparison.floor,
    }
    rows = [(name, *_areas(told)) for name, told in found.items() if told is not None]
    columns = (
        Column("told from real, held out", "whose tunes two classifiers tell from real ones"),
        Column(
            "features\nAUC",
            "area under the ROC curve of boosted trees on about 140 features, with its 95 % "
            "interval; .5: they cannot be told apart, 1: they always can. The floor differs from "
            ".5 by about .05, because there are few tunes",
        ),
        Column(
            "n-grams\nAUC",
            "the same of a logistic regression on n-grams of intervals, lengths and degrees",
        ),
        Column("tunes", "number of tunes, and of the held-out real ones they are compared with"),
    )
    return Table(columns, tuple(rows), ("model", "human")[: len(rows)]) if rows else None


def effects_table(effects: Sequence[Effect]) -> Table:
    """Return the table of the features of written and real tunes."""
    columns = (
        Column("feature", "intervals in semitones, lengths in measures, else shares"),
        Column("real", "mean of the held-out tunes"),
        Column("model", "mean of the tunes of the model in metre"),
        Column("effect", "the difference in standard deviations"),
        Column("95 %\ninterval", "of the effect"),
    )
    rows = tuple(
        (
            each.feature,
            f"{each.real:.2f}",
            f"{each.written:.2f}",
            f"{each.effect:+.2f}",
            f"{each.low:+.2f} {each.high:+.2f}",
        )
        for each in effects
    )
    return Table(columns, rows, ("effect",) * len(rows))


def ngrams_table(ngrams: Sequence[TellingNGram]) -> Table:
    """Return the table of the n-grams most typical of written tunes and of real ones."""
    columns = (
        Column(
            "n-gram",
            "of notes: +2:1/8 is two letters up and an eighth long; 5@1/4 is the fifth degree, a "
            "quarter into the bar; | ends a bar, || a section, |] the tune",
        ),
        Column("real\n%", "held-out tunes that have it"),
        Column("model\n%", "tunes of the model in metre that have it"),
        Column("weight", "positive if typical of the model, negative if of real tunes"),
    )
    rows = tuple(
        (each.ngram, percent(each.real), percent(each.written), f"{each.weight:+.2f}")
        for each in ngrams
    )
    kinds = tuple("machine" if each.weight > 0 else "real" for each in ngrams)
    return Table(columns, rows, kinds)


def _areas(told: ToldApart) -> tuple[str, str, str]:
    return _area(told.features), _area(told.ngrams), f"{told.tunes[1]} : {told.tunes[0]}"


def _area(area: Area) -> str:
    return f"{area.value:.3f} ({area.low:.3f} to {area.high:.3f})"


def _cells(music: MusicFigures) -> list[str]:
    return [show(music) for _, show in _FIGURES]


def _share(name: str) -> Callable[[MusicFigures], str]:
    return lambda music: percent(getattr(music, name))


def _quarters(music: MusicFigures) -> str:
    quarters = music.key_by_quarter
    return " ".join(f"{100 * share:.0f}" for share in quarters) if quarters else UNKNOWN


_TUNES: Final = Column("tunes", "number of tunes measured")
_FIGURES: Final[tuple[tuple[Column, Callable[[MusicFigures], str]], ...]] = (
    (
        Column("final\ntonic\n%", "tunes whose last note is the tonic of their key"),
        _share("final_tonic"),
    ),
    (
        Column("endings\nagree\n%", "tunes whose sections all end on the same note"),
        _share("endings_agree"),
    ),
    (
        Column(
            "bar 5\n= bar 1\n%", "sections of 8 bars or more whose bar 5 is bar 1, note by note"
        ),
        _share("bar_5_is_bar_1"),
    ),
    (
        Column(
            "bars 1-2\n~ 5-6\n%", "how similar they are: the time in which the same note sounds"
        ),
        _share("question_and_answer"),
    ),
    (
        Column("rhyme\n%", "how similar the last two bars of later sections are to those of A"),
        _share("rhyme"),
    ),
    (Column("distinct\nbars\n%", "of all full bars of a tune"), _share("distinct_bars")),
    (
        Column(
            "cadence\n%",
            "tunes whose last four degrees are among the forty commonest of the training tunes",
        ),
        _share("cadence"),
    ),
    (
        Column(
            "key by\nquarter\n%",
            "tunes whose notes fit the declared key, tonic and mode, better than any other, in "
            "each quarter of the tune: correlation with the degrees of the training tunes",
        ),
        _quarters,
    ),
    (Column("tri-\ntones\n%", "tunes with a leap of a tritone"), _share("tritones")),
    (
        Column(
            "needless\naccid.\n%",
            "tunes with a redundant accidental, which the key signature or an earlier accidental "
            "in the bar already gives",
        ),
        _share("needless_accidentals"),
    ),
)
