"""The measurements that make the rows of an evaluation of several voices."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from abclm.compose.generation import GeneratedTune
from abclm.constraint.pitch_range import PitchRange
from abclm.constraint.requirements import Requirements
from abclm.constraint.voice_leading import VoiceLeading
from abclm.corpus.store import Corpus
from abclm.evaluate.base import NGRAM, BaseBench
from abclm.evaluate.bits import Bits, BitsRow, total_bits
from abclm.evaluate.ngram import NGram
from abclm.evaluate.options import Options
from abclm.evaluate.tunes import Split
from abclm.evaluate.voices.apart import Apart, compare_pieces
from abclm.evaluate.voices.figures import VoicesRow, measure_pieces, parse_piece
from abclm.evaluate.voices.row_shapes import RowIndex
from abclm.evaluate.voices.slices import slices
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.rows_text import piece_texts
from abclm.model.vocabulary import Vocabulary

__all__ = ["VoicesBench"]


class VoicesBench(BaseBench):
    """Measures pieces of several voices; it holds what the rows share, such as the index."""

    THINGS: ClassVar = "pieces"

    def __init__(
        self,
        checkpoint: Checkpoint,
        corpus: Corpus,
        splits: Sequence[Split],
        options: Options,
        *,
        progress: Callable[[str], None] = lambda _message: None,
    ) -> None:
        super().__init__(checkpoint, corpus, splits, options, progress=progress)
        progress(f"indexing {len(self._training)} pieces")
        self._index = RowIndex([slices(parse_piece(text)) for text in self._training])
        self._voices = _usual_voices(splits[0].texts)

    def bits(self) -> tuple[BitsRow, BitsRow]:
        """Measure how well the network and an n-gram predict each split.

        The n-gram learns from the training pieces as the network reads them, in one key. Pieces are
        read whole: without the copies with fewer voices that a network may learn from.
        """
        self._progress(f"{NGRAM}: learning from {len(self._training)} pieces")
        learnt = piece_texts(self._training, self._composer.usual)

        def baseline(texts: Sequence[str], read: Sequence[str]) -> Bits:
            ngram = NGram(Vocabulary.from_text([*learnt, *read]), learnt)
            return total_bits(texts, read, ngram.costs(read))

        return self._bits(baseline)

    def network(
        self, *, parallels: VoiceLeading | None = None, ranges: tuple[PitchRange, ...] = ()
    ) -> tuple[VoicesRow, list[GeneratedTune]]:
        """Let the network write pieces; return their row and the pieces.

        They have as many voices as most held-out pieces.

        Args:
            parallels: the cost of parallels; None for none.
            ranges: the range of each voice, from the top.
        """
        name = self._name if parallels is None else f"{self._name} --no-parallels"
        requirements = Requirements(voices=self._voices, ranges=ranges, parallels=parallels)
        written = self._write(name, requirements, candidates=1)
        self._progress(f"{name}: measuring them")
        row = measure_pieces(
            name, "model", written.texts, ended=written.ended, copying=self._index.copying
        )
        speed = written.characters_per_second
        return replace(row, taken=written.taken, characters_per_second=speed), written.tunes

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
        return compare_pieces(
            real,
            [parse_piece(tune.text) for tune in tunes],
            [parse_piece(text) for text in self._drawn(len(real), 1)],
        )


def _usual_voices(texts: Sequence[str]) -> int:
    """The number of voices that most pieces have; of equally common ones the largest."""
    counts = Counter(len(parse_piece(text).voices) for text in texts)
    return max(counts, key=lambda voices: (counts[voices], voices))
