import sys

import numpy as np
import pytest

from abclm.evaluate.apart.told_apart import FEWEST
from abclm.evaluate.voices.apart import compare_pieces
from abclm.evaluate.voices.figures import parse_piece
from abclm.notation.tune.music import Tune
from tests.evaluate.voices.pieces import chorale, random_chorale


def pieces(seed: int, count: int = FEWEST, *, parallel: bool) -> list[Tune]:
    rng = np.random.default_rng(seed)
    return [
        parse_piece(random_chorale(rng, f"{seed} {number}", parallel=parallel))
        for number in range(count)
    ]


def test_pieces_of_another_kind_are_told_apart_and_those_of_one_kind_are_not() -> None:
    real = pieces(1, parallel=False)
    found = compare_pieces(real, pieces(2, parallel=True), pieces(3, parallel=False))
    assert found.written is not None
    assert found.written.value > 0.9
    assert found.floor is not None
    assert 0.2 < found.floor.value < 0.8
    assert not found.remarks
    assert set(found.as_dict()) == {"told_apart", "floor"}
    assert set(found.as_dict()["floor"]) == {"value", "low", "high"}


def test_too_few_pieces_and_too_few_families_are_said() -> None:
    real, few = pieces(1, parallel=False), pieces(2, 3, parallel=False)
    assert compare_pieces(few, real, []).remarks == (
        "told apart: not measured: real pieces are 3; it takes 25",
    )
    found = compare_pieces(real, [parse_piece(chorale("0123"))] * FEWEST, [])
    assert found.remarks == (
        "told apart: not measured: written pieces are of 1 families; it takes 5",
    )
    assert found.as_dict() == {"told_apart": None, "floor": None}


def test_without_enough_others_there_is_no_floor() -> None:
    found = compare_pieces(pieces(1, parallel=False), pieces(2, parallel=True), [])
    assert found.written is not None
    assert found.floor is None


def test_without_scikit_learn_a_remark_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    real = pieces(1, parallel=False)
    (remark,) = compare_pieces(real, pieces(2, parallel=True), []).remarks
    assert "abclm[evaluate]" in remark
