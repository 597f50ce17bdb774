"""The measurements that make the rows of an evaluation of one voice."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from abclm.compose.generation import GeneratedTune
from abclm.compose.settings import MAX_CHARACTERS
from abclm.constraint.requirements import Requirements
from abclm.corpus.store import Corpus
from abclm.evaluate.apart.comparison import Comparison, compare
from abclm.evaluate.base import NGRAM, BaseBench
from abclm.evaluate.bits import BitsRow, total_bits
from abclm.evaluate.breakdown import BreakdownRow, break_down
from abclm.evaluate.musical import Standard, lines_of
from abclm.evaluate.ngram import NGram
from abclm.evaluate.options import Options
from abclm.evaluate.rows import Row, all_features, measure, parse_text
from abclm.evaluate.speed import Speed, measure_speed
from abclm.evaluate.tunes import Split
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.vocabulary import Vocabulary
from abclm.originality.comparison import BarShapeIndex

__all__ = ["Bench"]


class Bench(BaseBench):
    """Measures tunes of one voice; it holds what the rows share, such as the n-gram."""

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
        super().__init__(checkpoint, corpus, splits, options, progress=progress)
        self._path, self._index = checkpoint.path, index
        progress(f"{NGRAM}: learning from {len(self._training)} tunes")
        tunes = [*self._training, *(text for split in splits for text in split.texts)]
        self._ngram = NGram(Vocabulary.from_text(tunes), self._training)
        self._real = all_features(map(parse_text, splits[0].texts))
        self._standard = Standard(lines_of(list(map(parse_text, self._training))))
        # Name, kind and texts of each row measured so far.
        self._measured: list[tuple[str, str, Sequence[str]]] = []

    def bits(self) -> tuple[BitsRow, BitsRow]:
        """Measure how well the network and the n-gram predict each split."""
        return self._bits(lambda texts, _: total_bits(texts, texts, self._ngram.costs(texts)))

    def network(self, *, raw: bool) -> tuple[Row, list[GeneratedTune]]:
        """Let the network write tunes; return their row and the tunes."""
        if raw:
            name = f"{self._name} --raw"
            written = self._write(name, None, 1)
        else:
            name = self._name
            written = self._write(name, Requirements(), self._options.candidates)
        tunes = written.tunes
        row = self._measure(name, "model", written.texts, ended=written.ended)
        if raw:
            row = replace(row, passed=sum(map(self._composer.passes, tunes)) / len(tunes))
        else:
            row = replace(row, taken=written.taken)
        return replace(row, characters_per_second=written.characters_per_second), tunes

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
        self._progress(f"{NGRAM}: writing {count} tunes")
        drawn = [
            self._ngram.sample(self._rng(number), MAX_CHARACTERS, heat) for number in range(count)
        ]
        ended = sum(finished for _, finished in drawn) / count
        return self._measure(NGRAM, "baseline", [text for text, _ in drawn], ended=ended)

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
