"""The decoder's logits equal the Keras network's, in any order and any batch."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from abclm.decoding.decoder import Array, Decoder, DecoderState
from abclm.decoding.referee import LOGIT_TOLERANCE, Referee
from abclm.errors import CheckpointError
from abclm.model.cues.direct import direct_tables
from abclm.model.cues.reader import CueReader
from abclm.model.settings import DIRECT_SCALE, NetworkSettings
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

SMALL = NetworkSettings(vocabulary_size=30, embedding_size=7, units=24, num_layers=3)
CUED = replace(
    SMALL, num_layers=2, cues=("section", "compass", "echo", "bar", "syntax"), direct=True
)
GRU = replace(SMALL, cell="gru")
ATTENDING = replace(SMALL, num_layers=1, attention=4, attention_span=8)
ALL = replace(CUED, cell="gru", attention=2, attention_span=16)
FLOAT32 = 1e-4
"""Error of a sum of float32 as large as `DIRECT_SCALE` makes random tables."""
CHARACTERS = sorted("\n |:[]/<2348ABCDEFGabcdefgKLM")


@pytest.fixture(
    params=[SMALL, CUED, GRU, ATTENDING, ALL], ids=["plain", "cues", "gru", "attention", "all"]
)
def network(request: pytest.FixtureRequest) -> NetworkSettings:
    settings: NetworkSettings = request.param
    return settings


@pytest.fixture
def weights(
    network: NetworkSettings, random_weights: Callable[..., dict[str, NDArray[Any]]]
) -> dict[str, Array]:
    return random_weights(network)


@pytest.fixture
def reader(network: NetworkSettings) -> CueReader:
    return reader_of(network)


@pytest.fixture
def decoder(weights: dict[str, Array], reader: CueReader) -> Decoder:
    return Decoder(weights, reader)


def reader_of(network: NetworkSettings) -> CueReader:
    characters = CHARACTERS if network.cues else map(chr, range(100, 99 + network.vocabulary_size))
    return CueReader(Vocabulary(tuple(characters)), network.cues)


@pytest.fixture
def ids() -> Array:
    return np.random.default_rng(1).integers(0, 30, (5, 40))


def all_logits(decoder: Decoder, ids: Array) -> Array:
    """Shape ``(batch, time, vocabulary)``."""
    state = decoder.start(len(ids))
    rows = []
    for column in ids.T:
        logits, state = decoder.step(column, state)
        rows.append(logits)
    return np.stack(rows, axis=1)


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def textbook_logits(weights: dict[str, Array], reader: CueReader, ids: Array) -> Array:
    """A textbook network, one tune and one layer after another, in float64."""
    x = weights["embedding/embeddings"][ids].astype(np.float64)
    direct = np.zeros((len(ids), len(weights["dense/bias"])))
    reading = reader.start()
    tables = direct_tables(len(weights["dense/bias"]), reader.columns)
    for time, index in enumerate(ids):
        reading = reader.after(reading, int(index))
        for column, told in zip(reader.columns, reading.cues, strict=True):
            x[time] += weights[f"{column}/embeddings"][told]
        for table in tables if "direct_character/embeddings" in weights else ():
            row = table.row((index, *reading.cues))
            direct[time] += DIRECT_SCALE * weights[table.weight][row]
    for name in [name for name in weights if name.endswith("/recurrent_kernel")]:
        kernel, recurrent, bias = (
            weights[f"{name.split('/')[0]}/{part}"].astype(np.float64)
            for part in ("kernel", "recurrent_kernel", "bias")
        )
        x = (textbook_gru if name.startswith("gru") else textbook_lstm)(x, kernel, recurrent, bias)
    if "attention/distance" in weights:
        x = x + textbook_attention(weights, x)
    return x @ weights["dense/kernel"] + weights["dense/bias"] + direct


def textbook_lstm(x: Array, kernel: Array, recurrent: Array, bias: Array) -> Array:
    hidden = cell = np.zeros(len(recurrent))
    outputs = []
    for row in x:
        i, f, c, o = np.split(row @ kernel + hidden @ recurrent + bias, 4)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(c)
        hidden = sigmoid(o) * np.tanh(cell)
        outputs.append(hidden)
    return np.stack(outputs)


def textbook_gru(x: Array, kernel: Array, recurrent: Array, bias: Array) -> Array:
    hidden = np.zeros(len(recurrent))
    outputs = []
    for row in x:
        xz, xr, xn = np.split(row @ kernel + bias[0], 3)
        hz, hr, hn = np.split(hidden @ recurrent + bias[1], 3)
        update = sigmoid(xz + hz)
        hidden = update * hidden + (1 - update) * np.tanh(xn + sigmoid(xr + hr) * hn)
        outputs.append(hidden)
    return np.stack(outputs)


def textbook_attention(weights: dict[str, Array], x: Array) -> Array:
    """One head and one character after another."""
    distance = weights["attention/distance"]
    heads, span = distance.shape
    query, key, value = (
        np.split(x @ weights[f"attention/{part}"].astype(np.float64), heads, axis=1)
        for part in ("query", "key", "value")
    )
    found = np.zeros_like(x)
    size = x.shape[1] // heads
    for time in range(len(x)):
        seen = np.arange(max(0, time - span + 1), time + 1)
        for head in range(heads):
            scores = key[head][seen] @ query[head][time] / size**0.5
            shares = np.exp(scores + distance[head, time - seen])
            mean = shares @ value[head][seen] / shares.sum()
            found[time, head * size : (head + 1) * size] = mean
    return found @ weights["attention/output"]


def test_the_vocabulary_of_these_tests_has_its_size() -> None:
    assert len(CHARACTERS) + 1 == CUED.vocabulary_size


def test_step_by_step_equals_the_whole_sequence(
    decoder: Decoder, weights: dict[str, Array], reader: CueReader, ids: Array
) -> None:
    logits = all_logits(decoder, ids)
    assert logits.dtype == np.float32
    for row, tune in zip(logits, ids, strict=True):
        np.testing.assert_allclose(row, textbook_logits(weights, reader, tune), atol=FLOAT32)


@pytest.mark.parametrize(
    "network",
    [GRU, ATTENDING, replace(GRU, num_layers=2, attention=3, attention_span=64)],
    ids=["gru", "attention", "both"],
)
def test_logits_equal_those_of_the_network_in_training(
    network: NetworkSettings, random_weights: Callable[..., dict[str, NDArray[Any]]]
) -> None:
    """Also if the state is carried from window to window."""
    pytest.importorskip("tensorflow")
    from abclm.model.training.network import build_network, dict_to_weights

    weights = random_weights(network)
    ids = np.random.default_rng(0).integers(0, network.vocabulary_size, (3, 100))
    cues = np.zeros((3, 100, 0), np.int32)
    whole, carried = build_network(network), build_network(network, stateful=True, batch_size=3)
    for each in (whole, carried):
        dict_to_weights(each, weights)

    logits = all_logits(Decoder(weights, reader_of(network)), ids)

    np.testing.assert_allclose(logits, whole([ids, cues]), rtol=0, atol=1e-4)
    for _ in range(2):
        windows = [
            carried([ids[:, first:last], cues[:, first:last]])
            for first, last in ((0, 5), (5, 40), (40, 43), (43, 100))
        ]
        np.testing.assert_allclose(logits, np.concatenate(windows, 1), rtol=0, atol=1e-4)
        for layer in carried.layers:
            if getattr(layer, "stateful", False):
                layer.reset_state()


@pytest.mark.parametrize(
    "network",
    [SMALL, NetworkSettings(91, 64, 64, 2), NetworkSettings(12, 3, 5, 1)],
    ids=["3x24", "2x64", "1x5"],
)
def test_logits_equal_those_of_the_keras_network(
    network: NetworkSettings, random_weights: Callable[..., dict[str, NDArray[Any]]]
) -> None:
    pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    weights = random_weights(network)
    inputs = keras.Input((None,), dtype="int32")
    embedding = keras.layers.Embedding(network.vocabulary_size, network.embedding_size)
    lstms = [
        keras.layers.LSTM(network.units, return_sequences=True) for _ in range(network.num_layers)
    ]
    dense = keras.layers.Dense(network.vocabulary_size)
    x = embedding(inputs)
    for lstm in lstms:
        x = lstm(x)
    model = keras.Model(inputs, dense(x))
    embedding.set_weights([weights["embedding/embeddings"]])
    for layer, lstm in enumerate(lstms):
        parts = ("kernel", "recurrent_kernel", "bias")
        lstm.set_weights([weights[f"lstm_{layer}/{part}"] for part in parts])
    dense.set_weights([weights["dense/kernel"], weights["dense/bias"]])
    ids = np.random.default_rng(0).integers(0, network.vocabulary_size, (3, 100))

    expected = model(ids).numpy()

    logits = all_logits(Decoder(weights, reader_of(network)), ids)
    np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(
    "network",
    [
        NetworkSettings(90, 64, 256, 2),
        NetworkSettings(90, 64, 256, 2, cell="gru", attention=4),
    ],
    ids=["lstm", "gru and attention"],
)
def test_float32_stays_far_within_the_tolerance(
    network: NetworkSettings, random_weights: Callable[..., dict[str, NDArray[Any]]]
) -> None:
    """The bound that the tolerance promises, with room to spare."""
    weights, reader = random_weights(network, scale=1.0), reader_of(network)
    ids = np.random.default_rng(2).integers(0, 90, (4, 100))
    logits, exact = (
        all_logits(Decoder(weights, reader, dtype), ids) for dtype in (np.float32, np.float64)
    )
    difference = logits - exact
    assert np.ptp(difference, axis=-1).max() / 2 < LOGIT_TOLERANCE / 2


@pytest.mark.parametrize("batch", [1, 2, 3, 4, 5])
def test_a_batch_gives_each_tune_what_it_gets_alone(
    batch: int, decoder: Decoder, ids: Array
) -> None:
    together = all_logits(decoder, ids[:batch])
    for row, tune in zip(together, ids, strict=False):
        alone = all_logits(decoder, tune[None])[0]
        np.testing.assert_allclose(row, alone, atol=FLOAT32)


def test_feed_equals_the_steps(
    decoder: Decoder, weights: dict[str, Array], reader: CueReader, ids: Array
) -> None:
    logits, state = decoder.feed(ids[0], decoder.start(2))
    expected = all_logits(decoder, ids[[0, 0]])[:, -1]
    np.testing.assert_allclose(logits, expected, atol=FLOAT32)
    assert len(state) == 2
    after, _ = decoder.step(ids[1, :2], state)
    np.testing.assert_allclose(
        after[0], textbook_logits(weights, reader, np.append(ids[0], ids[1, 0]))[-1], atol=FLOAT32
    )
    np.testing.assert_allclose(
        after[1], textbook_logits(weights, reader, np.append(ids[0], ids[1, 1]))[-1], atol=FLOAT32
    )


def test_a_kept_state_stays_valid(decoder: Decoder, ids: Array) -> None:
    """A state to go back to, such as the start of a bar, is not changed by later steps."""
    _, kept = decoder.feed(ids[0, :10], decoder.start(1))
    expected, _ = decoder.feed(ids[0, 10:20], kept)
    decoder.feed(ids[1], kept)
    again, _ = decoder.feed(ids[0, 10:20], kept)
    np.testing.assert_array_equal(again, expected)


def test_tunes_that_fork_do_not_disturb_each_other(
    decoder: Decoder, weights: dict[str, Array], reader: CueReader, ids: Array
) -> None:
    """Two continuations of one state, in turns, and one that takes the place of another."""
    _, start = decoder.feed(ids[0, :13], decoder.start(1))
    states, logits = [start, start], [start.hidden, start.hidden]
    for pair in ids[1:3, :20].T:
        for row in range(2):
            logits[row], states[row] = decoder.step(pair[[row]], states[row])
    for row in range(2):
        whole = textbook_logits(weights, reader, np.append(ids[0, :13], ids[row + 1, :20]))
        np.testing.assert_allclose(logits[row][0], whole[-1], atol=FLOAT32)
    back = DecoderState.concatenate(states).replaced(1, start)
    after, _ = decoder.step(ids[3:5, 0], back)
    whole = textbook_logits(weights, reader, np.append(ids[0, :13], ids[4, 0]))
    np.testing.assert_allclose(after[1], whole[-1], atol=FLOAT32)


def test_rows_can_be_dropped_repeated_and_joined(decoder: Decoder, ids: Array) -> None:
    _, state = decoder.step(ids[:, 0], decoder.start(5))
    joined = DecoderState.concatenate([state.select([3, 1]), decoder.start(1), state.select([3])])
    assert len(joined) == 4
    np.testing.assert_array_equal(joined.hidden[[0, 3]], state.hidden[[3, 3]])
    np.testing.assert_array_equal(joined.cell[1], state.cell[1])
    assert joined.pasts[1:2] == state.pasts[1:2]
    assert joined.readings[0] is joined.readings[3] is state.readings[3]
    assert not joined.hidden[2].any()
    none = state.select([])
    assert len(none) == 0
    assert decoder.step(ids[:0, 0], none)[0].shape == (0, 30)


def test_a_referee_reads_only_what_is_new_and_follows_a_step_back(
    weights: dict[str, Array], reader: CueReader, ids: Array
) -> None:
    exact = Decoder(weights, reader, np.float64)
    referee = Referee(exact)
    tune = ids[0].tolist()
    for part in (tune[:0], tune[:10], tune[:30], tune[:20], tune[:20], [*tune[:5], 1, 2]):
        expected, _ = exact.feed(np.array([END_OF_TUNE, *part]), exact.start(1))
        np.testing.assert_allclose(referee.logits(part), expected, atol=1e-12)


@pytest.mark.parametrize("network", [SMALL], ids=["plain"])
def test_a_missing_weight_is_named(weights: dict[str, Array], reader: CueReader) -> None:
    del weights["lstm_1/bias"]
    with pytest.raises(CheckpointError, match="lstm_1/bias"):
        Decoder(weights, reader)


@pytest.mark.parametrize(
    ("network", "name"),
    [
        *((SMALL, name) for name in ("lstm_0/kernel", "lstm_1/kernel", "dense/kernel")),
        *((ALL, name) for name in ("gru_0/bias", "gru_1/kernel", "attention/key")),
    ],
)
def test_weights_that_do_not_fit_together_are_refused(
    name: str, weights: dict[str, Array], reader: CueReader
) -> None:
    weights[name] = weights[name][:-1]
    with pytest.raises(CheckpointError, match="do not fit"):
        Decoder(weights, reader)
