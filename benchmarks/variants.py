"""Recipes side by side: each learns from as many characters; held-out bits per character then.

    python benchmarks/variants.py irish base lstm3 gru attention --characters 2000000

Each run is short and the network small, so that what is compared is how fast something is learnt;
what only helps after twenty epochs shows less here. The runs of `checkpoints/README.md` are among
those of `EVERY`. GRU layers, weight dropping (Merity et al. 2018), dropout of the recurrent
state, and attention over the past outputs are built here alone: they did not make it into abclm.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from abclm.corpus.store import Corpus, load_corpus
from abclm.model.backend import import_keras, lstm_layer
from abclm.model.cues import CueReader
from abclm.model.first_weights import first_weights
from abclm.model.learner import Learner
from abclm.model.repertoire import Repertoire
from abclm.model.schedule import Schedule, plan_schedule
from abclm.model.settings import ALL_CUES, NetworkSettings, TrainingSettings
from abclm.model.vocabulary import Vocabulary
from abclm.model.windows import Batch, epoch_batches


@dataclass(frozen=True)
class Variant:
    """What differs from the base."""

    network: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    layer: Callable[[], type] | None = None
    """Makes the class of layer to put in the place of the LSTM's."""
    counted: bool = True
    """Whether the direct connections start from what the tunes never have."""


def gru() -> type:
    return import_keras().layers.GRU


def recurrent_dropout() -> type:
    """The state is left out at random, the same units at every step of a tune (Gal 2016)."""

    class Layer(import_keras().layers.LSTM):
        def __init__(self, units: int, **options: Any) -> None:
            super().__init__(units, recurrent_dropout=0.2, **options)

    return Layer


def weight_dropping() -> type:
    """Recurrent weights are left out at random, once for each step of training."""
    keras = import_keras()

    class Layer(lstm_layer("float32")):
        def inner_loop(self, sequences: Any, initial_state: Any, **options: Any) -> Any:
            cell = self.cell
            if options.get("training"):
                dropped = keras.random.dropout(cell.recurrent_kernel, 0.3)
                # Past Keras, which would take it for another weight.
                thinned = SimpleNamespace(
                    units=cell.units,
                    kernel=cell.kernel,
                    recurrent_kernel=dropped,
                    bias=cell.bias,
                )
                object.__setattr__(self, "cell", thinned)
            try:
                return super().inner_loop(sequences, initial_state, **options)
            finally:
                object.__setattr__(self, "cell", cell)

    return Layer


def attention() -> type:
    """Each output also attends to those before it (one head of 64), added to it."""
    keras = import_keras()

    class Layer(lstm_layer("float32")):
        def build(self, shape: Any) -> None:
            super().build(shape)
            for name, rows, columns in (
                ("query", self.units, 64),
                ("key", self.units, 64),
                ("value", self.units, 64),
                ("out", 64, self.units),
            ):
                setattr(self, name, self.add_weight(shape=(rows, columns), name=name))

        def call(self, sequences: Any, initial_state: Any = None, **options: Any) -> Any:
            ops = keras.ops
            outputs = super().call(sequences, initial_state, **options)
            query, key, value = (outputs @ each for each in (self.query, self.key, self.value))
            scores = query @ ops.transpose(key, (0, 2, 1)) / 8.0
            places = ops.arange(ops.shape(outputs)[1])
            scores = ops.where(places[:, None] > places, scores, -1e9)
            return outputs + ops.softmax(scores) @ value @ self.out

    return Layer


EVERY = {
    "base": Variant(),
    "direct connections from zero": Variant(counted=False),
    "no cues": Variant({"cues": (), "direct": False}),
    "no direct connections": Variant({"direct": False}),
    "no syntax": Variant({"cues": ("echo", "bar", "section", "compass")}),
    "no echo": Variant({"cues": ("bar", "section", "syntax", "compass")}),
    "no compass": Variant({"cues": ("echo", "bar", "section", "syntax")}),
    "384 units": Variant({"units": 384}),
    "1 layer": Variant({"num_layers": 1}),
    "1 layer of 384": Variant({"num_layers": 1, "units": 384}),
    "3 layers": Variant({"num_layers": 3}),
    "embedding 32": Variant({"embedding_size": 32}),
    "embedding 128": Variant({"embedding_size": 128}),
    "dropout 0": Variant({"dropout": 0.0}),
    "dropout 0.4": Variant({"dropout": 0.4}),
    "recurrent dropout 0.2": Variant(layer=recurrent_dropout),
    "weight dropping 0.3": Variant(layer=weight_dropping),
    "random windows of 128": Variant(
        training={"windows": "random", "window": 128, "batch_size": 16}
    ),
    "random windows of 256": Variant(training={"windows": "random"}),
    "contiguous windows of 128": Variant(
        training={"windows": "contiguous", "window": 128, "batch_size": 16}
    ),
    "batch 4": Variant(training={"batch_size": 4}),
    "batch 16": Variant(training={"batch_size": 16}),
    "learning rate 0.001": Variant(training={"learning_rate": 1e-3}),
    "learning rate 0.006": Variant(training={"learning_rate": 6e-3}),
    "no average": Variant(training={"average": 0.0}),
    "transposed": Variant(training={"transpose": True}),
    "GRU": Variant(layer=gru),
    "attention": Variant(layer=attention),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus")
    parser.add_argument("variants", nargs="*", help=f"of {', '.join(EVERY)}; all without any")
    parser.add_argument("--units", type=int, default=256)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--transpose", action="store_true", help="each epoch in other keys")
    parser.add_argument("--characters", type=int, default=2_000_000)
    options = parser.parse_args()
    corpus = load_corpus(options.corpus)
    base = Variant(
        {"units": options.units, "dropout": options.dropout}, {"transpose": options.transpose}
    )
    print("| variant | bits per character by family | by tune | parameters | characters/s |")
    print("|---" * 5 + "|", flush=True)
    for name in options.variants or EVERY:
        print(run(name, base, corpus, options.characters), flush=True)


def run(name: str, base: Variant, corpus: Corpus, characters: int) -> str:
    """Train one variant of that base; its line of the table."""
    variant = EVERY[name]
    vocabulary = Vocabulary.from_text((*corpus.train, *corpus.held_out, *corpus.held_out_by_tune))
    told = {"cues": ALL_CUES, "direct": True}
    network = NetworkSettings(vocabulary.size, **{**told, **base.network, **variant.network})
    settings = replace(
        TrainingSettings(batch_size=8, average=0.999, precision="float32"),
        **{**base.training, **variant.training},
    )
    reader = CueReader(vocabulary, network.cues)
    repertoire = Repertoire(corpus.train, vocabulary, reader, transposed=settings.transpose)
    planned = plan_schedule(repertoire.lengths, settings)
    per_epoch = sum(repertoire.lengths)
    whole, part = divmod(characters, per_epoch)
    steps = planned.steps_per_epoch * whole + planned.steps_per_epoch * part // per_epoch
    schedule = Schedule(planned.batch_size, steps, 1)
    layer = variant.layer
    with patch("abclm.model.network.lstm_layer", lambda _: layer()) if layer else nullcontext():
        learner = Learner(network, settings, schedule.batch_size)
    if variant.counted:
        learner.start_from(first_weights(network, repertoire))
    learnt, start = 0, time.perf_counter()
    for step, batch in enumerate(batches(repertoire, settings, planned, steps)):
        learner.learn(batch, schedule.learning_rate(step, settings))
        learnt += batch.characters
    speed = learnt / (time.perf_counter() - start)
    bits = [
        learner.bits_per_character(Repertoire(texts, vocabulary, reader).tunes())
        for texts in (corpus.held_out, corpus.held_out_by_tune)
    ]
    return f"| {name} | {bits[0]:.4f} | {bits[1]:.4f} | {learner.parameters:,} | {speed:,.0f} |"


def batches(
    repertoire: Repertoire, settings: TrainingSettings, planned: Schedule, steps: int
) -> Iterator[Batch]:
    """As many steps as that, epoch after epoch."""
    shape = (planned.batch_size, settings.window)
    epoch = 0
    while steps > 0:
        some = min(steps, planned.steps_per_epoch)
        yield from epoch_batches(repertoire, settings.windows, shape, steps=some, seed=(0, epoch))
        steps -= some
        epoch += 1


if __name__ == "__main__":
    main()
