"""Our training and the usual tutorial loop: characters per second, and bits after equal times.

    python benchmarks/training.py irish --seconds 60

Three comparisons, on one machine in one run. First, characters per second with the same network,
text, batch and window: a Keras LSTM in float32 with `train_on_batch`, and our step. They take
turns, so that a busy machine slows both. Second, the loss of both after the same characters,
starting from the same weights. Third, both train for the same time, each in its usual way: the
tutorial loop on the tunes as in the corpus, without titles, with random windows and a constant
learning rate of 0.001; ours on the text that a network reads (`abclm.model.text`), with the
defaults of `abclm train`. After each turn the held-out tunes are measured in bits of the whole tune
per note, since the two texts differ in length.

The default shape is that of the shipped model's run.
"""

import argparse
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from writing import parser_of

from abclm.corpus.store import load_corpus
from abclm.evaluate.bits import count_notes
from abclm.evaluate.rows import parse_text
from abclm.model.cues.reader import CueReader
from abclm.model.settings import CUES_OF_ONE, Cue, NetworkSettings, Precision, TrainingSettings
from abclm.model.text import model_texts, usual
from abclm.model.training.backend import choose_precision
from abclm.model.training.learner import Learner, seconds_a_step
from abclm.model.training.repertoire import Repertoire
from abclm.model.training.windows import (
    TuneStream,
    WindowBatch,
    evaluation_batches,
    random_windows,
    tune_batches,
)
from abclm.model.vocabulary import Vocabulary

TURNS = 5


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("corpus", nargs="?", default="irish")
    parser.add_argument("--units", type=int, default=384)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--precision", default="auto", help="of our training, as for abclm train")
    parser.add_argument("--seconds", type=float, default=60.0, help="seconds per turn")
    options = parser.parse_args()
    bench = Bench(options)
    bench.throughput()
    bench.from_the_same_characters()
    bench.to_the_same_bits()


@dataclass(frozen=True)
class Material:
    """A corpus in one of the two texts."""

    vocabulary: Vocabulary
    network: NetworkSettings
    train: Repertoire
    held_out: Repertoire


class Bench:
    """Both contenders on one corpus."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.shape = (options.batch_size, options.window)
        self.seconds = options.seconds
        corpus = load_corpus(options.corpus)
        known = usual(corpus.train)
        read = [text for text in corpus.held_out if model_texts([text], known, planned=True)]
        self.notes = sum(count_notes(parse_text(text)) for text in read)
        ours, ours_held_out = [
            model_texts(part, known, planned=True) for part in (corpus.train, read)
        ]
        theirs, theirs_held_out = [list(map(untitled, part)) for part in (corpus.train, read)]
        self.plain = material(theirs, theirs_held_out, (), options.units)
        self.cued = material(ours, ours_held_out, CUES_OF_ONE, options.units)
        precision = self.precision(options.precision)
        self.settings = TrainingSettings(precision=precision)
        print(f"2 x {options.units} units, batches of {self.shape}, ours in {precision}")

    def precision(self, asked: Precision) -> Precision:
        """Return the requested precision, or the faster one here, as in `abclm train`."""

        def seconds(precision: Precision) -> float:
            settings = TrainingSettings(precision=precision)
            return seconds_a_step(self.cued.network, settings, self.shape[0])

        return choose_precision(asked, seconds).precision

    def throughput(self) -> None:
        """Time both on the same batches."""
        batches = self.windows()
        network = self.plain.network
        ours = Learner(network, self.settings, self.shape[0])
        learners: dict[str, Callable[[WindowBatch], object]] = {
            "keras, float32": tutorial(network)[1],
            "abclm": lambda batch: ours.learn(batch, 1e-3),
        }
        speeds: dict[str, list[float]] = {name: [] for name in learners}
        for turn in range(TURNS + 1):
            for name, learn in learners.items():
                start, characters = time.perf_counter(), 0
                while time.perf_counter() - start < self.seconds / TURNS:
                    batch = next(batches)
                    learn(batch)
                    characters += batch.characters
                if turn:
                    speeds[name].append(characters / (time.perf_counter() - start))
        best = {name: max(each) for name, each in speeds.items()}
        for name, speed in best.items():
            print(f"{name:<16}{speed:>10,.0f} characters/s {speed / best['keras, float32']:>6.2f}")

    def from_the_same_characters(self) -> None:
        """Train both from the same weights on the same batches, without averaging weights."""
        network = self.plain.network
        ours = Learner(network, replace(self.settings, average=0.0), self.shape[0])
        model, learn = tutorial(network)
        model.build((None, None))
        for variable, weight in zip(
            model.trainable_variables, ours.weights().values(), strict=True
        ):
            variable.assign(weight)
        batches, characters, start = self.windows(), 0, time.perf_counter()
        while time.perf_counter() - start < 2 * self.seconds:
            batch = next(batches)
            learn(batch)
            ours.learn(batch, 1e-3)
            characters += batch.characters
        bits = {
            "keras": bits_of(model, self.plain.held_out),
            "abclm": measured(ours, self.plain.held_out),
        }
        told = ", ".join(f"{name} {value:.4f}" for name, value in bits.items())
        print(f"held-out bits per character after {characters:,} characters: {told}")

    def to_the_same_bits(self) -> None:
        """Train each in its usual way."""
        plain, cued = self.plain, self.cued
        model, learn = tutorial(plain.network)
        ours = Learner(cued.network, self.settings, self.settings.batch_size)
        rng = np.random.default_rng(0)

        def per_note(bits: float, held_out: Repertoire) -> float:
            return bits * sum(held_out.lengths) / self.notes

        runs: dict[
            str, tuple[Iterator[WindowBatch], Callable[[WindowBatch], object], Callable[[], float]]
        ] = {
            "keras tutorial": (
                self.windows(),
                learn,
                lambda: per_note(bits_of(model, plain.held_out), plain.held_out),
            ),
            "abclm train": (
                tune_batches(cued.train, (self.settings.batch_size, self.settings.window), rng),
                lambda batch: ours.learn(batch, self.settings.learning_rate),
                lambda: per_note(measured(ours, cued.held_out), cued.held_out),
            ),
        }
        print(f"{'held-out bits per note after':<34}" + "".join(f"{name:>16}" for name in runs))
        characters = dict.fromkeys(runs, 0)
        for turn in range(1, TURNS + 1):
            line = ""
            for name, (batches, step, measure) in runs.items():
                start = time.perf_counter()
                while time.perf_counter() - start < self.seconds:
                    batch = next(batches)
                    step(batch)
                    characters[name] += batch.characters
                line += f"{measure():>16.4f}"
            print(f"{turn * self.seconds:>8.0f} s of training each {'':<9}{line}")
        print(f"{'characters learnt from':<34}" + "".join(f"{n:>16,}" for n in characters.values()))

    def windows(self) -> Iterator[WindowBatch]:
        """Yield random windows endlessly."""
        stream = TuneStream.of(self.plain.train.tunes())
        rng = np.random.default_rng(0)
        while True:
            yield random_windows(stream, *self.shape, rng)


def measured(learner: Learner, held_out: Repertoire) -> float:
    """Return the bits per character of ``held_out``."""
    fit = learner.measure(held_out.tunes())
    return fit.bits if fit else math.nan


def material(
    train: Sequence[str], held_out: Sequence[str], cues: tuple[Cue, ...], units: int
) -> Material:
    vocabulary = Vocabulary.from_text((*train, *held_out))
    network = NetworkSettings(vocabulary.size, units=units, cues=cues, direct=bool(cues))
    reader = CueReader(vocabulary, cues)
    read = (Repertoire(texts, vocabulary, reader) for texts in (train, held_out))
    return Material(vocabulary, network, *read)


def untitled(text: str) -> str:
    """Return a canonical tune without its title, which our network does not read either."""
    return "".join(line for line in text.splitlines(keepends=True) if line[:2] != "T:")


def tutorial(network: NetworkSettings) -> tuple[keras.Model, Callable[[WindowBatch], object]]:
    """Return the network as built in tutorials, and its training step."""
    model = keras.Sequential(
        [
            keras.layers.Embedding(network.vocabulary_size, network.embedding_size),
            *(
                layer
                for _ in range(network.num_layers)
                for layer in (
                    keras.layers.LSTM(network.units, return_sequences=True),
                    keras.layers.Dropout(network.dropout),
                )
            ),
            keras.layers.Dense(network.vocabulary_size),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=loss)
    return model, lambda batch: model.train_on_batch(batch.inputs, batch.targets)


def bits_of(model: keras.Model, held_out: Repertoire) -> float:
    """Return bits per character over whole tunes, each starting from a zero state."""
    nats = characters = 0.0
    for batch in evaluation_batches(held_out.tunes(), 32768):
        logits = model.predict_on_batch(batch.inputs).astype(np.float64)
        logits -= logits.max(axis=-1, keepdims=True)
        total = np.log(np.exp(logits).sum(axis=-1))
        chosen = np.take_along_axis(logits, batch.targets[..., np.newaxis], axis=-1)[..., 0]
        nats += float((total - chosen)[batch.mask].sum())
        characters += batch.characters
    return nats / characters / math.log(2)


if __name__ == "__main__":
    main()
