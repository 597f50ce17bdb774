"""The state of a run: each kind of damage, and what it does not belong to, is named in one line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs TensorFlow")

from safetensors.numpy import save

from abclm.errors import TrainingError
from abclm.model.checkpoint.tensor_file import read_tensors, save_tensors
from abclm.model.training.training_state import (
    STATE,
    TrainingPosition,
    load_state,
    save_state,
)
from tests.model.training.states import read_position

IDENTITY = {"training.seed": 3, "corpus": "a hash"}


@pytest.fixture
def variables() -> list[tuple[str, Any]]:
    import keras

    return [("a", keras.Variable([1.0, 2.0])), ("b", keras.Variable([[3]], dtype="int64"))]


@pytest.fixture
def state(tmp_path: Path, variables: list[tuple[str, Any]]) -> Path:
    save_state(tmp_path / STATE, variables, TrainingPosition(epoch=2, step=5, best=1.5), IDENTITY)
    return tmp_path / STATE


def refused(
    state: Path,
    variables: list[tuple[str, Any]],
    message: str,
    identity: dict[str, Any] | None = None,
) -> None:
    """Loading fails with one line, and changes no variable."""
    before = [np.array(variable.numpy()) for _, variable in variables]
    with pytest.raises(TrainingError, match=message) as caught:
        load_state(state, variables, identity or IDENTITY)
    assert "\n" not in str(caught.value)
    for (_, variable), values in zip(variables, before, strict=True):
        assert np.array_equal(variable.numpy(), values)


def test_what_was_saved_is_loaded(state: Path, variables: list[tuple[str, Any]]) -> None:
    for _, variable in variables:
        variable.assign(variable * 0)
    assert load_state(state, variables, IDENTITY) == TrainingPosition(epoch=2, step=5, best=1.5)
    assert [variable.numpy().tolist() for _, variable in variables] == [[1.0, 2.0], [[3]]]
    assert read_position(state).step == 5


def test_a_newer_format_asks_for_an_update(state: Path, variables: list[tuple[str, Any]]) -> None:
    state.write_bytes(save({"a": np.zeros(2)}, {"abclm": '{"format": 2}'}))
    refused(state, variables, "has format 2, this abclm reads 1: update abclm")


def test_another_hash_than_that_of_the_numbers_is_noticed(
    state: Path, variables: list[tuple[str, Any]]
) -> None:
    digest = read_tensors(state).sha256.encode()
    state.write_bytes(state.read_bytes().replace(digest, bytes(reversed(digest))))
    refused(state, variables, "damaged: its numbers do not match their checksum")


@pytest.mark.parametrize("size", [0, 4, 100, -1])
def test_a_state_cut_short_is_damaged(
    state: Path, variables: list[tuple[str, Any]], size: int
) -> None:
    state.write_bytes(state.read_bytes()[:size])
    refused(state, variables, "damaged")


def test_a_changed_byte_is_noticed(state: Path, variables: list[tuple[str, Any]]) -> None:
    data = bytearray(state.read_bytes())
    data[-3] ^= 4
    state.write_bytes(data)
    refused(state, variables, "damaged: its numbers do not match their checksum")


def test_a_changed_digit_of_the_position_is_noticed(
    state: Path, variables: list[tuple[str, Any]]
) -> None:
    data = state.read_bytes()
    before = b'\\\\\\"step\\\\\\": 5'
    assert data.count(before) == 1
    state.write_bytes(data.replace(before, before[:-1] + b"7"))
    refused(state, variables, "damaged: its notes do not match their checksum")


def test_a_state_from_before_a_setting_existed_had_its_default(
    state: Path, variables: list[tuple[str, Any]]
) -> None:
    now = {**IDENTITY, "network.cell": "lstm", "network.attention": 0, "training.loss": "focal"}
    refused(state, variables, "was trained with training.loss cross_entropy, not focal", now)
    now["training.loss"] = "cross_entropy"
    assert load_state(state, variables, now).epoch == 2


def test_a_missing_state_is_named(tmp_path: Path, variables: list[tuple[str, Any]]) -> None:
    refused(tmp_path / STATE, variables, "nothing to resume: .*no such file")


@pytest.mark.parametrize(
    "notes",
    [
        {},
        {"identity": "{}", "position": '{"epoch": 1, "age": 7}'},
        {"identity": "7", "position": "{}"},
        {"identity": "{}", "position": "no json"},
    ],
)
def test_notes_of_something_else_are_named(
    state: Path, variables: list[tuple[str, Any]], notes: dict[Any, Any]
) -> None:
    save_tensors(state, {"a": np.zeros(2)}, dtype=None, notes=notes)
    refused(state, variables, "not the state of a training run")


@pytest.mark.parametrize(("name", "values"), [("a", [1.0]), ("c", [1.0, 2.0])])
def test_numbers_of_another_shape_or_name_are_named(
    state: Path, variables: list[tuple[str, Any]], name: str, values: list[float]
) -> None:
    tensors = {name: np.array(values), "b": np.array([[3]])}
    notes = {"identity": json.dumps(IDENTITY), "position": "{}"}
    save_tensors(state, tensors, dtype=None, notes=notes)
    refused(state, variables, "was written by other versions of abclm or Keras: a")


def test_other_settings_and_tunes_are_named(state: Path, variables: list[tuple[str, Any]]) -> None:
    other = {**IDENTITY, "training.seed": 4}
    refused(state, variables, "was trained with training.seed 3, not 4", other)
    refused(state, variables, "was trained on other tunes", {**IDENTITY, "corpus": "another"})
