from collections.abc import Callable

import pytest

from abclm.compose.generation import Composer
from abclm.corpus.store import Corpus
from abclm.errors import InputError
from abclm.evaluate.evaluation import Evaluation, Options, evaluate
from abclm.evaluate.report.music_table import breakdown_table, music_table, told_apart_table
from abclm.evaluate.report.table import bits_table, tunes_table
from abclm.evaluate.rows import REFERENCES
from abclm.evaluate.tunes import held_out_splits
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.originality.index import build_index
from tests.evaluate.conftest import ONE, READ, THREE, TUNES, TWO

CORPUS = Corpus("three", TUNES, (ONE, TWO), (THREE,), report={"sha256": "abc"})


@pytest.fixture(scope="module")
def spells_two(spelling_model: Callable[..., Checkpoint]) -> Checkpoint:
    """A network that writes nothing but the tune Two."""
    return spelling_model(READ[1], "".join(READ))


def run(model: Checkpoint, said: list[str] | None = None) -> Evaluation:
    index = build_index(("three", "abc"), [f"X:1\n{text}" for text in TUNES])
    splits = held_out_splits(CORPUS, Composer(model).read)
    progress = said.append if said is not None else lambda _message: None
    return evaluate(
        model, CORPUS, splits, index, Options(count=2, seed=5), by=("key",), progress=progress
    )


@pytest.fixture(scope="module")
def evaluation(spells_two: Checkpoint) -> Evaluation:
    return run(spells_two)


def test_rows_come_in_order_and_references_last(evaluation: Evaluation) -> None:
    assert [(row.name, row.kind, row.tunes) for row in evaluation.rows] == [
        ("test --raw", "model", 2),
        ("test", "model", 2),
        ("real, held out by family", "human", 2),
        ("real, training", "human", 2),
        ("n-gram of order 6", "baseline", 2),
        *((row.name, "reference", None) for row in REFERENCES),
    ]


def test_a_network_that_spells_one_tune_is_seen_through(evaluation: Evaluation) -> None:
    raw, in_metre = evaluation.rows[:2]
    # Two has a bar too short; every bar of it stands in the training tune Two.
    assert (raw.exact_bars, raw.repeats, raw.valid, raw.ended) == (0, 1, 0, 1)
    assert raw.copying is not None
    assert (raw.copying.median, raw.copying.half) == (1, 1)
    assert (in_metre.exact_bars, in_metre.strict_metre, in_metre.valid) == (1, 1, 1)
    # Raw, the grammar is not asked, and would not have let it pass; in metre it takes bits.
    assert (raw.passed, raw.taken, in_metre.passed) == (0, None, None)
    assert in_metre.taken is not None
    assert in_metre.taken > 1
    assert len(evaluation.tunes) == 2
    assert raw.characters_per_second is not None


def test_the_human_row_is_what_is_held_out(evaluation: Evaluation) -> None:
    held_out, training = evaluation.rows[2:4]
    assert (held_out.exact_bars, held_out.repeats, held_out.eight_bar_sections) == (0.5, 1, 0.5)
    assert held_out.likeness is None
    assert training.likeness is not None
    # No bar of one of the three stands in another.
    assert training.copying is not None
    assert training.copying.median == 0


def test_bits_of_the_network_and_the_ngram_on_both_splits(evaluation: Evaluation) -> None:
    network, ngram = evaluation.bits
    assert list(network.bits) == list(ngram.bits) == ["family", "tune"]
    family = network.bits["family"]
    # They are read without titles: 46 and 30 characters and the end; 9 and 5 notes.
    assert (family.characters, family.notes) == (47 + 31, 14)
    assert ngram.bits["family"].characters == 53 + 36
    assert (network.bits["tune"].characters, ngram.bits["tune"].characters) == (55, 60)
    # It has learnt these very tunes.
    assert ngram.bits["tune"].per_character < 1 < network.bits["tune"].per_character


def test_the_same_arguments_give_the_same_figures(
    evaluation: Evaluation, spells_two: Checkpoint
) -> None:
    said: list[str] = []
    again, first = run(spells_two, said).as_dict(), evaluation.as_dict()
    for table in (again, first):
        for row in table["rows"]:
            row.pop("characters_per_second")
        assert table.pop("speed")["characters_per_second"] > 0
    assert again == first
    assert first["options"] == {"count": 2, "seed": 5, "temperature": 0.85, "candidates": 8}
    assert first["splits"]["tune"] == {"tunes": 1, "left_out": {}}
    assert first["bits"][0]["family"]["notes"] == 14
    assert any("writing 2 tunes" in message for message in said)


def test_tables_have_a_cell_for_every_column(evaluation: Evaluation) -> None:
    tables = (
        tunes_table(evaluation),
        music_table(evaluation),
        breakdown_table(evaluation, "key"),
        bits_table(evaluation),
    )
    for table in tables:
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert len(table.groups) == len(table.rows)
        assert all(column.meaning for column in table.columns)
    shown = {row[0]: row[1:] for row in tunes_table(evaluation).rows}
    assert shown["test --raw"][:2] == ("2", "0.0")
    assert shown["folk-rnn, published"][:5] == ("-", "95.3", "98.4", "78.1", "-")
    assert shown["LSTM, no dropout"][9:] == ("0.14", "0.71", "11.8", "-")


def test_musical_figures_stand_in_a_table_of_their_own(evaluation: Evaluation) -> None:
    shown = {row[0]: row[1:] for row in music_table(evaluation).rows}
    # Two is A B c A e in A minor: its end is the fifth, its three bars are distinct. In metre its
    # short bar is filled.
    assert shown["test --raw"][:7] == ("2", "0.0", "-", "-", "-", "-", "100.0")
    # One ends on its tonic, and bar 5 is A, not G.
    one = evaluation.rows[2].music
    assert one is not None
    assert (one.final_tonic, one.bar_5_is_bar_1) == (0.5, 0)
    assert shown["folk-rnn, published"][:7] == ("-", "67.0", "53.0", "11.0", "-", "27.0", "97.0")
    # Rows of which nothing musical is known are not there.
    assert "LSTM, 3 of 800" not in shown


def test_a_breakdown_has_the_parts_of_every_row(evaluation: Evaluation) -> None:
    parts = evaluation.breakdowns["key"]
    assert [part.tunes for part in parts] == [2, 2, 2, 2, 2]
    assert {part.value for part in parts} == {"other"}
    assert breakdown_table(evaluation, "key").rows[0][0] == "other: test --raw"
    assert evaluation.as_dict()["breakdowns"]["key"][0]["row"] == "test --raw"


def test_with_few_tunes_nothing_is_told_apart_and_a_remark_says_why(
    evaluation: Evaluation,
) -> None:
    assert told_apart_table(evaluation) is None
    assert evaluation.as_dict()["told_apart"] is None
    assert evaluation.comparison.remarks[0].startswith("told apart: not measured")


def test_a_breakdown_by_something_else_is_refused(spells_two: Checkpoint) -> None:
    splits = held_out_splits(CORPUS, Composer(spells_two).read)
    index = build_index(("three", "abc"), [f"X:1\n{text}" for text in TUNES])
    with pytest.raises(InputError, match="rhythm or key"):
        evaluate(spells_two, CORPUS, splits, index, Options(count=1), by=("title",))


def test_a_narrow_page_has_form_and_copying_one_below_the_other(evaluation: Evaluation) -> None:
    whole = tunes_table(evaluation)
    form, copying = whole.halves()
    assert [*form.columns, *copying.columns[1:]] == list(whole.columns)
    assert form.columns[-1].head.startswith("ended")
    assert [column.head.split()[0] for column in copying.columns[1:4]] == [
        "passed",
        "taken",
        "copy",
    ]
    # Who has no figure in a half is not in it.
    assert "LSTM, no dropout" not in {row[0] for row in form.rows}
    assert {row[0] for row in copying.rows}.isdisjoint({"folk-rnn, published", "LSTM, 3 of 800"})
    assert copying.groups[-1] == "reference"


@pytest.mark.parametrize(
    ("options", "message"), [({"count": 0}, "count must be 1"), ({"seed": -1}, "seed must be 0")]
)
def test_options_say_what_they_must_be(options: dict[str, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Options(**options)
