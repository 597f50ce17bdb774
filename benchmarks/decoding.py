"""Characters per second of the numpy decoder and of a Keras loop with the same weights.

    python benchmarks/decoding.py [CHECKPOINT]

Without a checkpoint the weights are random, in the shape of the shipped model, with 90 ids. The
Keras network has the same layers without the cues and tables, which would only slow it down. The
contenders take turns, so that a busy machine slows all of them; the fastest round of each counts.
The ratios to the Keras loop (one tune, one character per call, as in most tutorials) are more
reliable than the absolute figures. All contenders use the same sampling.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from writing import parser_of

from abclm.api.checkpoints import load_by_name as load
from abclm.decoding.decoder import Decoder
from abclm.decoding.referee import LOGIT_TOLERANCE
from abclm.decoding.sampling import Sampling, choose
from abclm.model.checkpoint.checkpoint import Checkpoint, CheckpointConfig
from abclm.model.checkpoint.weights import weight_shapes
from abclm.model.settings import CUES_OF_ONE, NetworkSettings, TrainingSettings
from abclm.model.vocabulary import Vocabulary

ROUNDS = 8
STEPS = 60
BATCHES = (1, 8, 64)

Weights = dict[str, np.ndarray]
Contender = Callable[[], None]


def main() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    parser = parser_of(__doc__)
    parser.add_argument("checkpoint", nargs="?", help="name or folder (default: random weights)")
    model = read_model(parser.parse_args().checkpoint)
    network, weights = model.config.network, model.weights
    contenders: dict[str, tuple[Contender, int]] = {
        "keras, model(ids)": (keras_loop(network, weights, compiled=False), 1),
        "keras, predict_on_batch": (keras_loop(network, weights, compiled=True), 1),
    }
    for batch in BATCHES:
        tunes = "1 tune" if batch == 1 else f"{batch} tunes"
        contenders[f"abclm, {tunes}"] = (numpy_loop(Decoder.of(model), batch), batch)
    contenders["abclm float64, 1 tune"] = (numpy_loop(Decoder.of(model, np.float64), 1), 1)
    report(measure(contenders))


def read_model(name: str | None) -> Checkpoint:
    if name:
        return load(name)
    rng = np.random.default_rng(0)
    vocabulary = Vocabulary(("\n", *map(chr, range(32, 120))))
    network = NetworkSettings(vocabulary.size, cues=CUES_OF_ONE, direct=True)
    weights = {
        name: (rng.standard_normal(shape) / shape[0] ** 0.5).astype(np.float32)
        for name, shape in weight_shapes(network).items()
    }
    config = CheckpointConfig("random", network, vocabulary, TrainingSettings())
    return Checkpoint(Path("random"), config, weights, sha256="")


def numpy_loop(decoder: Decoder, batch: int) -> Contender:
    rng = np.random.default_rng(0)

    def run() -> None:
        state = decoder.start(batch)
        ids = np.zeros(batch, np.intp)
        for _ in range(STEPS):
            logits, state = decoder.step(ids, state)
            ids = choose(logits, Sampling(), rng.random(batch), tolerance=LOGIT_TOLERANCE).ids

    return run


def keras_loop(network: NetworkSettings, weights: Weights, *, compiled: bool) -> Contender:
    import keras  # noqa: PLC0415 - after the log level was set

    inputs = keras.Input((1,), batch_size=1, dtype="int32")
    x = keras.layers.Embedding(network.vocabulary_size, network.embedding_size)(inputs)
    for _ in range(network.num_layers):
        x = keras.layers.LSTM(network.units, return_sequences=True, stateful=True)(x)
    model = keras.Model(inputs, keras.layers.Dense(network.vocabulary_size)(x))
    plain = replace(network, cues=(), direct=False)
    model.set_weights([weights[name] for name in weight_shapes(plain)])
    rng = np.random.default_rng(0)

    def run() -> None:
        ids = np.zeros((1, 1), np.int32)
        for _ in range(STEPS):
            logits = model.predict_on_batch(ids) if compiled else model(ids).numpy()
            ids[0] = choose(logits[:, 0], Sampling(), rng.random(1)).ids

    return run


def measure(contenders: dict[str, tuple[Contender, int]]) -> dict[str, float]:
    """Return characters per second by name, in the fastest round; the first is a warm-up."""
    seconds = dict.fromkeys(contenders, float("inf"))
    for turn in range(ROUNDS + 1):
        for name, (run, _) in contenders.items():
            start = time.perf_counter()
            run()
            if turn:
                seconds[name] = min(seconds[name], time.perf_counter() - start)
    return {name: batch * STEPS / seconds[name] for name, (_, batch) in contenders.items()}


def report(speeds: dict[str, float]) -> None:
    base = next(iter(speeds.values()))
    print(f"{'':26}{'characters/s':>14}{'ratio':>9}")
    for name, speed in speeds.items():
        print(f"{name:26}{speed:14,.0f}{speed / base:9.1f}")


if __name__ == "__main__":
    main()
