import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from abclm.compose.generation import Composer
from abclm.corpus.store import Corpus
from abclm.evaluate.apart.comparison import compare
from abclm.evaluate.evaluation import Evaluation, Options, evaluate
from abclm.evaluate.musical import MusicFigures
from abclm.evaluate.report.pictures import draw_histogram, draw_loss, draw_roll, pitch_name
from abclm.evaluate.report.report import build_report
from abclm.evaluate.tunes import held_out_splits
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.checkpoint.history import EpochRow
from abclm.notation.play.sounding import sounding_notes
from abclm.originality.index import build_index
from tests.browser import PAYLOADS, needs_browser, opened, ran
from tests.evaluate.conftest import ONE, READ, TUNES, parse
from tests.evaluate.music import tune_with_form, tune_without_form

HISTORY = [
    EpochRow(1, 10, 1000, 2.5, 2.75, 0.001, 5000.0, 1.0),
    EpochRow(2, 20, 2000, 2.25, 2.5, 0.001, 5000.0, 2.0),
]
VOID = {"meta", "br", "path", "use", "rect"}


@pytest.fixture(scope="module")
def evaluation(spelling_model: Callable[..., Checkpoint]) -> Evaluation:
    model = spelling_model(READ[0], "".join(READ))
    corpus = Corpus("three", TUNES, TUNES, (), report={"sha256": "0123456789abcdef0"})
    index = build_index(("three", ""), [f"X:1\n{text}" for text in TUNES])
    splits = held_out_splits(corpus, Composer(model).read)
    return evaluate(model, corpus, splits, index, Options(count=6))


@pytest.fixture(scope="module")
def page(evaluation: Evaluation) -> str:
    return build_report(evaluation, HISTORY)


class Balanced(HTMLParser):
    """Collects what is open, and complains of what closes something else."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.links: list[str] = []
        self.images: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.names += [name for name in [values.get("id")] if name]
        self.links += [name for key, name in attrs if key in {"src", "href"} and name]
        if tag == "svg":
            assert values["role"] == "img"
            self.images.append(values["aria-label"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names += [name for key, name in attrs if key == "id" and name]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_no_other_file(page: str) -> None:
    parser = Balanced()
    parser.feed(page)
    assert not parser.open
    assert not parser.links
    assert "url(http" not in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    # Pictures share a page, so no two things in it may have one name.
    assert len(parser.names) == len(set(parser.names))


def test_every_picture_says_what_it_shows(page: str) -> None:
    parser = Balanced()
    parser.feed(page)
    labels = [label or "" for label in parser.images]
    assert len(labels) == 5
    assert "2.250 on training tunes and 2.500 on held-out tunes" in labels[0]
    assert [label.split(",")[0] for label in labels[1:4]] == [
        "Share of the notes by pitch",
        "Share of the notes by semitones above the tonic",
        "Share of the notes by note length",
    ]
    assert labels[4].startswith("Piano roll of “Untitled”")


def test_pictures_take_their_colours_from_the_page(page: str) -> None:
    pictures = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    assert "var(--accent)" in pictures
    assert not re.findall(r"#[0-9a-f]{6}\b(?![0-9a-f])", re.sub(r'"#[^"]*"', "", pictures))
    assert "font-family" not in pictures


def test_tables_and_five_tunes_are_there_as_text(page: str) -> None:
    assert page.count("<pre><code>X:") == 5
    assert f"<pre><code>X:1\nT:Untitled\n{READ[0]}</code></pre>" in page
    assert '<th scope="row">n-gram of order 6</th>' in page
    assert "<td>95.3</td><td>98.4</td><td>78.1</td>" in page
    assert "corpus three (0123456789abcdef)" in page
    assert "abclm generate -n 5 --seed 0 --checkpoint test" in page
    assert "What the columns mean" in page


def test_the_command_that_makes_the_tunes_has_what_is_not_usual(evaluation: Evaluation) -> None:
    options = Options(count=6, temperature=1, candidates=1)
    page = build_report(replace(evaluation, options=options), HISTORY)
    assert "generate -n 5 --seed 0 --temperature 1 --candidates 1 --checkpoint test" in page


def test_what_gives_the_model_away_has_a_picture_and_tables(evaluation: Evaluation) -> None:
    rng = np.random.default_rng(0)
    found = compare(
        [tune_with_form(rng, str(number)) for number in range(25)],
        [tune_without_form(rng) for _ in range(25)],
        [],
    )
    whole = replace(evaluation, comparison=found, breakdowns={"key": ()})
    page = build_report(whole, HISTORY)
    parser = Balanced()
    parser.feed(page)
    assert not parser.open
    labels = [label or "" for label in parser.images]
    assert "The 20 features in which the tunes differ most from real ones" in labels
    assert f"All {len(found.effects)} features" in page
    assert "last bar of B like A&#x27;s" in page
    assert "The n-grams that tell most" in page
    assert "told from real, held out" in page
    assert "<h3>By key</h3>" in page


def test_a_remark_stands_where_a_figure_is_missing(page: str) -> None:
    assert "told apart: not measured: real tunes are 0 of 16 notes" in page
    assert "too few training tunes of a mode to count its scale" in page


def test_the_key_by_quarter_is_drawn_for_one_row_of_a_kind(evaluation: Evaluation) -> None:
    known = MusicFigures(key_by_quarter=(0.5, 0.25, 0.75, 1.0))
    rows = tuple(
        replace(row, music=known) if row.music is not None else row for row in evaluation.rows
    )
    page = build_report(replace(evaluation, rows=rows), HISTORY)
    picture = next(
        part for part in re.findall(r"<svg.*?</svg>", page, re.DOTALL) if "by quarter" in part
    )
    names = set(re.findall(r">([^<>\n]+)</text>", picture))
    assert {"test", "real, held out by family", "n-gram of order 6"} <= names
    assert not {"test --raw", "real, training"} & names


def test_titles_are_escaped(evaluation: Evaluation) -> None:
    tune = replace(evaluation.tunes[0], text=ONE.replace("T:One", 'T:<b>&"'))
    page = build_report(replace(evaluation, tunes=(tune,)), HISTORY)
    assert "T:&lt;b&gt;&amp;&quot;" in page
    assert "<b>" not in page


def test_without_history_or_notes_the_page_says_so(evaluation: Evaluation) -> None:
    tune = replace(evaluation.tunes[0], text="T:t\nK:G\n")
    page = build_report(replace(evaluation, tunes=(tune,)), [])
    assert "This checkpoint has no training history" in page
    assert "There are no notes to compare" in page
    assert "No tune has notes" in page


def test_the_same_picture_is_the_same_text() -> None:
    assert draw_loss(HISTORY, "l") == draw_loss(HISTORY, "l")


def test_a_run_without_held_out_tunes_is_drawn_too() -> None:
    picture = draw_loss([replace(HISTORY[0], held_out_bits_per_character=None)], "l")
    assert "training tunes" in picture
    assert "held-out tunes" not in picture


def test_a_histogram_names_its_bars() -> None:
    picture = draw_histogram(
        "h", ["low", "", "high"], [0.5, 0, 0.5], [0, 1, 0], axis="a", label="l"
    )
    assert {"low", "high", "the model", "real tunes, held out"} <= set(
        re.findall(r">([^<>\n]+)</text>", picture)
    )


def test_a_piano_roll_has_sixteen_bars_to_a_line() -> None:
    # One has eight bars and plays them twice: a line, with its pickup before the first bar.
    notes = sounding_notes(parse(ONE))
    shown = re.findall(r">(\d+)</text>", draw_roll(notes, 0.5, 0.125, "l"))
    assert [int(number) for number in shown] == list(range(1, 17))
    again = re.findall(r">(\d+)</text>", draw_roll(notes, 0.25, 0.125, "l"))
    assert [int(number) for number in again] == list(range(1, 33))


def test_pitches_have_scientific_names() -> None:
    assert [pitch_name(pitch) for pitch in (60, 61, 59, 76)] == ["C4", "C♯4", "B3", "E5"]


@needs_browser
def test_names_and_tunes_of_others_run_nothing_in_a_browser(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    text = " ".join(PAYLOADS)
    tunes = tuple(replace(tune, text=f"T:{text}\n{ONE}%{text}\n") for tune in evaluation.tunes)
    rows = tuple(replace(row, name=f"{text} {row.name}") for row in evaluation.rows)
    hostile = replace(
        evaluation, checkpoint=(text, text), corpus=(text, text), tunes=tunes, rows=rows
    )
    page = build_report(hostile, HISTORY)
    document = opened(tmp_path / "report.html", re.sub("<meta http-equiv=[^>]*>", "", page))
    assert not ran(document)
    assert "<script" not in document
    assert "The tunes it writes" in document
