"""A trained network: its facts, what it makes of tunes, and its evaluation."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from abclm.compose.generation import Composer
from abclm.errors import InputError
from abclm.evaluate.options import Options
from abclm.model.checkpoint.checkpoint import Checkpoint, CheckpointConfig
from abclm.model.settings import SEVERAL

if TYPE_CHECKING:
    from abclm.api.surprisal import Surprisal
    from abclm.api.tune import Tune
    from abclm.evaluate.evaluation import Evaluation
    from abclm.evaluate.voices.evaluation import VoicesEvaluation
    from abclm.originality.comparison import BarShapeIndex, Originality

__all__ = ["TrainedModel", "say_nothing"]


def say_nothing(_line: str) -> None:
    """Discard a progress line."""


class TrainedModel:
    """A trained network; its composer and index are built once, on first use.

    Args:
        checkpoint: the contents of its folder.
        name: the name or folder it was loaded by.
    """

    def __init__(self, checkpoint: Checkpoint, name: str) -> None:
        self.name = name
        self._checkpoint = checkpoint

    def __repr__(self) -> str:
        return f"abclm.load({self.name!r})"

    @property
    def path(self) -> Path:
        """The folder of the checkpoint."""
        return self._checkpoint.path

    @property
    def sha256(self) -> str:
        """The hash of the weights."""
        return self._checkpoint.sha256

    @property
    def config(self) -> CheckpointConfig:
        """What it was trained on and how, its licence and its measured results."""
        return self._checkpoint.config

    @property
    def several(self) -> bool:
        """Whether it writes several voices."""
        return SEVERAL in self.config.network.cues

    @cached_property
    def composer(self) -> Composer:
        """The composer that writes the tunes, built once on first use."""
        return Composer(self._checkpoint)

    def surprisal(self, tune: "Tune", places: int = 5) -> "Surprisal":
        """How surprising the model finds a tune and each of its notes, in bits.

        Args:
            tune: the tune; if it has several voices, the first is read.
            places: number of most surprising notes for which to list what the model expected.

        Raises:
            InputError: the model cannot read the tune.

        Example:
            >>> model.surprisal(tune).bits_per_note < 5
            True
        """
        from abclm.api.surprisal import surprisal

        return surprisal(self.composer, tune.music, places)

    def originality(self, tune: "Tune") -> "Originality":
        """Compare a tune with the training tunes, in any key.

        Raises:
            CheckpointError: the index of the training tunes is damaged or of other tunes.
            CorpusError: there is no index, and no corpus to make one from.

        Example:
            >>> model.originality(tune).share < 0.5
            True
        """
        return self.index.judge(tune.music)

    @cached_property
    def index(self) -> "BarShapeIndex":
        """The index of the training tunes; raises as `originality` does."""
        from abclm.api.indexes import index_of

        return index_of(self.name, say_nothing)

    def evaluate(
        self,
        count: int = Options.count,
        seed: int = Options.seed,
        *,
        temperature: float = Options.temperature,
        candidates: int = Options.candidates,
        corpus: str | None = None,
        books: Iterable[str] | None = None,
        by: Sequence[str] = (),
        say: Callable[[str], None] = say_nothing,
    ) -> "Evaluation":
        """Measure the model beside real tunes and a plain n-gram, as ``abclm evaluate`` does.

        Args:
            count: number of tunes in each row.
            seed: the random seed: the same seed, the same figures.
            temperature: below 1 tamer, above 1 wilder.
            candidates: candidates per phrase; 1 for no judge.
            corpus: the name of its training corpus here, if it differs from the one it names.
            books: the text of tunebooks to compare with; None for the tunes that the corpus holds
                out.
            by: what to break the musical figures down by: ``rhythm``, ``key``.
            say: called with a line for each step, and for each reason why tunes were left out.

        Raises:
            CheckpointError: the index of the training tunes is damaged or of other tunes.
            CorpusError: the training corpus is not built here, or is a different one.
            InputError: the model writes several voices, or the tunes or an option cannot be used.

        Example:
            >>> result = model.evaluate(1000, by=["rhythm"])  # doctest: +SKIP
            >>> model.write_report(result, "report.html")  # doctest: +SKIP
        """
        from abclm.api.evaluation import index_for, real_tunes
        from abclm.evaluate.evaluation import evaluate

        if self.several:
            raise InputError(f"{self.name} writes several voices: use evaluate_voices")
        options = Options(count, seed, temperature, candidates)
        learnt, splits = real_tunes(self._checkpoint, corpus, books, say)
        index = index_for(self._checkpoint, learnt, say)
        return evaluate(self._checkpoint, learnt, splits, index, options, by=by, progress=say)

    def evaluate_voices(
        self,
        count: int = Options.count,
        seed: int = Options.seed,
        *,
        temperature: float = Options.temperature,
        corpus: str | None = None,
        books: Iterable[str] | None = None,
        no_parallels: bool = False,
        say: Callable[[str], None] = say_nothing,
    ) -> "VoicesEvaluation":
        """Measure a model of several voices beside real pieces, as ``abclm evaluate`` does.

        Args:
            count: number of pieces to write.
            seed: the random seed: the same seed, the same figures.
            temperature: below 1 tamer, above 1 wilder.
            corpus: the name of its training corpus here, if it differs from the one it names.
            books: the text of tunebooks to compare with; None for the pieces that the corpus holds
                out.
            no_parallels: whether to measure pieces with ``no_parallels``, too.
            say: called with a line for each step, and for each reason why pieces were left out.

        Raises:
            CorpusError: the training corpus is not built here, or is a different one.
            InputError: the model writes one voice, or the pieces or an option cannot be used.

        Example:
            >>> abclm.load("chorales").evaluate_voices(1000)  # doctest: +SKIP
        """
        from abclm.api.evaluation import real_tunes
        from abclm.evaluate.voices.evaluation import evaluate_voices

        if not self.several:
            raise InputError(f"{self.name} writes one voice: use evaluate")
        options = Options(count, seed, temperature)
        learnt, splits = real_tunes(self._checkpoint, corpus, books, say)
        return evaluate_voices(
            self._checkpoint, learnt, splits, options, no_parallels=no_parallels, progress=say
        )

    def write_report(self, result: "Evaluation", path: str | Path) -> None:
        """Write what `evaluate` measured, with pictures, as one HTML page.

        Raises:
            OutputError: it cannot be written.
        """
        from abclm.api.evaluation import write_report

        write_report(Path(path), result, self._checkpoint)

    def build_index(
        self, corpus: str | None = None, *, say: Callable[[str], None] = say_nothing
    ) -> "BarShapeIndex":
        """Build the index for `originality` from the training corpus, and save it in the folder.

        Args:
            corpus: the name of the corpus here, if it differs from the one that the model names.
            say: called with a line before the work begins.

        Raises:
            CorpusError: the corpus is missing, damaged or a different one.

        Example:
            >>> model.build_index().human.median  # doctest: +SKIP
            0.08
        """
        from abclm.api.indexes import put_index

        _, self.index = put_index(self.name, corpus, say)
        return self.index

    def train_judge(
        self, corpus: str | None = None, *, say: Callable[[str], None] = say_nothing
    ) -> None:
        """Train the judge of phrases on the training tunes and the model's own; takes minutes.

        It is saved in the model's folder; a model that is loaded after that uses it.

        Args:
            corpus: the name of the corpus here, if it differs from the one that the model names.
            say: called with a line before each step.

        Raises:
            CorpusError: the corpus is missing, damaged or a different one.

        Example:
            >>> abclm.load("mine").train_judge(say=print)  # doctest: +SKIP
        """
        from abclm.api.companions import put_judge

        put_judge(self.name, corpus, say)
