"""The whole evaluation of a checkpoint: tunes written, measured beside real ones and a baseline."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from abclm.compose.generation import GeneratedTune
from abclm.corpus.store import Corpus
from abclm.evaluate.apart.comparison import Comparison
from abclm.evaluate.bench import Bench
from abclm.evaluate.bits import BitsRow
from abclm.evaluate.breakdown import BreakdownRow, check_breakdown
from abclm.evaluate.options import Options
from abclm.evaluate.rows import REFERENCES, Row
from abclm.evaluate.speed import Speed
from abclm.evaluate.tunes import Split
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.originality.comparison import BarShapeIndex

__all__ = ["BitsRow", "Evaluation", "Options", "evaluate"]


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
        comparison: of those tunes with the real ones of all splits.
        breakdowns: the parts of the rows by ``rhythm`` or ``key``, as far as they were asked for.
    """

    checkpoint: tuple[str, str]
    corpus: tuple[str, str]
    options: Options
    rows: tuple[Row, ...]
    splits: tuple[Split, ...]
    bits: tuple[BitsRow, ...]
    tunes: tuple[GeneratedTune, ...]
    speed: Speed
    comparison: Comparison = field(default_factory=Comparison)
    breakdowns: dict[str, tuple[BreakdownRow, ...]] = field(default_factory=dict)

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
    """Measure ``checkpoint``.

    Args:
        checkpoint: the network.
        corpus: what it learnt from; its training tunes make the n-gram and a row of the table.
        splits: tunes it has not learnt from, at least one split; the first is the human row.
        index: of the training tunes.
        options: how tunes are written.
        by: what the musical figures are broken down by: ``rhythm``, ``key``.
        progress: told what is done next, and what could not be done.

    Returns:
        The same figures for the same arguments, but for the speed.

    Raises:
        InputError: ``by`` names something else.
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
        checkpoint=(checkpoint.config.name, checkpoint.sha256),
        corpus=(corpus.name, str(corpus.report.get("sha256", ""))),
        options=options,
        rows=rows,
        splits=tuple(splits),
        bits=bits,
        tunes=tuple(tunes),
        speed=speed,
        comparison=comparison,
        breakdowns={each: bench.break_down(each) for each in dict.fromkeys(by)},
    )
