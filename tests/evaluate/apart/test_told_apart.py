import sys

import numpy as np
import pytest

from abclm.errors import MissingExtraError
from abclm.evaluate.apart.classifiers import group_folds
from abclm.evaluate.apart.comparison import compare
from abclm.evaluate.apart.told_apart import FEWEST, Side, area, tell_apart, too_few
from abclm.notation.tune.music import Tune
from tests.evaluate.conftest import parse
from tests.evaluate.music import tune_with_form, tune_without_form

pytestmark = pytest.mark.slow

COUNT = 40


def with_form(seed: int, count: int = COUNT) -> list[Tune]:
    rng = np.random.default_rng(seed)
    return [tune_with_form(rng, f"with {seed} {number}") for number in range(count)]


def without_form(count: int = COUNT) -> list[Tune]:
    rng = np.random.default_rng(99)
    return [tune_without_form(rng) for _ in range(count)]


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    # Of 2 x 2 pairs: .9 above both, .5 above .1 and equal to .5: 3.5 of 4.
    found = area(np.array([0, 0, 1, 1]), np.array([0.1, 0.5, 0.5, 0.9]))
    assert found.value == 3.5 / 4
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_the_interval_narrows_with_more_tunes_and_is_the_same_each_time() -> None:
    rng = np.random.default_rng(0)
    few, many = np.repeat([0, 1], 20), np.repeat([0, 1], 500)
    narrow = area(many, rng.normal(many * 1.0))
    wide = area(few, rng.normal(few * 1.0))
    assert narrow.high - narrow.low < wide.high - wide.low
    scores = rng.normal(size=40)
    assert area(few, scores) == area(few, scores)


def test_tunes_with_form_and_tunes_without_are_told_apart() -> None:
    found = tell_apart(Side.of(with_form(1), written=False), Side.of(without_form(), written=True))
    assert found.features.value > 0.95
    assert found.ngrams.value > 0.7
    assert found.tunes == (COUNT, COUNT)
    table = found.as_dict()
    assert set(table) == {"features", "ngrams", "tunes"}
    assert set(table["features"]) == {"value", "low", "high"}


def test_tunes_of_one_kind_cannot_be_told_apart() -> None:
    found = tell_apart(Side.of(with_form(1), written=False), Side.of(with_form(2), written=False))
    assert 0.25 < found.features.value < 0.75
    assert 0.25 < found.ngrams.value < 0.75


def test_short_tunes_are_left_out_and_few_tunes_say_nothing() -> None:
    short = parse("T:t\nM:4/4\nL:1/8\nK:G\nG8|]\n")
    side = Side.of([*with_form(1, 3), short], written=False)
    assert len(side.lines) == len(side.melodies) == 3
    assert too_few(side) == f"tunes are 3 of 16 notes and 4 full bars or more; it takes {FEWEST}"
    assert not too_few(Side.of(with_form(1), written=False))


def test_titles_of_written_tunes_make_no_family() -> None:
    real, written = (Side.of(without_form(3), written=each) for each in (False, True))
    assert {melody.title for melody in real.melodies} == {"without"}
    assert {melody.title for melody in written.melodies} == {""}


def test_no_family_is_learnt_from_and_judged() -> None:
    labels, groups = np.tile([0, 1], 20), np.arange(40) // 4
    folds = list(group_folds(labels, groups.tolist(), 5))
    assert len(folds) == 5
    for learnt, judged in folds:
        assert not set(groups[learnt]) & set(groups[judged])
    assert sorted(np.concatenate([judged for _, judged in folds])) == list(range(40))


def test_a_comparison_has_the_floor_beside() -> None:
    found = compare(with_form(1), without_form(), with_form(2))
    assert found.told_apart is not None
    assert found.floor is not None
    assert found.floor.features.value < found.told_apart.features.value
    assert not found.remarks
    assert abs(found.effects[0].effect) > 2
    assert found.ngrams


def test_few_tunes_leave_a_remark() -> None:
    found = compare(with_form(1, 3), without_form(4), with_form(2, 3))
    assert (found.told_apart, found.floor, found.effects, found.ngrams) == (None, None, (), ())
    (remark,) = found.remarks
    assert remark.startswith("told apart: not measured: real tunes are 3 of 16 notes")


def test_one_tune_again_and_again_is_no_set_of_tunes() -> None:
    (remark,) = compare(with_form(1), without_form(1) * COUNT, with_form(2)).remarks
    assert remark == "told apart: not measured: written tunes are of 1 families; it takes 5"


def test_without_other_real_tunes_there_is_no_floor() -> None:
    found = compare(with_form(1), without_form(), with_form(2, 3))
    assert found.told_apart is not None
    assert found.floor is None


def test_without_scikit_learn_the_effects_stay_and_a_remark_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtraError):
        tell_apart(Side.of(with_form(1), written=False), Side.of(with_form(2), written=False))
    found = compare(with_form(1), without_form(), with_form(2))
    assert (found.told_apart, found.floor, found.ngrams) == (None, None, ())
    assert found.effects
    (remark,) = found.remarks
    assert "pip install 'abclm[evaluate]'" in remark
