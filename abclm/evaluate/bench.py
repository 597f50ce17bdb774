"""The measurements that make the rows of an evaluation."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.many import Commission, write_many
from abclm.compose.settings import MAX_CHARACTERS
from abclm.constraint.prompt import Prompt
from abclm.constraint.requirements import Requirements
from abclm.corpus.store import Corpus
from abclm.decoding.sampling import Sampling
from abclm.evaluate.apart.comparison import Comparison, compare
from abclm.evaluate.bits import Bits, BitsRow, network_costs, total_bits
from abclm.evaluate.breakdown import BreakdownRow, break_down
from abclm.evaluate.musical import Standard, lines_of
from abclm.evaluate.ngram import ORDER, NGram
from abclm.evaluate.options import Options
from abclm.evaluate.rows import Row, all_features, measure, parse_text
from abclm.evaluate.speed import Speed, measure_speed
from abclm.evaluate.tunes import Split
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.vocabulary import Vocabulary
from abclm.originality.comparison import BarShapeIndex

__all__ = ["Bench"]

_NGRAM: Final = f"n-gram of order {ORDER}"


class Bench:
    """Measures the rows of an evaluation; it holds what they share, such as the n-gram."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        corpus: Corpus,
        splits: Sequence[Split],
        index: BarShapeIndex,
        options: Options,
        *,
        progress: Callable[[str], None],
    ) -> None:
        self._name, self._path = checkpoint.config.name, checkpoint.path
        self._splits, self._index, self._options = splits, index, options
        self._progress = progress
        self._composer = Composer(checkpoint)
        self._training = list(corpus.train)
        progress(f"{_NGRAM}: learning from {len(self._training)} tunes")
        tunes = [*self._training, *(text for split in splits for text in split.texts)]
        self._ngram = NGram(Vocabulary.from_text(tunes), self._training)
        self._real = all_features(map(parse_text, splits[0].texts))
        self._standard = Standard(lines_of(list(map(parse_text, self._training))))
        # Name, kind and texts of each row measured so far.
        self._measured: list[tuple[str, str, Sequence[str]]] = []

    def bits(self) -> tuple[BitsRow, ...]:
        """Measure how well the network and the n-gram predict each split."""
        found: dict[str, dict[str, Bits]] = {self._name: {}, _NGRAM: {}}
        for split in self._splits:
            texts = split.texts
            self._progress(f"reading the tunes {split.title}")
            read = [self._composer.read(text) for text in texts]
            costs = network_costs(self._composer, read)
            found[self._name][split.name] = total_bits(texts, read, costs)
            found[_NGRAM][split.name] = total_bits(texts, texts, self._ngram.costs(texts))
        return tuple(BitsRow(name, bits) for name, bits in found.items())

    def network(self, *, raw: bool) -> tuple[Row, list[GeneratedTune]]:
        """Let the network write tunes; return their row and the tunes."""
        options, name = self._options, f"{self._name} --raw" if raw else self._name
        self._progress(f"{name}: writing {options.count} tunes")
        commission = Commission(
            Prompt(),
            Sampling(options.temperature),
            options.seed,
            MAX_CHARACTERS,
            raw,
            None if raw else Requirements(),
            1 if raw else options.candidates,
        )
        start = time.perf_counter()
        parts = write_many(self._composer, commission, range(options.count))
        tunes = [tune for part in parts for tune in part]
        seconds = time.perf_counter() - start
        texts = [tune.text for tune in tunes]
        ended = sum(tune.ended for tune in tunes) / len(tunes)
        row = self._measure(name, "model", texts, ended=ended)
        speed = sum(tune.characters for tune in tunes) / seconds
        if raw:
            row = replace(row, passed=sum(map(self._composer.passes, tunes)) / len(tunes))
        else:
            row = replace(row, taken=sum(tune.taken for tune in tunes) / len(tunes))
        return replace(row, characters_per_second=speed), tunes

    def speed(self) -> Speed:
        """Measure how fast the network writes one tune."""
        self._progress("measuring the speed of one tune")
        return measure_speed(self._composer, self._path)

    def humans(self) -> tuple[Row, Row]:
        """Measure the tunes of the first split, and as many training tunes as are written.

        The training tunes are drawn at random; their copying is that of all training tunes, each
        compared with all others.
        """
        self._progress("measuring real tunes")
        held_out = self._splits[0]
        own = self._measure(f"real, {held_out.title}", "human", held_out.texts)
        drawn = self._drawn(self._options.count, 0)
        training = self._measure("real, training", "human", drawn, copies=False)
        return replace(own, likeness=None), replace(training, copying=self._index.leave_one_out)

    def baseline(self) -> Row:
        """Measure tunes sampled from the n-gram."""
        count, heat = self._options.count, self._options.temperature
        self._progress(f"{_NGRAM}: writing {count} tunes")
        drawn = [
            self._ngram.sample(self._rng(number), MAX_CHARACTERS, heat) for number in range(count)
        ]
        ended = sum(finished for _, finished in drawn) / count
        return self._measure(_NGRAM, "baseline", [text for text, _ in drawn], ended=ended)

    def compare(self, tunes: Sequence[GeneratedTune]) -> Comparison:
        """Compare the network's tunes with those of all splits, and these with training tunes."""
        self._progress("telling real and written tunes apart")
        real = [text for split in self._splits for text in split.texts]
        written = [tune.text for tune in tunes]
        sides = (real, written, self._drawn(len(real), 1))
        return compare(*(list(map(parse_text, texts)) for texts in sides))

    def break_down(self, by: str) -> tuple[BreakdownRow, ...]:
        """Break the musical figures of all rows measured so far down by rhythm or key."""
        self._progress(f"breaking the figures down by {by}")
        rows = [(name, kind, list(map(parse_text, texts))) for name, kind, texts in self._measured]
        return tuple(break_down(by, rows, self._standard))

    def _measure(
        self,
        name: str,
        kind: str,
        texts: Sequence[str],
        *,
        ended: float = 1.0,
        copies: bool = True,
    ) -> Row:
        self._measured.append((name, kind, texts))
        index = self._index if copies else None
        return measure(
            name,
            kind,
            texts,
            ended=ended,
            index=index,
            real=self._real,
            standard=self._standard,
        )

    def _drawn(self, count: int, number: int) -> list[str]:
        """Draw ``count`` training tunes, or all, by the seed and ``number``, in their order."""
        count = min(count, len(self._training))
        drawn = self._rng(number).choice(len(self._training), count, replace=False)
        return [self._training[place] for place in sorted(drawn)]

    def _rng(self, number: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self._options.seed, number]))
