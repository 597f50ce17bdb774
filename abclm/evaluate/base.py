"""What the evaluations of one voice and of several have in common: the results, and the bench."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

import numpy as np

from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.many import Commission, write_many
from abclm.compose.settings import MAX_CHARACTERS
from abclm.constraint.prompt import Prompt
from abclm.constraint.requirements import Requirements
from abclm.corpus.store import Corpus
from abclm.decoding.sampling import Sampling
from abclm.evaluate.bits import Bits, BitsRow, network_costs, total_bits
from abclm.evaluate.ngram import ORDER
from abclm.evaluate.options import Options
from abclm.evaluate.tunes import Split
from abclm.model.checkpoint.checkpoint import Checkpoint

__all__ = ["NGRAM", "BaseBench", "Results", "Written"]

NGRAM: Final = f"n-gram of order {ORDER}"
"""The name of the baseline."""


class _Row(Protocol):
    def as_dict(self) -> dict[str, Any]: ...


_RowT = TypeVar("_RowT", bound=_Row)


@dataclass(frozen=True)
class Results(Generic[_RowT]):
    """The results for a checkpoint.

    Attributes:
        checkpoint: its name and the hash of its weights.
        corpus: name and hash of its training corpus.
        options: how its tunes were written.
        rows: the rows of the table, in order.
        splits: the held-out tunes; the first split is the human row.
        bits: the bits of the network and of the n-gram.
        tunes: the tunes that the network wrote with the grammar, in order.
    """

    THINGS: ClassVar = "tunes"
    """What the network writes, in words."""

    checkpoint: tuple[str, str]
    corpus: tuple[str, str]
    options: Options
    rows: tuple[_RowT, ...]
    splits: tuple[Split, ...]
    bits: tuple[BitsRow, ...]
    tunes: tuple[GeneratedTune, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return all figures for JSON, without the tunes."""
        return {
            "checkpoint": {"name": self.checkpoint[0], "sha256": self.checkpoint[1]},
            "corpus": {"name": self.corpus[0], "sha256": self.corpus[1]},
            "options": asdict(self.options),
            "rows": [row.as_dict() for row in self.rows],
            "splits": {
                split.name: {self.THINGS: len(split.texts), "left_out": dict(split.left_out)}
                for split in self.splits
            },
            "bits": [row.as_dict() for row in self.bits],
        }


@dataclass(frozen=True, slots=True)
class Written:
    """Tunes that a network wrote, and the seconds they took."""

    tunes: list[GeneratedTune]
    seconds: float

    @property
    def texts(self) -> list[str]:
        """The text of each tune."""
        return [tune.text for tune in self.tunes]

    @property
    def ended(self) -> float:
        """Share that ended before the limit of characters."""
        return sum(tune.ended for tune in self.tunes) / len(self.tunes)

    @property
    def taken(self) -> float:
        """Mean bits per tune that the grammar took from the model."""
        return sum(tune.taken for tune in self.tunes) / len(self.tunes)

    @property
    def characters_per_second(self) -> float:
        """The speed of writing all of them."""
        return sum(tune.characters for tune in self.tunes) / self.seconds


class BaseBench:
    """Measures the rows of an evaluation; it holds what they share.

    Args:
        checkpoint: the network.
        corpus: its training corpus.
        splits: one or more splits of held-out tunes.
        options: how tunes are written.
        progress: called with a line before each step.
    """

    THINGS: ClassVar = "tunes"

    def __init__(
        self,
        checkpoint: Checkpoint,
        corpus: Corpus,
        splits: Sequence[Split],
        options: Options,
        *,
        progress: Callable[[str], None] = lambda _message: None,
    ) -> None:
        self.checkpoint = (checkpoint.config.name, checkpoint.sha256)
        self.corpus = (corpus.name, str(corpus.report.get("sha256", "")))
        self._name = checkpoint.config.name
        self._splits, self._options, self._progress = splits, options, progress
        self._composer = Composer(checkpoint)
        self._training = list(corpus.train)

    def _bits(
        self, baseline: Callable[[Sequence[str], Sequence[str]], Bits]
    ) -> tuple[BitsRow, BitsRow]:
        """Measure how well the network and an n-gram predict each split.

        Args:
            baseline: returns the bits of the n-gram, given the texts of a split and the same as the
                network reads them.
        """
        network, ngram = BitsRow(self._name, {}), BitsRow(NGRAM, {})
        for split in self._splits:
            self._progress(f"reading the {self.THINGS} {split.title}")
            read = [self._composer.read(text) for text in split.texts]
            costs = network_costs(self._composer, read)
            network.bits[split.name] = total_bits(split.texts, read, costs)
            ngram.bits[split.name] = baseline(split.texts, read)
        return network, ngram

    def _write(self, name: str, requirements: Requirements | None, candidates: int) -> Written:
        """Let the network write tunes for the row ``name``; without requirements, unconstrained."""
        options = self._options
        self._progress(f"{name}: writing {options.count} {self.THINGS}")
        commission = Commission(
            Prompt(),
            Sampling(options.temperature),
            options.seed,
            MAX_CHARACTERS,
            requirements is None,
            requirements,
            candidates,
        )
        start = time.perf_counter()
        parts = write_many(self._composer, commission, range(options.count))
        tunes = [tune for part in parts for tune in part]
        return Written(tunes, time.perf_counter() - start)

    def _drawn(self, count: int, number: int) -> list[str]:
        """Draw ``count`` training tunes, or all, by the seed and ``number``, in their order."""
        count = min(count, len(self._training))
        drawn = self._rng(number).choice(len(self._training), count, replace=False)
        return [self._training[place] for place in sorted(drawn)]

    def _rng(self, number: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self._options.seed, number]))
