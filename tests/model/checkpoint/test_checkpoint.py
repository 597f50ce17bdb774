"""Checkpoints: what is written is read, and each kind of damage is named in one line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save

from abclm.errors import CheckpointError, InputError, OutputError
from abclm.model.checkpoint.checkpoint import (
    CONFIG,
    WEIGHTS,
    CheckpointConfig,
    find_checkpoint,
    list_checkpoints,
    load_checkpoint,
    load_config,
    save_config,
    shipped_checkpoints,
)
from abclm.model.checkpoint.tensor_file import read_tensors, save_tensors
from abclm.model.checkpoint.weights import weight_shapes
from abclm.model.cues.reader import CUES_VERSION
from abclm.model.settings import TrainingSettings
from abclm.model.text import Usual


def random_weights(config: CheckpointConfig) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(0)
    shapes = weight_shapes(config.network)
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def write(
    folder: Path, config: CheckpointConfig, weights: dict[str, NDArray[Any]] | None = None
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    save_config(folder, config)
    save_tensors(folder / WEIGHTS, weights or random_weights(config))
    return folder


ADDED = {"cell", "attention", "attention_span"}
"""Settings of networks that older configurations lack."""


@pytest.fixture
def config(make_config: Callable[..., CheckpointConfig]) -> CheckpointConfig:
    return make_config(num_layers=2)


@pytest.fixture
def folder(tmp_path: Path, config: CheckpointConfig) -> Path:
    return write(tmp_path / "tiny", config)


def change_config(folder: Path, **changes: object) -> None:
    values = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    values.update(changes)
    for name in [name for name, value in values.items() if value is None]:
        del values[name]
    (folder / CONFIG).write_text(json.dumps(values), encoding="utf-8")


def fails(folder: Path, *parts: str) -> None:
    """Loading fails with one line that has all ``parts``."""
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(folder)
    message = str(caught.value)
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_what_was_saved_is_loaded(folder: Path, config: CheckpointConfig) -> None:
    checkpoint = load_checkpoint(folder)
    assert checkpoint.config == config
    assert checkpoint.vocabulary == config.vocabulary
    for name, weight in random_weights(config).items():
        assert checkpoint.weights[name].dtype == np.float32
        assert np.array_equal(checkpoint.weights[name], weight.astype(np.float16))


def test_weights_take_two_bytes_each_on_disk(folder: Path, config: CheckpointConfig) -> None:
    numbers = sum(weight.size for weight in random_weights(config).values())
    assert (folder / WEIGHTS).stat().st_size < 2 * numbers + 2000


def test_equal_weights_make_equal_files_and_hashes(
    tmp_path: Path, config: CheckpointConfig
) -> None:
    for name in "ab":
        write(tmp_path / name, config)
    assert (tmp_path / "a" / WEIGHTS).read_bytes() == (tmp_path / "b" / WEIGHTS).read_bytes()
    one, other = (load_checkpoint(tmp_path / name).sha256 for name in "ab")
    assert one == other
    changed = random_weights(config)
    changed["dense/bias"] += 1
    assert load_checkpoint(write(tmp_path / "c", config, changed)).sha256 != one


def test_notes_and_number_types_are_kept(tmp_path: Path) -> None:
    tensors: dict[str, NDArray[Any]] = {
        "whole": np.arange(3),
        "real": np.ones((2, 2), np.float32),
        "point": np.array(1.5),
    }
    save_tensors(tmp_path / "state", tensors, dtype=None, notes={"at": "epoch 3"})
    file = read_tensors(tmp_path / "state")
    assert file.notes == {"at": "epoch 3"}
    for name, tensor in tensors.items():
        assert file.tensors[name].dtype == tensor.dtype
        assert np.array_equal(file.tensors[name], tensor)


def test_the_configuration_can_be_read_by_a_person(folder: Path) -> None:
    text = (folder / CONFIG).read_text(encoding="utf-8")
    assert '"licence": "CC0"' in text
    assert json.loads(text)["network"]["units"] == 8


def test_odd_bytes_in_the_command_line_can_be_saved(
    tmp_path: Path, make_config: Callable[..., CheckpointConfig]
) -> None:
    original = make_config()
    odd = CheckpointConfig(
        "é", original.network, original.vocabulary, TrainingSettings(), command="train \udcff.abc"
    )
    save_config(tmp_path, odd)
    assert load_config(tmp_path) == odd


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    fails(tmp_path / "none", "none: no such checkpoint", CONFIG)


def test_a_missing_configuration_is_named(folder: Path) -> None:
    (folder / CONFIG).unlink()
    fails(folder, CONFIG, "no such file")


def test_a_configuration_that_is_no_json_is_named(folder: Path) -> None:
    (folder / CONFIG).write_text('{"format": 1,', encoding="utf-8")
    fails(folder, CONFIG, "not JSON")


def test_a_configuration_that_is_no_text_is_named(folder: Path) -> None:
    (folder / CONFIG).write_bytes(b"\xff\xfe\x00")
    fails(folder, CONFIG)


def test_a_configuration_of_something_else_is_named(folder: Path) -> None:
    (folder / CONFIG).write_text("[1, 2]", encoding="utf-8")
    fails(folder, CONFIG, "not the configuration of a checkpoint")
    (folder / CONFIG).write_text('{"model": "gpt2"}', encoding="utf-8")
    fails(folder, CONFIG, "not the configuration of a checkpoint")


def test_a_newer_format_asks_for_an_update(folder: Path) -> None:
    change_config(folder, format=3)
    fails(folder, CONFIG, "has format 3, this abclm reads 2: update abclm")


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 1, "cues_version": None, "usual": None},
        {"format": 1},
        {"cues_version": None},
        {"cues_version": CUES_VERSION - 1},
        {"cues_version": CUES_VERSION + 1},
        {"cues_version": str(CUES_VERSION)},
    ],
)
def test_a_checkpoint_that_read_tunes_otherwise_is_refused_by_its_name(
    folder: Path, changes: dict[str, Any]
) -> None:
    change_config(folder, name="old friend", **changes)
    fails(folder, CONFIG, "'old friend' was trained by another version of abclm", "train it again")


def test_one_that_read_tunes_otherwise_is_refused_before_its_network_is_looked_at(
    folder: Path,
) -> None:
    change_config(folder, format=1, name=None, network={"heads": 8})
    fails(folder, CONFIG, "'tiny' was trained by another version of abclm")


def test_the_configuration_says_how_tunes_are_read(folder: Path, config: CheckpointConfig) -> None:
    values = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    assert (values["format"], values["cues_version"]) == (2, CUES_VERSION)
    assert values["usual"] == {"keys": ["D", "G"], "rhythms": []}
    assert load_config(folder).usual == config.usual == Usual(("D", "G"))


@pytest.mark.parametrize("key", ["name", "network", "vocabulary", "training", "corpus", "usual"])
def test_a_missing_key_is_named(folder: Path, key: str) -> None:
    change_config(folder, **{key: None})
    fails(folder, CONFIG, f"has no '{key}'")


@pytest.mark.parametrize(
    "changes",
    [
        {"network": []},
        {"network": {"vocabulary_size": 3, "heads": 8}},
        {"vocabulary": 7},
        {"vocabulary": ["b", "a"]},
        {"vocabulary": ["a", 1]},
        {"training": {"epochs": -1}},
        {"training": {"epochs": "many"}},
        {"training": {"transpose": True}},
        {"results": 3},
        {"usual": 3},
        {"usual": {"keys": 3}},
        {"usual": {"scales": []}},
    ],
)
def test_a_wrong_value_is_named_with_its_file(
    folder: Path, changes: dict[str, dict[str, int | list[Any] | str] | int | list[int | str]]
) -> None:
    change_config(folder, **changes)
    fails(folder, CONFIG)


def test_a_network_and_a_vocabulary_must_fit(make_config: Callable[..., CheckpointConfig]) -> None:
    config = make_config()
    with pytest.raises(InputError, match="the network has"):
        CheckpointConfig("x", config.network, make_config(texts=["!"]).vocabulary, config.training)


def test_missing_weights_are_named(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    fails(folder, WEIGHTS, "no such file")


@pytest.mark.parametrize("size", [0, 4, 100, -1])
def test_weights_cut_short_are_damaged(folder: Path, size: int) -> None:
    data = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(data[:size])
    fails(folder, WEIGHTS, "damaged")


def test_weights_that_are_no_safetensors_are_damaged(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes(b"PK\x03\x04 a zip file, or a pickle, or anything else")
    fails(folder, WEIGHTS, "damaged, or not a weights file")


def test_one_changed_bit_is_noticed(folder: Path) -> None:
    data = bytearray((folder / WEIGHTS).read_bytes())
    data[-7] ^= 1
    (folder / WEIGHTS).write_bytes(data)
    fails(folder, WEIGHTS, "damaged: its numbers do not match their checksum")


def test_every_changed_byte_of_the_numbers_is_noticed(
    folder: Path, config: CheckpointConfig
) -> None:
    """Or of their names and shapes, which stand before them."""
    data = (folder / WEIGHTS).read_bytes()
    for place in np.random.default_rng(0).integers(0, len(data), 200).tolist():
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        (folder / WEIGHTS).write_bytes(changed)
        fails(folder, WEIGHTS)


def test_another_hash_than_that_of_the_numbers_is_noticed(folder: Path) -> None:
    digest = read_tensors(folder / WEIGHTS).sha256.encode()
    data = (folder / WEIGHTS).read_bytes()
    assert data.count(digest) == 1
    (folder / WEIGHTS).write_bytes(data.replace(digest, bytes(reversed(digest))))
    fails(folder, WEIGHTS, "damaged: its numbers do not match their checksum")


def test_weights_of_another_program_are_named(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes(save({"a": np.zeros(3)}))
    fails(folder, WEIGHTS, "was not written by abclm")
    (folder / WEIGHTS).write_bytes(save({"a": np.zeros(3)}, {"abclm": "no json"}))
    fails(folder, WEIGHTS, "was not written by abclm")


def test_weights_in_numbers_that_numpy_has_not_are_named(folder: Path) -> None:
    header = b'{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}'
    (folder / WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    fails(folder, WEIGHTS, "has numbers of type 'BF16'")


def test_weights_of_a_newer_format_ask_for_an_update(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes(save({"a": np.zeros(3)}, {"abclm": '{"format": 2}'}))
    fails(folder, WEIGHTS, "has format 2, this abclm reads 1: update abclm")


def test_weights_that_lack_one_are_named(folder: Path, config: CheckpointConfig) -> None:
    weights = random_weights(config)
    del weights["lstm_1/bias"]
    write(folder, config, weights)
    fails(folder, WEIGHTS, "has no lstm_1/bias")


def test_weights_of_another_shape_are_named(folder: Path, config: CheckpointConfig) -> None:
    weights = random_weights(config)
    weights["dense/kernel"] = weights["dense/kernel"].T
    write(folder, config, weights)
    fails(folder, WEIGHTS, "dense/kernel has the shape", f"{CONFIG} says")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"units": 9}, "lstm_0/kernel has the shape (4, 32), config.json says (4, 36)"),
        ({"embedding_size": 5}, "embedding/embeddings has the shape"),
        ({"num_layers": 3}, "has no lstm_2/kernel"),
        ({"cues": ["bar"]}, "has no bar/embeddings"),
        ({"cell": "gru"}, "has no gru_0/kernel"),
        ({"attention": 2}, "has no attention/query"),
    ],
)
def test_a_configuration_of_another_shape_is_named(
    folder: Path, changes: dict[str, Any], message: str
) -> None:
    network = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["network"]
    change_config(folder, network={**network, **changes})
    fails(folder, WEIGHTS, message)


def test_an_unknown_cell_is_refused(folder: Path) -> None:
    network = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["network"]
    change_config(folder, network={**network, "cell": "rnn"})
    fails(folder, CONFIG, "cell must be one of lstm, gru, not 'rnn'")


def test_a_configuration_from_before_there_were_cells_is_an_lstm(folder: Path) -> None:
    network = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["network"]
    old = {name: network[name] for name in network if name not in ADDED}
    change_config(folder, network=old)
    assert load_checkpoint(folder).config.network.cell == "lstm"


def test_a_folder_that_cannot_be_written_is_an_output_error(
    tmp_path: Path, config: CheckpointConfig
) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        save_config(tmp_path / "none", config)
    with pytest.raises(OutputError, match="cannot be written"):
        save_tensors(tmp_path / "none" / WEIGHTS, random_weights(config))


def test_a_checkpoint_is_found_by_its_path_then_by_its_name(
    folder: Path, config: CheckpointConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_checkpoint(str(folder), []) == folder
    shelf = tmp_path / "shelf"
    named = write(shelf / "irish", config)
    assert find_checkpoint("irish", [tmp_path / "none", shelf]) == named
    monkeypatch.chdir(shelf)
    assert find_checkpoint("irish", []).resolve() == named


def test_a_folder_of_tunes_does_not_hide_a_checkpoint_of_its_name(
    tmp_path: Path, config: CheckpointConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = write(tmp_path / "shelf" / "irish", config)
    (tmp_path / "irish").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_checkpoint("irish", [tmp_path / "shelf"]) == named
    with pytest.raises(CheckpointError, match=f"irish: not a checkpoint: it has no {CONFIG}"):
        find_checkpoint("irish", [])


def test_an_unknown_name_lists_the_checkpoints_there_are(
    tmp_path: Path, config: CheckpointConfig
) -> None:
    for name in ("nottingham", "irish"):
        write(tmp_path / name, config)
    with pytest.raises(CheckpointError, match='no checkpoint "x"; there are: irish, nottingham'):
        find_checkpoint("x", [tmp_path])
    with pytest.raises(CheckpointError, match='no checkpoint "x"; there is none yet'):
        find_checkpoint("x", [])


def test_checkpoints_are_listed_by_name_and_the_first_folder_wins(
    tmp_path: Path, config: CheckpointConfig
) -> None:
    for place in ("a/two", "a/one", "b/one", "b/three"):
        write(tmp_path / place, config)
    (tmp_path / "a" / "no checkpoint").mkdir()
    found = list_checkpoints([tmp_path / "a", tmp_path / "none", tmp_path / "b"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "a/one",
        "b/three",
        "a/two",
    ]


def test_shipped_checkpoints_are_a_folder() -> None:
    assert shipped_checkpoints().is_dir()
