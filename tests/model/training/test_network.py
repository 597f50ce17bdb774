"""The network, its weights by name, and the layer that is faster on a processor."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from abclm.errors import MissingExtraError
from abclm.model.checkpoint.weights import weight_shapes
from abclm.model.settings import DIRECT_SCALE, Cell, NetworkSettings, Precision
from abclm.model.training.backend import choose_precision, import_keras, recurrent_layer
from abclm.model.training.network import build_network, dict_to_weights, weights_to_dict

SETTINGS = NetworkSettings(
    vocabulary_size=7, embedding_size=3, units=5, num_layers=2, cues=("bar", "echo"), direct=True
)
OTHER = replace(SETTINGS, units=6, cell="gru", attention=3, attention_span=4)
CUES = np.array([[[0, 0, 0], [1, 5, 3], [90, 6, 1]]])
"""The columns of the bar, the echo and its span at three characters."""


@pytest.fixture(scope="module")
def keras() -> Any:
    pytest.importorskip("tensorflow", reason="training needs TensorFlow")
    return import_keras()


def test_without_tensorflow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(MissingExtraError, match=r"abclm train needs TensorFlow.*abclm\[train\]"):
        import_keras()


@pytest.mark.parametrize("settings", [SETTINGS, OTHER])
def test_weights_have_the_names_and_shapes_of_a_checkpoint(
    keras: Any, settings: NetworkSettings
) -> None:
    weights = weights_to_dict(build_network(settings))
    assert {name: weight.shape for name, weight in weights.items()} == weight_shapes(settings)


def test_attention_says_nothing_until_it_is_learnt(keras: Any) -> None:
    without, attending = build_network(replace(OTHER, attention=0)), build_network(OTHER)
    dict_to_weights(attending, weights_to_dict(without))
    inputs = [np.array([[0, 1, 2]]), CUES]
    np.testing.assert_array_equal(without(inputs), attending(inputs))


def test_a_seed_gives_the_same_weights_and_another_seed_others(keras: Any) -> None:
    one, again, other = (weights_to_dict(build_network(SETTINGS, seed=seed)) for seed in (1, 1, 2))
    for name in ("embedding/embeddings", "lstm_0/kernel", "lstm_1/recurrent_kernel"):
        assert np.array_equal(one[name], again[name])
        assert not np.array_equal(one[name], other[name])


def test_weights_that_are_put_in_come_out(keras: Any) -> None:
    first, second = build_network(SETTINGS, seed=1), build_network(SETTINGS, seed=2)
    dict_to_weights(second, weights_to_dict(first))
    for name, weight in weights_to_dict(first).items():
        assert np.array_equal(weights_to_dict(second)[name], weight)
    ids = np.array([[0, 1, 2]])
    assert np.allclose(first([ids, CUES]), second([ids, CUES]))


def test_cues_say_nothing_until_they_are_learnt(keras: Any) -> None:
    network = build_network(SETTINGS)
    ids = np.array([[0, 1, 2]])
    silent = np.asarray(network([ids, CUES]))
    assert np.array_equal(silent, network([ids, np.zeros_like(CUES)]))
    weights = weights_to_dict(network)
    weights["echo/embeddings"][5] = 1
    dict_to_weights(network, weights)
    assert not np.allclose(silent, network([ids, CUES]))


@pytest.mark.parametrize(("name", "row"), [("direct_character", 2), ("direct_echo", 6)])
def test_direct_connections_add_to_the_logits(keras: Any, name: str, row: int) -> None:
    network = build_network(SETTINGS)
    ids = np.array([[0, 1, 2]])
    silent = np.asarray(network([ids, CUES]))
    weights = weights_to_dict(network)
    weights[f"{name}/embeddings"][row] = np.arange(7)
    dict_to_weights(network, weights)
    more = np.asarray(network([ids, CUES])) - silent
    expected = np.array([[[0] * 7, [0] * 7, DIRECT_SCALE * np.arange(7)]])
    np.testing.assert_allclose(more, expected, atol=1e-5)


def test_a_network_without_cues_takes_none(keras: Any) -> None:
    network = build_network(replace(SETTINGS, cues=()))
    ids = np.array([[0, 1, 2]])
    assert network([ids, np.zeros((1, 3, 0), np.int32)]).shape == (1, 3, 7)
    assert "echo/embeddings" not in weights_to_dict(network)


def test_tables_are_left_out_while_training_only(keras: Any) -> None:
    settings = replace(SETTINGS, dropout=0.0, direct=True, direct_dropout=0.0)
    whole = build_network(settings)
    weights = weights_to_dict(whole)
    rng = np.random.default_rng(1)
    tables = {
        name: rng.normal(size=each.shape) for name, each in weights.items() if "direct" in name
    }
    dict_to_weights(whole, tables)
    thinned = build_network(replace(settings, direct_dropout=0.5))
    dict_to_weights(thinned, {**weights, **tables})
    inputs = [np.array([[0, 1, 2]] * 400), np.repeat(CUES, 400, axis=0)]
    expected = np.asarray(whole(inputs))
    np.testing.assert_array_equal(thinned(inputs), expected)
    np.testing.assert_allclose(whole(inputs, training=True), expected, atol=1e-4)
    found = np.asarray(thinned(inputs, training=True))
    assert len({tuple(row) for row in found[:, 0].round(2).tolist()}) > 3
    # What is left is scaled up: on average it says the same.
    spread = found.std(axis=0) / np.sqrt(400)
    assert (np.abs(found.mean(axis=0) - expected[0]) < 5 * spread + 1e-3).all()
    assert weight_shapes(settings) == weight_shapes(replace(settings, direct_dropout=0.5))


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("settings", [SETTINGS, OTHER])
def test_logits_and_weights_are_float32_in_any_precision(
    keras: Any, settings: NetworkSettings, precision: Precision
) -> None:
    network = build_network(settings, precision=precision)
    logits = np.asarray(network([np.array([[0, 1, 2], [3, 4, 5]]), np.repeat(CUES, 2, axis=0)]))
    assert logits.shape == (2, 3, 7)
    assert logits.dtype == np.float32
    assert {weight.dtype for weight in weights_to_dict(network).values()} == {np.dtype(np.float32)}


def outputs_and_gradients(layer_class: Any, *, stateful: bool) -> list[NDArray[Any]]:
    """Of two batches one after the other: outputs, gradient of the inputs and of the weights."""
    import tensorflow as tf

    keras = import_keras()
    rng = np.random.default_rng(0)
    inputs = keras.Input((None, 7), batch_size=3)
    layer = layer_class(5, return_sequences=True, stateful=stateful)
    network = keras.Model(inputs, layer(inputs))
    for variable in network.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    values, factors = (rng.normal(size=(3, 11, size)).astype(np.float32) for size in (7, 5))

    @tf.function  # type: ignore[untyped-decorator]
    def step(values: Any) -> list[Any]:
        with tf.GradientTape() as tape:
            tape.watch(values)
            outputs = network(values, training=True)
            loss = tf.reduce_sum(outputs * factors)
        return [outputs, *tape.gradient(loss, [values, *network.trainable_variables])]

    return [np.asarray(part) for _ in range(2) for part in step(tf.constant(values))]


@pytest.mark.parametrize("stateful", [False, True])
@pytest.mark.parametrize("cell", get_args(Cell))
def test_the_processor_layer_equals_the_layer_of_keras(
    keras: Any, cell: Cell, stateful: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abclm.model.training.backend._gpus", list)
    layers = [recurrent_layer(cell, kind) for kind in ("float32", "mixed_bfloat16")]
    assert layers[0] is not layers[1]
    ours, theirs = (outputs_and_gradients(layer, stateful=stateful) for layer in layers)
    assert len(ours) == len(theirs) == 10
    for one, other in zip(ours, theirs, strict=True):
        assert np.allclose(one, other, rtol=1e-4, atol=1e-5)
    assert np.array_equal(ours[0], ours[5]) is not stateful


def test_bfloat16_uses_the_layer_of_keras(keras: Any) -> None:
    assert recurrent_layer("lstm", "mixed_bfloat16") is keras.layers.LSTM
    assert recurrent_layer("gru", "mixed_bfloat16") is keras.layers.GRU


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("fpu avx2 avx512_bf16", "mixed_bfloat16"),
        ("amx_bf16 fpu", "mixed_bfloat16"),
        ("fpu avx2", "float32"),
    ],
)
def test_a_processor_with_bfloat16_takes_what_is_faster(
    keras: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, expected: str
) -> None:
    monkeypatch.setattr("abclm.model.training.backend._gpus", list)
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor\t: 0\nflags\t\t: {flags}\n", encoding="utf-8")
    seconds = {"float32": 0.2, "mixed_bfloat16": 0.1}
    choice = choose_precision("auto", seconds.__getitem__, cpuinfo)
    assert choice.precision == expected
    assert choose_precision("auto", lambda name: -seconds[name], cpuinfo).precision == "float32"


@pytest.mark.parametrize(
    ("capable", "expected"),
    [
        (True, ("mixed_bfloat16", "the GPU computes with bfloat16")),
        (False, ("float32", "the GPU computes without bfloat16")),
    ],
)
def test_the_precision_follows_the_gpu(
    monkeypatch: pytest.MonkeyPatch, capable: bool, expected: tuple[str, str]
) -> None:
    monkeypatch.setattr("abclm.model.training.backend._gpu_with_bfloat16", lambda: capable)
    choice = choose_precision("auto", _never)
    assert (choice.precision, choice.reason) == expected


def test_an_unknown_processor_computes_in_float32(
    keras: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abclm.model.training.backend._gpus", list)
    assert choose_precision("auto", _never, tmp_path / "none").precision == "float32"


def _never(_precision: str) -> float:
    raise AssertionError("nothing is to be measured")


def test_a_precision_that_is_asked_for_is_taken() -> None:
    assert choose_precision("mixed_bfloat16", _never).precision == "mixed_bfloat16"
