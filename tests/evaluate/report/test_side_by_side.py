"""Checkpoints side by side: a column for each, a row for each figure that is known."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from abclm.compose.generation import Composer
from abclm.corpus.store import Corpus
from abclm.evaluate.evaluation import Evaluation, Options, evaluate
from abclm.evaluate.report.side_by_side import describe_network, side_by_side
from abclm.evaluate.tunes import held_out_splits
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.originality.index import build_index
from tests.evaluate.conftest import READ, TUNES


@pytest.fixture(scope="module")
def found(spelling_model: Callable[..., Checkpoint]) -> Evaluation:
    model = spelling_model(READ[0], "".join(READ))
    corpus = Corpus("three", TUNES, TUNES, (), report={"sha256": "0"})
    index = build_index(("three", ""), [f"X:1\n{text}" for text in TUNES])
    splits = held_out_splits(corpus, Composer(model).read)
    return evaluate(model, corpus, splits, index, Options(count=1))


def heads(evaluations: dict[str, Evaluation]) -> list[str]:
    return [column.head for column in side_by_side(evaluations).columns]


def test_each_checkpoint_and_each_corpus_has_a_column(found: Evaluation) -> None:
    assert heads({"a": found, "b": found}) == ["", "a", "b", "real tunes\nthree"]
    other = replace(found, corpus=("four", "1"))
    assert heads({"a": found, "b": other})[3:] == ["real tunes\nthree", "real tunes\nfour"]


def test_rows_are_the_figures_of_one_checkpoint(found: Evaluation) -> None:
    config = found.config
    network = replace(config.network, units=48, cell="gru", attention=4)
    other = replace(config, network=network, results={"epoch": 50})
    table = side_by_side({"a": found, "b": replace(found, config=other)})
    shown = {row[0]: row[1:] for row in table.rows}
    assert shown["network"][1] == "GRU 1 x 48, attention 4 x 128"
    assert shown["epoch"] == ("-", "50", "-")
    assert shown["bits/char held out by family"][0] == f"{_bits(found):.3f}"
    assert shown["tunes"] == ("1", "1", "3")
    assert shown["valid %"][0] == shown["--raw: valid %"][0] == shown["valid %"][1]
    assert "likeness" in shown
    assert all(any(cell != "-" for cell in cells) for cells in shown.values())


def test_rows_of_a_group_stand_together(found: Evaluation) -> None:
    groups = side_by_side({"a": found, "b": found}).groups
    assert list(dict.fromkeys(groups)) == ["checkpoint", "predicted", "written", "raw", "speed"]
    assert groups == tuple(sorted(groups, key=list(dict.fromkeys(groups)).index))


def test_a_network_is_described_in_a_few_words(found: Evaluation) -> None:
    units = found.config.network.units
    assert describe_network(found.config) == f"LSTM 1 x {units}"


def _bits(found: Evaluation) -> float:
    return found.bits[0].bits["family"].per_character
