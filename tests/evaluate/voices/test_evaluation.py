"""A network that spells one piece of four voices is measured beside real ones."""

from collections.abc import Callable

import pytest

from abclm.compose.generation import Composer
from abclm.corpus.store import Corpus
from abclm.evaluate.options import Options
from abclm.evaluate.tunes import held_out_splits
from abclm.evaluate.voices.evaluation import VoicesEvaluation, evaluate_voices
from abclm.evaluate.voices.table import voices_tables
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.rows_text import piece_text, usual_of_pieces
from tests.evaluate.voices.pieces import chorale

TRAIN = tuple(chorale(rows, rows) for rows in ("0120", "0130", "3120"))
HELD_OUT = (chorale("0210", "held"), chorale("0220", "out"))
CORPUS = Corpus("four", TRAIN, HELD_OUT, (), report={"sha256": "abc"})
ALPHABET = "".join(map(chr, range(32, 127))) + "\n"


@pytest.fixture(scope="module")
def model(spelling_model: Callable[..., Checkpoint]) -> Checkpoint:
    return spelling_model(piece_text(TRAIN[0], usual_of_pieces(TRAIN)), ALPHABET)


@pytest.fixture(scope="module")
def evaluation(model: Checkpoint) -> VoicesEvaluation:
    said: list[str] = []
    found = evaluate_voices(
        model,
        CORPUS,
        held_out_splits(CORPUS, Composer(model).read),
        Options(count=3, temperature=0.0),
        no_parallels=True,
        progress=said.append,
    )
    assert "told apart: not measured: real pieces are 2; it takes 25" in said
    return found


def test_the_rows_are_the_models_and_real_ones(evaluation: VoicesEvaluation) -> None:
    assert [(row.name, row.kind, row.pieces) for row in evaluation.rows] == [
        ("test", "model", 3),
        ("test --no-parallels", "model", 3),
        ("real, held out by family", "human", 2),
        ("real, training", "human", 3),
    ]


def test_a_network_that_spells_a_training_piece_is_seen_through(
    evaluation: VoicesEvaluation,
) -> None:
    row = evaluation.rows[0]
    assert (row.aligned, row.valid, row.ended) == (1, 1, 1)
    assert row.copying is not None
    assert (row.copying.median, row.copying.half) == (1, 1)
    assert row.taken is not None
    # F and G major have one shape, and all bars of each training piece are in another one.
    real = evaluation.rows[3]
    assert real.copying is not None
    assert real.copying.median == 1


def test_bits_are_those_of_whole_pieces(evaluation: VoicesEvaluation) -> None:
    assert [row.name for row in evaluation.bits] == ["test", "n-gram of order 6"]
    # Each of the two pieces has 16 notes.
    assert {row.bits["family"].notes for row in evaluation.bits} == {32}
    assert all(row.bits["family"].per_note > 0 for row in evaluation.bits)


def test_the_figures_for_json_are_plain(evaluation: VoicesEvaluation) -> None:
    found = evaluation.as_dict()
    assert found["corpus"] == {"name": "four", "sha256": "abc"}
    assert found["splits"] == {"family": {"pieces": 2, "left_out": {}}}
    assert [row["name"] for row in found["rows"]] == [row.name for row in evaluation.rows]
    assert found["told_apart"] is None


def test_tables_of_one_and_of_two_checkpoints(evaluation: VoicesEvaluation) -> None:
    pieces, bits = voices_tables([evaluation])
    assert [row[0] for row in pieces.rows] == [row.name for row in evaluation.rows]
    assert {len(row) for row in pieces.rows} == {len(pieces.columns)}
    assert pieces.rows[0][2:4] == ("100.0", "100 100 100 100")
    assert len(bits.rows) == 2
    both, *_ = voices_tables([evaluation, evaluation])
    # The real pieces of one corpus stand there once.
    assert [row[0] for row in both.rows].count("real, training") == 1
    assert [row[0] for row in both.rows].count("test") == 2
