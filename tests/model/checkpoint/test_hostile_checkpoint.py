"""A checkpoint that somebody made to do harm is one line: it is not run, waited for or held."""

import json
import os
import random
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import DTypeLike, NDArray
from safetensors.numpy import save

from abclm.compose.judge import JUDGE, load_judge
from abclm.errors import CheckpointError
from abclm.model.checkpoint.checkpoint import (
    CONFIG,
    HISTORY,
    WEIGHTS,
    CheckpointConfig,
    load_checkpoint,
    save_config,
)
from abclm.model.checkpoint.history import read_history
from abclm.model.checkpoint.tensor_file import read_tensors, save_tensors
from abclm.model.checkpoint.weights import weight_shapes
from abclm.originality.index import INDEX, load_index

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    10**9,
    10**30,
    -(10**30),
    "",
    "x",
    "\ud800",
    [],
    [1],
    {},
    {"a": 1},
)

OVERLAPPING = (
    '{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},'
    '"b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}'
)


@pytest.fixture
def weights(make_config: Callable[..., CheckpointConfig]) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(0)
    shapes = weight_shapes(make_config().network)
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.fixture
def folder(
    tmp_path: Path, make_config: Callable[..., CheckpointConfig], weights: dict[str, NDArray[Any]]
) -> Path:
    save_config(tmp_path, make_config())
    save_tensors(tmp_path / WEIGHTS, weights)
    return tmp_path


def refused(folder: Path) -> str:
    """The one line that loading ends with; nothing where all is well."""
    message = ""
    try:
        load_checkpoint(folder)
    except CheckpointError as error:
        message = str(error)
    assert "\n" not in message
    return message


def every_place(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value in ``value``."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield (*path, key)
        if isinstance(value[key], dict | list):
            yield from every_place(value[key], (*path, key))


def with_value(values: Any, path: tuple[Any, ...], odd: object) -> Any:
    values = json.loads(json.dumps(values))
    holder = values
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = odd
    return values


def test_any_value_of_the_configuration_may_be_anything(folder: Path) -> None:
    values = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    places = [
        place for place in every_place(values) if place[0] != "vocabulary" or place[1:] < (3,)
    ]
    assert len(places) > 40
    for place in places:
        for odd in ODD:
            (folder / CONFIG).write_text(json.dumps(with_value(values, place, odd)), "utf-8")
            refused(folder)


@pytest.mark.parametrize("key", ["num_layers", "units", "embedding_size", "vocabulary_size"])
@pytest.mark.parametrize("odd", [0, -1, 1.5, 10**9, 10**30, True, "2", None, [2], float("nan")])
def test_a_size_is_a_whole_number_within_limits(folder: Path, key: str, odd: object) -> None:
    values = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    changed = with_value(values, ("network", key), odd)
    (folder / CONFIG).write_text(json.dumps(changed), encoding="utf-8")
    assert CONFIG in refused(folder)


@pytest.mark.parametrize(
    ("section", "odd", "message"),
    [
        ("results", {"held_out_bits_per_character": "low"}, "must be a number, not 'low'"),
        ("corpus", {"name": "../../etc"}, "corpus: name must be a plain word, not '../../etc'"),
        ("corpus", {"sha256": 7}, "sha256 must be a string, not 7"),
        ("usual", {"keys": "DG", "rhythms": []}, "keys must be a list of strings, not 'DG'"),
        ("usual", {"keys": ["G"] * 1001, "rhythms": []}, "usual has more than 1000 keys"),
        ("vocabulary", "abc", "vocabulary must be a list of strings"),
        ("vocabulary", ["\ud800"], "a vocabulary holds whole characters"),
        ("format", True, "not the configuration of a checkpoint: format True"),
        ("training", {"batch": 3}, "training: unknown key 'batch'; there are: average, batch_size"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, section: str, odd: object, message: str) -> None:
    values = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    (folder / CONFIG).write_text(json.dumps(values | {section: odd}), encoding="utf-8")
    assert message in refused(folder)


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000, '{"format": 1' + "0" * 5000 + "}"],
)
def test_json_made_to_break_its_reader_is_damaged(folder: Path, text: str) -> None:
    (folder / CONFIG).write_text(text, encoding="utf-8")
    assert "damaged: not JSON" in refused(folder)


def test_a_key_that_stands_there_twice_is_refused(folder: Path) -> None:
    text = (folder / CONFIG).read_text(encoding="utf-8")
    (folder / CONFIG).write_text(text.replace("{", '{"name": "x",', 1), encoding="utf-8")
    assert "the key 'name' occurs twice" in refused(folder)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
@pytest.mark.parametrize("kind", ["fifo", "folder", "device"])
def test_what_is_no_file_is_not_opened(folder: Path, name: str, kind: str) -> None:
    (folder / name).unlink()
    if kind == "fifo":
        os.mkfifo(folder / name)
    elif kind == "folder":
        (folder / name).mkdir()
    else:
        (folder / name).symlink_to("/dev/zero")
    assert f"{name}: cannot be read: is not a file" in refused(folder)


def test_a_file_of_weights_that_is_larger_than_the_network_is_not_read(folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (folder / WEIGHTS).open("ab") as stream:
        stream.truncate(2**33)
    assert f"{WEIGHTS}: is larger than 1 MiB" in refused(folder)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**16


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_number_that_is_none_is_refused_by_the_name_of_its_tensor(
    folder: Path, weights: dict[str, NDArray[Any]], odd: float, dtype: DTypeLike
) -> None:
    weights["lstm_0/bias"][3] = odd
    save_tensors(folder / WEIGHTS, weights, dtype=dtype)
    assert "lstm_0/bias has a number that is NaN or infinite" in refused(folder)


def test_a_number_so_large_that_products_overflow_is_refused(
    folder: Path, weights: dict[str, NDArray[Any]]
) -> None:
    weights["dense/kernel"][0, 0] = 3e38
    save_tensors(folder / WEIGHTS, weights, dtype=np.float32)
    assert "dense/kernel has a number beyond 65,504" in refused(folder)


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.bool_, np.float64, np.complex64])
def test_weights_are_of_floating_point_numbers(
    folder: Path, weights: dict[str, NDArray[Any]], dtype: DTypeLike
) -> None:
    save_tensors(folder / WEIGHTS, weights, dtype=dtype)
    message = refused(folder)
    assert "is not of floating-point numbers" in message or "larger" in message


@pytest.mark.parametrize(
    "header",
    [
        b"\xff" * 8,
        (2**40).to_bytes(8, "little") + b"{}",
        (2**21).to_bytes(8, "little") + b" " * 2**21,
        b"\x02" + b"\0" * 7 + b"[]",
        b"\x04" + b"\0" * 7 + b"null",
    ],
)
def test_a_header_that_is_none_is_damaged(tmp_path: Path, header: bytes) -> None:
    (tmp_path / WEIGHTS).write_bytes(header)
    with pytest.raises(CheckpointError, match="damaged, or not a weights file"):
        read_tensors(tmp_path / WEIGHTS)


@pytest.mark.parametrize(
    "tensors",
    [
        OVERLAPPING,
        '{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}',
        '{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}',
        '{"a":{"dtype":"F32","shape":' + str([1] * 99) + ',"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}',
        '{"a":{"dtype":"O","shape":[1],"data_offsets":[0,4]}}',
        '{"__metadata__":{"abclm":"' + "[" * 50_000 + '"}}',
        '{"__metadata__":[]}',
    ],
)
def test_tensors_that_cannot_be_are_refused(tmp_path: Path, tensors: str) -> None:
    header = tensors.encode()
    (tmp_path / WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header + bytes(12))
    with pytest.raises(CheckpointError) as caught:
        read_tensors(tmp_path / WEIGHTS)
    assert "\n" not in str(caught.value)


def test_a_changed_file_is_one_line_whatever_was_changed(folder: Path) -> None:
    rng = random.Random(15)
    for name in (CONFIG, WEIGHTS):
        data = (folder / name).read_bytes()
        for _ in range(150):
            changed = bytearray(data)
            for _ in range(rng.randint(1, 3)):
                at = rng.randrange(min(len(data), 3000))
                changed[at : at + rng.choice([0, 1, 9])] = rng.randbytes(rng.choice([0, 1, 3]))
            (folder / name).write_bytes(changed)
            refused(folder)
        (folder / name).write_bytes(data)
    assert not refused(folder)


@pytest.mark.parametrize(
    ("notes", "tensors"),
    [
        ({}, {"weights": np.zeros(131_072, np.float16)}),
        ({"judge": "[" * 99_999}, {"weights": np.zeros(131_072, np.float16)}),
        ({"judge": '{"bias": NaN}'}, {"weights": np.zeros(131_072, np.float16)}),
        ({"judge": '{"bias": 0}'}, {"weights": np.zeros(131_072, np.int8)}),
        ({"judge": '{"bias": 0}'}, {"weights": np.zeros((131_072, 1), np.float16)}),
        ({"judge": '{"bias": 0}'}, {}),
    ],
)
def test_a_judge_that_is_none_is_refused(
    tmp_path: Path, notes: dict[str, str], tensors: dict[str, NDArray[Any]]
) -> None:
    save_tensors(tmp_path / JUDGE, tensors, dtype=None, notes=notes)
    with pytest.raises(CheckpointError, match="judge"):
        load_judge(tmp_path / JUDGE)


SOUND_INDEX: dict[str, NDArray[Any]] = {
    "inner": np.zeros(4, np.uint32),
    "approach": np.zeros(4, np.int8),
    "notes": np.zeros(4, np.uint8),
    "full": np.ones(4, np.bool_),
    "starts": np.array([0, 1, 4], np.uint32),
    "titles": np.frombuffer(b"a\nb", np.uint8),
}
FIGURES = '{"median": 0.1, "p95": 0.2, "half": 0}'
ABOUT = f'{{"corpus": "c", "sha256": "d", "human": {FIGURES}, "leave_one_out": {FIGURES}}}'


def test_a_sound_index_is_read(tmp_path: Path) -> None:
    save_tensors(tmp_path / INDEX, SOUND_INDEX, dtype=None, notes={"index": ABOUT})
    assert load_index(tmp_path / INDEX).titles == ("a", "b")


@pytest.mark.parametrize(
    ("about", "tensors"),
    [
        (ABOUT.replace("0.2", "NaN"), {}),
        (ABOUT.replace("0.2", '"much"'), {}),
        (ABOUT.replace("median", "mean"), {}),
        ("[]", {}),
        (ABOUT, {"starts": np.array([0, 10**9, 4], np.uint32)}),
        (ABOUT, {"starts": np.array([0, 3, 9], np.uint32)}),
        (ABOUT, {"starts": np.array([], np.uint32)}),
        (ABOUT, {"inner": np.zeros(3, np.uint32)}),
        (ABOUT, {"inner": np.zeros((4, 1), np.uint32)}),
        (ABOUT, {"inner": np.zeros(4, np.float32)}),
        (ABOUT, {"titles": np.frombuffer(b"a", np.uint8)}),
        (ABOUT, {"titles": np.frombuffer(b"a\n\xff", np.uint8)}),
    ],
)
def test_an_index_that_is_none_is_refused(
    tmp_path: Path, about: str, tensors: dict[str, NDArray[Any]]
) -> None:
    save_tensors(tmp_path / INDEX, SOUND_INDEX | tensors, dtype=None, notes={"index": about})
    with pytest.raises(CheckpointError, match=INDEX):
        load_index(tmp_path / INDEX)


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff", b'"' + b"x" * 200_000, b"epoch\nx\n"])
def test_a_history_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / HISTORY).write_bytes(content)
    with pytest.raises(CheckpointError, match=HISTORY):
        read_history(tmp_path / HISTORY)


def test_notes_of_another_kind_are_damaged(tmp_path: Path) -> None:
    about = {"format": 1, "sha256": read_sha(tmp_path), "notes": [1]}
    (tmp_path / WEIGHTS).write_bytes(save({"a": np.zeros(3)}, {"abclm": json.dumps(about)}))
    with pytest.raises(CheckpointError, match="its notes are not an object"):
        read_tensors(tmp_path / WEIGHTS)


def read_sha(folder: Path) -> str:
    return save_tensors(folder / "same", {"a": np.zeros(3)}, dtype=None)
