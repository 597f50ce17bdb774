"""Compares recipes trained on the same number of characters by held-out bits per note.

    python benchmarks/variants.py irish base "no plan" "dropout 0.5" --characters 2000000

Each run is short and the network small, so the comparison is of the speed of learning; what helps
only after twenty epochs shows less here. The runs of `checkpoints/README.md` are among those of
`EVERY`. Weight dropping (Merity et al. 2018) and dropout of the recurrent state are implemented
only here: they were not adopted in abclm.

The text of a network with a plan has more characters than one without, each easier to predict. So
bits are those of whole tunes, header and plan included, per note; bits per character are comparable
only between variants with the same text.
"""

import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from writing import parser_of

from abclm.corpus.store import Corpus, load_corpus
from abclm.evaluate.bits import count_notes
from abclm.evaluate.rows import parse_text
from abclm.model.cues.reader import CueReader
from abclm.model.rows_text import piece_texts, usual_of_pieces
from abclm.model.settings import (
    ALL_CUES,
    CUES_OF_ONE,
    CUES_OF_SEVERAL,
    NetworkSettings,
    TrainingSettings,
)
from abclm.model.text import model_texts, plan_start, usual
from abclm.model.training.backend import import_keras, recurrent_layer
from abclm.model.training.learner import Learner
from abclm.model.training.repertoire import Repertoire
from abclm.model.training.schedule import Schedule, plan_schedule
from abclm.model.training.windows import WindowBatch, epoch_batches
from abclm.model.vocabulary import Vocabulary

_LETTER = re.compile("[A-Ga-g]")
"""A note of a body."""


@dataclass(frozen=True)
class Variant:
    """The differences from the base."""

    network: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    without: str = ""
    """A cue of the base that is left out."""
    layer: Callable[[], type] | None = None
    """Makes the layer class that replaces the LSTM."""


def recurrent_dropout() -> type:
    """Dropout of the state, the same units at every step of a tune (Gal 2016)."""

    class Layer(import_keras().layers.LSTM):  # type: ignore[misc]
        def __init__(self, units: int, **options: Any) -> None:
            super().__init__(units, recurrent_dropout=0.2, **options)

    return Layer


def weight_dropping() -> type:
    """Dropout of recurrent weights, drawn once per training step."""
    keras = import_keras()

    class Layer(recurrent_layer("lstm", "float32")):  # type: ignore[misc]
        def inner_loop(self, sequences: Any, initial_state: Any, **options: Any) -> Any:
            cell = self.cell
            if options.get("training"):
                dropped = keras.random.dropout(cell.recurrent_kernel, 0.3)
                # Bypasses Keras, which would register it as another weight.
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


EVERY = {
    "base": Variant(),
    "no cues": Variant({"cues": (), "direct": False}),
    "no direct connections": Variant({"direct": False}),
    **{f"no {cue}": Variant(without=cue) for cue in ALL_CUES},
    "no form": Variant({"cues": ("echo", "bar", "section", "syntax", "compass")}),
    "384 units": Variant({"units": 384}),
    "1 layer": Variant({"num_layers": 1}),
    "1 layer of 384": Variant({"num_layers": 1, "units": 384}),
    "3 layers": Variant({"num_layers": 3}),
    "embedding 32": Variant({"embedding_size": 32}),
    "embedding 64": Variant({"embedding_size": 64}),
    **{f"dropout {share}": Variant({"dropout": share}) for share in (0.0, 0.2, 0.35, 0.5)},
    **{
        f"direct dropout {share}": Variant({"direct_dropout": share})
        for share in (0.0, 0.15, 0.3, 0.5)
    },
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
    **{
        f"weight decay {share}": Variant(training={"weight_decay": share})
        for share in (0.0, 0.5, 2.0, 5.0)
    },
    "no average": Variant(training={"average": 0.0}),
    "GRU": Variant({"cell": "gru"}),
    "attention": Variant({"attention": 4}),
    "focal loss": Variant(training={"loss": "focal"}),
}


@dataclass(frozen=True)
class Material:
    """A corpus as a network reads it."""

    train: list[str]
    held_out: list[list[str]]
    notes: list[int]
    """The number of notes in each held-out part."""

    @staticmethod
    def of(corpus: Corpus, *, planned: bool) -> "Material":
        if corpus.several:
            return Material.of_several(corpus)
        known = usual(corpus.train)
        parts = [
            [text for text in part if model_texts([text], known, planned=True)]
            for part in (corpus.train, corpus.held_out, corpus.held_out_by_tune)
        ]
        train, *held_out = (model_texts(part, known, planned=planned) for part in parts)
        notes = [sum(count_notes(parse_text(text)) for text in part) for part in parts[1:]]
        return Material(train, held_out, notes)

    @staticmethod
    def of_several(corpus: Corpus) -> "Material":
        known = usual_of_pieces(corpus.train)
        train, held_out = (piece_texts(part, known) for part in (corpus.train, corpus.held_out))
        notes = sum(len(_LETTER.findall(text[plan_start(text) :])) for text in held_out)
        return Material(train, [held_out], [notes])


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("corpus")
    parser.add_argument("variants", nargs="*", help=f"of {', '.join(EVERY)}; all without any")
    parser.add_argument("--units", type=int, default=256)
    parser.add_argument("--embedding", type=int, default=128)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--direct-dropout", type=float, default=0.3)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--cues", help="such as echo,bar,section; all without any")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--characters", type=int, default=2_000_000)
    options = parser.parse_args()
    unknown = sorted(set(options.variants).difference(EVERY))
    if unknown:
        parser.error(f"no variant {unknown[0]!r}; there are: {', '.join(EVERY)}")
    corpus = load_corpus(options.corpus)
    usual_cues = CUES_OF_SEVERAL if corpus.several else CUES_OF_ONE
    material = {planned: Material.of(corpus, planned=planned) for planned in (True, False)}
    base = Variant(
        {
            "units": options.units,
            "embedding_size": options.embedding,
            "dropout": options.dropout,
            "cues": tuple(options.cues.split(",")) if options.cues else usual_cues,
            "direct": True,
            "direct_dropout": options.direct_dropout,
        },
        {
            "batch_size": options.batch_size,
            "average": 0.999,
            "precision": "float32",
            "weight_decay": options.weight_decay,
        },
    )
    parts = ["by family"] if corpus.several else ["by family", "by tune"]
    heads = [f"{what} {part}" for what in ("bits per note", "bits per character") for part in parts]
    columns = ["variant", *heads, "parameters", "characters/s"]
    print(f"| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|", flush=True)
    for name in options.variants or EVERY:
        print(run(name, base, material, options.characters), flush=True)


def run(name: str, base: Variant, material: dict[bool, Material], characters: int) -> str:
    """Train one variant of that base; return its line of the table."""
    variant = EVERY[name]
    told = {**base.network, **variant.network}
    told["cues"] = tuple(cue for cue in told["cues"] if cue != variant.without)
    tunes = material["plan" in told["cues"]]
    vocabulary = Vocabulary.from_text(
        (*tunes.train, *(one for part in tunes.held_out for one in part))
    )
    network = NetworkSettings(vocabulary.size, **told)
    settings = replace(TrainingSettings(), **{**base.training, **variant.training})
    reader = CueReader(vocabulary, network.cues)
    repertoire = Repertoire(tunes.train, vocabulary, reader)
    planned = plan_schedule(repertoire.lengths, settings)
    per_epoch = sum(repertoire.lengths)
    whole, part = divmod(characters, per_epoch)
    steps = planned.steps_per_epoch * whole + planned.steps_per_epoch * part // per_epoch
    schedule = Schedule(planned.batch_size, max(1, steps), 1)
    layer = variant.layer
    with (
        patch("abclm.model.training.network.recurrent_layer", lambda *_: layer())
        if layer
        else nullcontext()
    ):
        learner = Learner(network, settings, schedule.batch_size)
    learnt, start = 0, time.perf_counter()
    for step, batch in enumerate(batches(repertoire, settings, planned, schedule.steps)):
        learner.learn(batch, schedule.learning_rate(step, settings))
        learnt += batch.characters
    speed = learnt / (time.perf_counter() - start)
    per_note, per_character = [], []
    for texts, notes in zip(tunes.held_out, tunes.notes, strict=True):
        read = Repertoire(texts, vocabulary, reader)
        per_character.append(fit.bits if (fit := learner.measure(read.tunes())) else math.nan)
        per_note.append(per_character[-1] * sum(read.lengths) / notes if notes else math.nan)
    cells = " | ".join(f"{value:.4f}" for value in (*per_note, *per_character))
    return f"| {name} | {cells} | {learner.parameters:,} | {speed:,.0f} |"


def batches(
    repertoire: Repertoire, settings: TrainingSettings, planned: Schedule, steps: int
) -> Iterator[WindowBatch]:
    """Yield that many steps, epoch after epoch."""
    shape = (planned.batch_size, settings.window)
    epoch = 0
    while steps > 0:
        some = min(steps, planned.steps_per_epoch)
        yield from epoch_batches(repertoire, settings.windows, shape, steps=some, seed=(0, epoch))
        steps -= some
        epoch += 1


if __name__ == "__main__":
    main()
