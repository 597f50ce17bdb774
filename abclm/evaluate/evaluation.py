"""The evaluation of a checkpoint: its tunes measured against real ones and a baseline."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from abclm.corpus.store import Corpus
from abclm.evaluate.apart.comparison import Comparison
from abclm.evaluate.base import Results
from abclm.evaluate.bench import Bench
from abclm.evaluate.bits import BitsRow
from abclm.evaluate.breakdown import BreakdownRow, check_breakdown
from abclm.evaluate.options import Options
from abclm.evaluate.rows import REFERENCES, Row
from abclm.evaluate.speed import Speed
from abclm.evaluate.tunes import Split
from abclm.model.checkpoint.checkpoint import Checkpoint, CheckpointConfig
from abclm.originality.comparison import BarShapeIndex

__all__ = ["BitsRow", "Evaluation", "Options", "evaluate"]


@dataclass(frozen=True)
class Evaluation(Results[Row]):
    """The results for a checkpoint of one voice; the last rows are published figures of others.

    Attributes:
        speed: the speed of writing one tune.
        config: the configuration of the checkpoint.
        comparison: its tunes compared with the real ones of all splits.
        breakdowns: the rows broken down by ``rhythm`` or ``key``, if requested.
    """

    speed: Speed
    config: CheckpointConfig
    comparison: Comparison = field(default_factory=Comparison)
    breakdowns: dict[str, tuple[BreakdownRow, ...]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return all figures for JSON, without the tunes."""
        return {
            **super().as_dict(),
            "speed": asdict(self.speed),
            **self.comparison.as_dict(),
            "breakdowns": {
                by: [part.as_dict() for part in parts] for by, parts in self.breakdowns.items()
            },
        }


def evaluate(
    checkpoint: Checkpoint,
    corpus: Corpus,
    splits: Sequence[Split],
    index: BarShapeIndex,
    options: Options,
    *,
    by: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _message: None,
) -> Evaluation:
    """Evaluate ``checkpoint``.

    Args:
        checkpoint: the network.
        corpus: its training corpus; the training tunes make the n-gram and a row of the table.
        splits: one or more splits of held-out tunes; the first is the human row.
        index: the index of the training tunes.
        options: how tunes are written.
        by: what to break the musical figures down by: ``rhythm``, ``key``.
        progress: called with a line before each step, and for what could not be measured.

    Returns:
        The figures; except for the speed, the same arguments give the same figures.

    Raises:
        InputError: ``by`` has another name.
    """
    for each in by:
        check_breakdown(each)
    bench = Bench(checkpoint, corpus, splits, index, options, progress=progress)
    bits = bench.bits()
    raw, _ = bench.network(raw=True)
    in_metre, tunes = bench.network(raw=False)
    speed = bench.speed()
    rows = (raw, in_metre, *bench.humans(), bench.baseline(), *REFERENCES)
    comparison = bench.compare(tunes)
    for remark in comparison.remarks:
        progress(remark)
    return Evaluation(
        checkpoint=bench.checkpoint,
        corpus=bench.corpus,
        options=options,
        rows=rows,
        splits=tuple(splits),
        bits=bits,
        tunes=tuple(tunes),
        speed=speed,
        config=checkpoint.config,
        comparison=comparison,
        breakdowns={each: bench.break_down(each) for each in dict.fromkeys(by)},
    )
