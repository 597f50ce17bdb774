"""The judge tells two styles apart, by the same weights each time, and its file is checked."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from abclm.compose.judge import JUDGE, Judge, fit_judge, load_judge, save_judge
from abclm.errors import CheckpointError
from abclm.model.checkpoint.tensor_file import read_tensors, save_tensors

SCALE = "GABcdefg"


def walking(rng: np.random.Generator) -> str:
    """A phrase that moves by step and ends on the tonic."""
    at, bars = int(rng.integers(3)), []
    for _ in range(3):
        notes = ""
        for _ in range(4):
            notes += SCALE[at]
            at = int(np.clip(at + rng.choice([-1, 1]), 0, 7))
        bars.append(notes)
    return "|".join([*bars, "G4"]) + "|]\n"


def leaping(rng: np.random.Generator) -> str:
    """A phrase that moves anywhere and ends anywhere."""
    letters = ["".join(SCALE[int(at)] for at in rng.integers(8, size=4)) for _ in range(4)]
    return "|".join(letters) + "|]\n"


def features(body: str) -> set[str]:
    """Its figures of two and of three notes."""
    return {body[at : at + length] for length in (2, 3) for at in range(len(body))}


def some(style: Callable[[np.random.Generator], str], count: int, seed: int) -> list[set[str]]:
    rng = np.random.default_rng(seed)
    return [features(style(rng)) for _ in range(count)]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return fit_judge(some(walking, 60, 1), some(leaping, 60, 2), steps=150)


def test_two_styles_are_told_apart(judge: Judge) -> None:
    real = [judge.weigh(one) for one in some(walking, 30, 3)]
    own = [judge.weigh(one) for one in some(leaping, 30, 4)]
    assert np.mean([left > right for left in real for right in own]) > 0.95
    assert np.mean(real) > 1
    assert np.mean(own) < -1


def test_both_sides_weigh_the_same_however_many_there_are() -> None:
    judge = fit_judge(some(walking, 20, 1), some(leaping, 80, 2), steps=150)
    assert np.mean([judge.weigh(one) > 0 for one in some(walking, 30, 3)]) > 0.8


def test_styles_that_are_the_same_are_not_told_apart() -> None:
    judge = fit_judge(some(walking, 40, 1), some(walking, 40, 2), steps=150)
    answers = [judge.weigh(one) for seed in (3, 4) for one in some(walking, 30, seed)]
    assert abs(np.mean(answers)) < 0.5


def test_the_same_phrases_make_the_same_judge(judge: Judge) -> None:
    again = fit_judge(some(walking, 60, 1), some(leaping, 60, 2), steps=150)
    np.testing.assert_array_equal(again.weights, judge.weights)
    assert again.bias == judge.bias


def test_a_feature_that_comes_twice_counts_once(judge: Judge) -> None:
    words = sorted(some(walking, 1, 3)[0])
    assert judge.weigh(words + words) == judge.weigh(words)


def test_a_judge_comes_back_from_its_file(judge: Judge, tmp_path: Path) -> None:
    save_judge(tmp_path / JUDGE, judge)
    loaded = load_judge(tmp_path / JUDGE)
    assert loaded.bias == judge.bias
    for one in some(walking, 5, 3):
        assert loaded.weigh(one) == pytest.approx(judge.weigh(one), abs=0.02)


def test_a_file_of_the_same_judge_has_the_same_bytes(judge: Judge, tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_judge(tmp_path / name, judge)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-9], lambda data: b"", lambda data: data[:-2] + b"\x00\x3c"]
)
def test_a_damaged_file_is_refused(
    damage: Callable[[bytes], bytes], judge: Judge, tmp_path: Path
) -> None:
    path = tmp_path / JUDGE
    save_judge(path, judge)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CheckpointError, match=JUDGE):
        load_judge(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=JUDGE):
        load_judge(tmp_path / JUDGE)


@pytest.mark.parametrize(
    "wrong",
    [
        Judge(np.zeros(7, np.float32), 0.0),
        Judge(np.full(1 << 17, np.nan, np.float32), 0.0),
        Judge(np.zeros(1 << 17, np.float32), float("inf")),
    ],
)
def test_what_is_no_judge_is_refused(wrong: Judge, tmp_path: Path) -> None:
    save_judge(tmp_path / JUDGE, wrong)
    with pytest.raises(CheckpointError, match=r"not a judge|weights has a number that is NaN"):
        load_judge(tmp_path / JUDGE)


def test_the_weights_of_a_network_are_no_judge(judge: Judge, tmp_path: Path) -> None:
    save_tensors(tmp_path / JUDGE, {"weights": replace(judge).weights})
    assert "judge" not in read_tensors(tmp_path / JUDGE).notes
    with pytest.raises(CheckpointError, match="not a judge"):
        load_judge(tmp_path / JUDGE)


def test_a_revised_judge_adds_a_share_of_what_the_other_heard(judge: Judge) -> None:
    other = fit_judge(some(walking, 20, 5), some(walking, 20, 6), steps=50)
    revised = judge.revised(other, 0.5)
    for phrase in some(leaping, 5, 7):
        expected = judge.weigh(phrase) + 0.5 * other.weigh(phrase)
        assert revised.weigh(phrase) == pytest.approx(expected, abs=1e-4)
