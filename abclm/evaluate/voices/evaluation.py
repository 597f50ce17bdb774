"""The evaluation of a checkpoint of several voices: its pieces measured against real ones."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.many import Commission, write_many
from abclm.compose.settings import MAX_CHARACTERS
from abclm.constraint.pitch_range import PitchRange
from abclm.constraint.prompt import Prompt
from abclm.constraint.requirements import Requirements
from abclm.constraint.voice_leading import VoiceLeading
from abclm.corpus.store import Corpus
from abclm.decoding.sampling import Sampling
from abclm.evaluate.bits import BitsRow, network_costs, total_bits
from abclm.evaluate.ngram import ORDER, NGram
from abclm.evaluate.options import Options
from abclm.evaluate.tunes import Split
from abclm.evaluate.voices.apart import Apart, compare_pieces
from abclm.evaluate.voices.figures import VoicesRow, measure_pieces, parse_piece
from abclm.evaluate.voices.row_shapes import RowIndex
from abclm.evaluate.voices.slices import slices
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.rows_text import piece_texts
from abclm.model.vocabulary import Vocabulary

__all__ = ["VoicesBench", "VoicesEvaluation", "evaluate_voices"]

_NGRAM: Final = f"n-gram of order {ORDER}"


@dataclass(frozen=True, slots=True)
class VoicesEvaluation:
    """The results for a checkpoint of several voices.

    Attributes:
        checkpoint: its name and the hash of its weights.
        corpus: name and hash of its training corpus.
        options: how its pieces were written.
        rows: the figures of its pieces, and of real ones.
        splits: the held-out pieces; the first split is the human row.
        bits: the bits of the network and of the n-gram.
        apart: its pieces told from the real ones of all splits.
        tunes: the pieces, in order; with parallels allowed.
    """

    checkpoint: tuple[str, str]
    corpus: tuple[str, str]
    options: Options
    rows: tuple[VoicesRow, ...]
    splits: tuple[Split, ...]
    bits: tuple[BitsRow, ...]
    apart: Apart
    tunes: tuple[GeneratedTune, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return all figures for JSON, without the pieces."""
        return {
            "checkpoint": {"name": self.checkpoint[0], "sha256": self.checkpoint[1]},
            "corpus": {"name": self.corpus[0], "sha256": self.corpus[1]},
            "options": asdict(self.options),
            "rows": [row.as_dict() for row in self.rows],
            "splits": {
                split.name: {"pieces": len(split.texts), "left_out": dict(split.left_out)}
                for split in self.splits
            },
            "bits": [row.as_dict() for row in self.bits],
            **self.apart.as_dict(),
        }


def evaluate_voices(
    checkpoint: Checkpoint,
    corpus: Corpus,
    splits: Sequence[Split],
    options: Options,
    *,
    no_parallels: bool = False,
    progress: Callable[[str], None] = lambda _message: None,
) -> VoicesEvaluation:
    """Evaluate a checkpoint that writes several voices.

    Args:
        checkpoint: the network.
        corpus: its training corpus.
        splits: one or more splits of held-out pieces; the first is the human row.
        options: how pieces are written.
        no_parallels: whether another row has pieces in which parallels cost.
        progress: called with a line before each step, and for what could not be measured.

    Returns:
        The figures; except for the speed, the same arguments give the same figures.
    """
    bench = VoicesBench(checkpoint, corpus, splits, options, progress=progress)
    bits = bench.bits()
    row, tunes = bench.network()
    rows = [row]
    if no_parallels:
        rows.append(bench.network(parallels=VoiceLeading())[0])
    apart = bench.tell_apart(tunes)
    for remark in apart.remarks:
        progress(remark)
    return VoicesEvaluation(
        checkpoint=(checkpoint.config.name, checkpoint.sha256),
        corpus=(corpus.name, str(corpus.report.get("sha256", ""))),
        options=options,
        rows=(*rows, *bench.humans()),
        splits=tuple(splits),
        bits=bits,
        apart=apart,
        tunes=tuple(tunes),
    )


class VoicesBench:
    """Measures the rows of an evaluation; it holds what they share, such as the index.

    Args:
        checkpoint: the network.
        corpus: its training corpus.
        splits: one or more splits of held-out pieces.
        options: how pieces are written.
        progress: called with a line before each step.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        corpus: Corpus,
        splits: Sequence[Split],
        options: Options,
        *,
        progress: Callable[[str], None] = lambda _message: None,
    ) -> None:
        self._name = checkpoint.config.name
        self._splits, self._options, self._progress = splits, options, progress
        self._composer = Composer(checkpoint)
        self._training = list(corpus.train)
        progress(f"indexing {len(self._training)} pieces")
        self._index = RowIndex([slices(parse_piece(text)) for text in self._training])
        self._voices = _usual_voices(splits[0].texts)

    def bits(self) -> tuple[BitsRow, ...]:
        """Measure how well the network and an n-gram predict each split.

        The n-gram learns from the training pieces as the network reads them, in one key. Pieces are
        read whole: without the copies with fewer voices that a network may learn from.
        """
        self._progress(f"{_NGRAM}: learning from {len(self._training)} pieces")
        learnt = piece_texts(self._training, self._composer.usual)
        found = BitsRow(self._name, {}), BitsRow(_NGRAM, {})
        for split in self._splits:
            self._progress(f"reading the pieces {split.title}")
            read = list(map(self._composer.read, split.texts))
            ngram = NGram(Vocabulary.from_text([*learnt, *read]), learnt)
            costs = network_costs(self._composer, read), ngram.costs(read)
            for row, cost in zip(found, costs, strict=True):
                row.bits[split.name] = total_bits(split.texts, read, cost)
        return found

    def network(
        self, *, parallels: VoiceLeading | None = None, ranges: tuple[PitchRange, ...] = ()
    ) -> tuple[VoicesRow, list[GeneratedTune]]:
        """Let the network write pieces; return their row and the pieces.

        They have as many voices as most held-out pieces.

        Args:
            parallels: the cost of parallels; None for none.
            ranges: the range of each voice, from the top.
        """
        options = self._options
        name = self._name if parallels is None else f"{self._name} --no-parallels"
        self._progress(f"{name}: writing {options.count} pieces")
        commission = Commission(
            Prompt(),
            Sampling(options.temperature),
            options.seed,
            MAX_CHARACTERS,
            raw=False,
            requirements=Requirements(voices=self._voices, ranges=ranges, parallels=parallels),
            rivals=1,
        )
        start = time.perf_counter()
        parts = write_many(self._composer, commission, range(options.count))
        tunes = [tune for part in parts for tune in part]
        seconds = time.perf_counter() - start
        self._progress(f"{name}: measuring them")
        row = measure_pieces(
            name,
            "model",
            [tune.text for tune in tunes],
            ended=sum(tune.ended for tune in tunes) / len(tunes),
            copying=self._index.copying,
        )
        return (
            replace(
                row,
                taken=sum(tune.taken for tune in tunes) / len(tunes),
                characters_per_second=sum(tune.characters for tune in tunes) / seconds,
            ),
            tunes,
        )

    def humans(self) -> tuple[VoicesRow, VoicesRow]:
        """Measure the pieces of the first split, and all training pieces.

        The copying of a training piece is that from all others.
        """
        self._progress("measuring real pieces")
        split = self._splits[0]
        held_out = measure_pieces(
            f"real, {split.title}", "human", split.texts, copying=self._index.copying
        )
        training = measure_pieces("real, training", "human", self._training)
        return held_out, replace(training, copying=self._index.leave_one_out())

    def tell_apart(self, tunes: Sequence[GeneratedTune]) -> Apart:
        """Tell the network's pieces from those of all splits, and these from training pieces."""
        self._progress("telling real and written pieces apart")
        real = [parse_piece(text) for split in self._splits for text in split.texts]
        count = min(len(real), len(self._training))
        rng = np.random.Generator(np.random.PCG64([self._options.seed, 1]))
        drawn = sorted(rng.choice(len(self._training), count, replace=False))
        return compare_pieces(
            real,
            [parse_piece(tune.text) for tune in tunes],
            [parse_piece(self._training[place]) for place in drawn],
        )


def _usual_voices(texts: Sequence[str]) -> int:
    """The number of voices that most pieces have; of equally common ones the largest."""
    counts = Counter(len(parse_piece(text).voices) for text in texts)
    return max(counts, key=lambda voices: (counts[voices], voices))
