"""The evaluation of a checkpoint of several voices: its pieces measured against real ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from abclm.constraint.voice_leading import VoiceLeading
from abclm.corpus.store import Corpus
from abclm.evaluate.base import Results
from abclm.evaluate.options import Options
from abclm.evaluate.tunes import Split
from abclm.evaluate.voices.apart import Apart
from abclm.evaluate.voices.bench import VoicesBench
from abclm.evaluate.voices.figures import VoicesRow
from abclm.model.checkpoint.checkpoint import Checkpoint

__all__ = ["VoicesEvaluation", "evaluate_voices"]


@dataclass(frozen=True)
class VoicesEvaluation(Results[VoicesRow]):
    """The results for a checkpoint of several voices; its pieces are those with parallels allowed.

    Attributes:
        apart: its pieces told from the real ones of all splits.
    """

    THINGS: ClassVar = "pieces"

    apart: Apart

    def as_dict(self) -> dict[str, Any]:
        """Return all figures for JSON, without the pieces."""
        return {**super().as_dict(), **self.apart.as_dict()}


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
        checkpoint=bench.checkpoint,
        corpus=bench.corpus,
        options=options,
        rows=(*rows, *bench.humans()),
        splits=tuple(splits),
        bits=bits,
        apart=apart,
        tunes=tuple(tunes),
    )
