"""The whole evaluation of a checkpoint: tunes written, measured beside real ones and a baseline."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.originality import Index
from abclm.compose.sampling import Sampling
from abclm.compose.settings import MAX_CHARACTERS
from abclm.corpus.store import Corpus
from abclm.errors import InputError
from abclm.evaluate.bits import Bits, network_costs, total_bits
from abclm.evaluate.ngram import ORDER, NGram
from abclm.evaluate.rows import REFERENCES, Row, all_features, measure, parse_text
from abclm.evaluate.speed import Speed, measure_speed
from abclm.evaluate.tunes import Split
from abclm.model.checkpoint import Checkpoint

__all__ = ["BitsRow", "Evaluation", "Options", "evaluate"]

_NGRAM = f"n-gram of order {ORDER}"


@dataclass(frozen=True, slots=True)
class Options:
    """How tunes are written for the evaluation."""

    count: int = 200
    """How many in each row."""
    seed: int = 0
    """The random seed."""
    temperature: float = 1.0
    """As `abclm.compose.sampling.Sampling.temperature`."""

    def __post_init__(self) -> None:
        if self.count < 1:
            raise InputError(f"count must be 1 or more, not {self.count}")
        if self.seed < 0:
            raise InputError(f"seed must be 0 or more, not {self.seed}")
        Sampling(self.temperature)


@dataclass(frozen=True, slots=True)
class BitsRow:
    """The bits of one model on each split, by the split's name."""

    name: str
    bits: dict[str, Bits]

    def as_dict(self) -> dict[str, Any]:
        """The row as JSON wants it."""
        return {
            "name": self.name,
            **{
                split: {
                    "bits_per_character": round(found.per_character, 4),
                    "bits_per_note": round(found.per_note, 4),
                    "characters": found.characters,
                    "notes": found.notes,
                }
                for split, found in self.bits.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured of a checkpoint.

    Attributes:
        checkpoint: its name and the hash of its weights.
        corpus: name and hash of what it learnt from.
        options: how its tunes were written.
        rows: the table; what was measured comes first, then what is known of others.
        splits: the tunes that no model here has learnt from; the first are the human row.
        bits: of the network and of the n-gram.
        tunes: those of the network in metre, as they came.
        speed: of one tune.
    """

    checkpoint: tuple[str, str]
    corpus: tuple[str, str]
    options: Options
    rows: tuple[Row, ...]
    splits: tuple[Split, ...]
    bits: tuple[BitsRow, ...]
    tunes: tuple[GeneratedTune, ...]
    speed: Speed

    def as_dict(self) -> dict[str, Any]:
        """All figures as JSON wants them, without the tunes."""
        return {
            "checkpoint": {"name": self.checkpoint[0], "sha256": self.checkpoint[1]},
            "corpus": {"name": self.corpus[0], "sha256": self.corpus[1]},
            "options": asdict(self.options),
            "rows": [row.as_dict() for row in self.rows],
            "splits": {
                split.name: {"tunes": len(split.texts), "left_out": dict(split.left_out)}
                for split in self.splits
            },
            "bits": [row.as_dict() for row in self.bits],
            "speed": asdict(self.speed),
        }


def evaluate(
    checkpoint: Checkpoint,
    corpus: Corpus,
    splits: Sequence[Split],
    index: Index,
    options: Options,
    *,
    progress: Callable[[str], None] = lambda _message: None,
) -> Evaluation:
    """Measure ``checkpoint``.

    Args:
        checkpoint: the network.
        corpus: what it learnt from; its training tunes make the n-gram and a row of the table.
        splits: tunes it has not learnt from, at least one split; the first is the human row.
        index: of the training tunes.
        options: how tunes are written.
        progress: told what is done next.

    Returns:
        The same figures for the same arguments, but for the speed.

    Raises:
        InputError: the network cannot read a single training tune.
    """
    bench = _Bench(checkpoint, corpus, splits, index, options, progress=progress)
    bits = bench.bits()
    raw, _ = bench.network(raw=True)
    in_metre, tunes = bench.network(raw=False)
    speed = bench.speed()
    return Evaluation(
        checkpoint=(checkpoint.config.name, checkpoint.sha256),
        corpus=(corpus.name, str(corpus.report.get("sha256", ""))),
        options=options,
        rows=(raw, in_metre, *bench.humans(), bench.baseline(), *REFERENCES),
        splits=tuple(splits),
        bits=bits,
        tunes=tuple(tunes),
        speed=speed,
    )


class _Bench:
    """What all rows are measured with."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        corpus: Corpus,
        splits: Sequence[Split],
        index: Index,
        options: Options,
        *,
        progress: Callable[[str], None],
    ) -> None:
        self._name, self._path = checkpoint.config.name, checkpoint.path
        self._splits, self._index, self._options = splits, index, options
        self._progress = progress
        self._composer = Composer(checkpoint)
        vocabulary = checkpoint.vocabulary
        self._training = [text for text in corpus.train if not vocabulary.unknown(text)]
        if not self._training:
            raise InputError(f"{self._name} knows the characters of no tune of {corpus.name}")
        progress(f"{_NGRAM}: learning from {len(self._training)} tunes")
        self._ngram = NGram(vocabulary, self._training)
        self._real = all_features(map(parse_text, splits[0].texts))

    def bits(self) -> tuple[BitsRow, ...]:
        """How well the network and the n-gram foresee each split."""
        found: dict[str, dict[str, Bits]] = {self._name: {}, _NGRAM: {}}
        for split in self._splits:
            texts = split.texts
            self._progress(f"reading the tunes {split.title}")
            network = network_costs(self._composer, texts)
            found[self._name][split.name] = total_bits(texts, network)
            found[_NGRAM][split.name] = total_bits(texts, self._ngram.costs(texts))
        return tuple(BitsRow(name, bits) for name, bits in found.items())

    def network(self, *, raw: bool) -> tuple[Row, list[GeneratedTune]]:
        """The row of tunes that the network writes, and those tunes."""
        options, name = self._options, f"{self._name} --raw" if raw else self._name
        self._progress(f"{name}: writing {options.count} tunes")
        sampling = Sampling(options.temperature)
        start = time.perf_counter()
        tunes = self._composer.generate(
            sampling=sampling, seed=options.seed, count=options.count, raw=raw
        )
        seconds = time.perf_counter() - start
        texts = [tune.text for tune in tunes]
        ended = sum(tune.ended for tune in tunes) / len(tunes)
        row = measure(name, "model", texts, ended=ended, index=self._index, real=self._real)
        speed = sum(tune.characters for tune in tunes) / seconds
        return replace(row, characters_per_second=speed), tunes

    def speed(self) -> Speed:
        """How fast the network writes one tune."""
        self._progress("measuring the speed of one tune")
        return measure_speed(self._composer, self._path)

    def humans(self) -> tuple[Row, Row]:
        """The rows of the tunes of the first split and of as many training tunes as are written.

        The training tunes are drawn by the seed; their copying is that of all training tunes, each
        against all others.
        """
        self._progress("measuring real tunes")
        held_out = self._splits[0]
        rng = self._rng(0)
        count = min(self._options.count, len(self._training))
        drawn = rng.choice(len(self._training), count, replace=False)
        sample = [self._training[place] for place in sorted(drawn)]
        training = measure("real, training", "human", sample, real=self._real)
        return (
            measure(f"real, {held_out.title}", "human", held_out.texts, index=self._index),
            replace(training, copying=self._index.leave_one_out),
        )

    def baseline(self) -> Row:
        """The row of tunes that are drawn from the n-gram."""
        count, heat = self._options.count, self._options.temperature
        self._progress(f"{_NGRAM}: writing {count} tunes")
        drawn = [
            self._ngram.sample(self._rng(number), MAX_CHARACTERS, heat) for number in range(count)
        ]
        ended = sum(finished for _, finished in drawn) / count
        texts = [text for text, _ in drawn]
        return measure(_NGRAM, "baseline", texts, ended=ended, index=self._index, real=self._real)

    def _rng(self, number: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self._options.seed, number]))
