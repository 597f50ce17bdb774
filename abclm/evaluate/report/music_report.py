"""The musical part of a report: what a listener would notice, and what gives the model away."""

from html import escape
from typing import Final

from abclm.evaluate.evaluation import Evaluation
from abclm.evaluate.report.music_pictures import draw_effects, draw_quarters
from abclm.evaluate.report.music_table import (
    breakdown_table,
    effects_table,
    music_table,
    ngrams_table,
    told_apart_table,
)
from abclm.evaluate.report.report_parts import as_figure, as_meanings, as_table

__all__ = ["build_music", "build_told_apart"]

_DRAWN: Final = 20
"""The number of features in the picture; the table below it has all of them."""


def build_music(evaluation: Evaluation) -> str:
    """Build the HTML of the musical table, its breakdowns, and the key by quarter."""
    table = music_table(evaluation)
    parts = [as_table(table, "What a listener would notice"), as_meanings(table)]
    for by in evaluation.breakdowns:
        parts.append(f"<h3>By {escape(by)}</h3>")
        parts.append(as_table(breakdown_table(evaluation, by), f"The same by {by}"))
    return "\n".join([*parts, _quarters(evaluation)])


def build_told_apart(evaluation: Evaluation) -> str:
    """Build the HTML on whether classifiers tell the tunes from real ones, and by what."""
    comparison = evaluation.comparison
    parts = [f"<p>{escape(remark)}</p>" for remark in comparison.remarks]
    table = told_apart_table(evaluation)
    if table is not None:
        parts += [as_table(table, "Told apart from real tunes"), as_meanings(table)]
    if comparison.effects:
        shown = comparison.effects[:_DRAWN]
        label = f"The {len(shown)} features in which the tunes differ most from real ones"
        caption = f"{label}, with 95 % intervals."
        features = as_table(effects_table(comparison.effects), "All features")
        opens = f"<summary>All {len(comparison.effects)} features</summary>"
        parts += [
            as_figure(draw_effects(shown, label), caption),
            f"<details>{opens}{features}</details>",
        ]
    if comparison.ngrams:
        ngrams = ngrams_table(comparison.ngrams)
        parts += [
            "<h3>The n-grams that tell most</h3>",
            as_table(ngrams, "The n-grams that tell most"),
            f"<p>{escape(ngrams.columns[0].meaning)}.</p>",
        ]
    return "\n".join(parts)


def _quarters(evaluation: Evaluation) -> str:
    # One row per kind: the tunes written with the grammar, not the raw ones; the held-out tunes,
    # not the training tunes.
    shown = {row.kind: row for row in reversed(evaluation.rows[1:])}
    rows = {
        row.name: (row.kind, row.music.key_by_quarter)
        for row in reversed(list(shown.values()))
        if row.kind != "reference" and row.music is not None and row.music.key_by_quarter
    }
    if not rows:
        return "<p>There are too few training tunes of a mode to count its scale.</p>"
    label = "Share of tunes whose notes fit their key best, by quarter of the tune"
    return as_figure(draw_quarters(rows, label), f"{label}.")
