"""`abclm.Model` and `abclm.load`: a trained network that writes and reworks tunes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, overload

from abclm.api.checkpoints import load_by_name
from abclm.api.order import Made, Order, logged, pick_seed, reference_number, written
from abclm.compose.generation import Composer
from abclm.compose.options import CHOICES, MODEL, TEMPERATURE, SettingsValues
from abclm.compose.tunebook import with_reference_number
from abclm.errors import AbclmError, InputError
from abclm.evaluate.options import Options
from abclm.model.checkpoint.checkpoint import Checkpoint, CheckpointConfig
from abclm.model.settings import SEVERAL

if TYPE_CHECKING:
    from abclm.api.surprisal import Surprisal
    from abclm.api.task import Task
    from abclm.api.tune import Tune
    from abclm.compose.offers import Offer
    from abclm.compose.revision import Revision
    from abclm.evaluate.evaluation import Evaluation
    from abclm.evaluate.voices.evaluation import VoicesEvaluation
    from abclm.originality.comparison import BarShapeIndex, Originality

__all__ = ["Model", "load"]

_NO_FILE = Path("-")


def _say_nothing(_line: str) -> None:
    """Discard a progress line."""


class Model:
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

    @cached_property
    def composer(self) -> Composer:
        """The composer that writes the tunes, built once on first use."""
        return Composer(self._checkpoint)

    @overload
    def generate(
        self,
        prompt: str = "",
        *,
        count: None = None,
        seed: int | None = None,
        best_of: int = 1,
        max_copy: float | None = None,
        log: bool = False,
        on_character: Callable[[str], None] | None = None,
        **settings: Unpack[SettingsValues],
    ) -> "Tune": ...

    @overload
    def generate(
        self,
        prompt: str = "",
        *,
        count: int,
        seed: int | None = None,
        best_of: int = 1,
        max_copy: float | None = None,
        log: bool = False,
        **settings: Unpack[SettingsValues],
    ) -> "list[Tune]": ...

    def generate(
        self,
        prompt: str = "",
        *,
        count: int | None = None,
        seed: int | None = None,
        best_of: int = 1,
        max_copy: float | None = None,
        log: bool = False,
        on_character: Callable[[str], None] | None = None,
        **settings: Unpack[SettingsValues],
    ) -> "Tune | list[Tune]":
        """Write a tune, or ``count`` tunes numbered from 1 or from the prompt's ``X:``.

        Args:
            prompt: ABC to start from: fields, notes or both; or words, such as "a slow air in D".
            count: number of tunes to return as a list; None for a single `Tune`.
            seed: the random seed, 0 to 2**32 - 1: the same seed, the same notes. None draws one.
            best_of: tunes written for each one returned; the best is kept, and its `Tune.why` says
                why.
            max_copy: the largest share of a tune's bars, 0 to 1, that one training tune may have.
            log: whether to add each tune to the history, as the command line does.
            on_character: called with each piece of the text as it is written; for one tune only.
            settings: the fields of `abclm.compose.settings.Settings`, such as ``rhythm="reel"``,
                ``key="Edor"`` or ``temperature=0.7``.

        Raises:
            InputError: an argument cannot be used, or no tune is as original as ``max_copy`` asks.

        Example:
            >>> model.generate(rhythm="reel", key="Edor", seed=7).save("reel.mid")
        """
        order = Order.to_generate(
            prompt,
            settings,
            seed,
            checkpoint=self.name,
            count=1 if count is None else count,
            best_of=best_of,
            max_copy=max_copy,
        )
        tunes = self.tunes(order, on_character, log=log)
        return tunes[0] if count is None else tunes

    def continue_(
        self,
        tune: "Tune",
        *,
        bars: int | None = None,
        count: int = 1,
        pick: int = 1,
        temperature: float = TEMPERATURE,
        seed: int | None = None,
    ) -> "Tune":
        r"""Continue an unfinished tune, whose own notes stay as they are.

        Args:
            tune: the tune.
            bars: number of whole bars to add; None to write to the tune's end.
            count: number of candidates to write.
            pick: which candidate to return; 1 is the best.
            temperature: below 1 tamer, above 1 wilder, 0 always the likeliest.
            seed: the random seed; None draws one.

        Raises:
            InputError: the tune is finished, or cannot be continued.

        Example:
            >>> begun = abclm.Tune("X:1\nM:6/8\nL:1/8\nK:G\nGAB d2e|")
            >>> print(model.continue_(begun, bars=2))  # doctest: +ELLIPSIS
            X:1
            M:6/8
            L:1/8
            K:G
            GAB d2e|...
        """
        task = self._task("continue", bars, count, temperature, seed)
        return self._picked(tune, task, pick)

    def redo(
        self,
        tune: "Tune",
        bars: str | None = None,
        *,
        section: str | None = None,
        voice: int | None = None,
        count: int = CHOICES,
        temperature: float = TEMPERATURE,
        seed: int | None = None,
    ) -> "list[Tune]":
        """Rewrite some bars; everything else stays as it is.

        Args:
            tune: the tune.
            bars: which bars, such as ``"5-8"`` or ``"3"``; the pickup is bar 0.
            section: the section they are counted in, such as ``"B"``; without ``bars``, all of it.
            voice: the voice whose bars they are, 1 for the highest; for a model of several voices.
            count: number of candidates to write.
            temperature: below 1 tamer, above 1 wilder.
            seed: the random seed; None draws one.

        Returns:
            The tune with each candidate, the best first; there may be fewer than ``count``.

        Raises:
            InputError: there are no such bars, or no candidate differs from them.

        Example:
            >>> book[1] = model.redo(book[1], bars="5-8")[0]
        """
        task = self._task("redo", bars, count, temperature, seed)
        task = replace(task, section=section, voice=voice)
        revision = task.carry_out(self.composer, tune.chosen)
        return [self._tune_with(offer, tune, task, revision) for offer in revision.offers]

    def harmonize(
        self,
        tune: "Tune",
        voices: int = 4,
        *,
        above: bool = False,
        ranges: str | None = None,
        no_parallels: bool = False,
        count: int = CHOICES,
        pick: int = 1,
        temperature: float = TEMPERATURE,
        seed: int | None = None,
    ) -> "Tune":
        """Write further voices for a tune of one voice, whose own text stays as it is.

        Args:
            tune: the tune.
            voices: the number of voices, its own included.
            above: whether to write them above the tune instead of below it.
            ranges: their ranges from the top of the score: ``satb``, ``quartet``, or one for each
                with commas, such as ``C4-A5,F3-D5``; None for any.
            no_parallels: whether to make parallel fifths and octaves less likely.
            count: number of candidates to write.
            pick: which candidate to return; 1 is the best.
            temperature: below 1 tamer, above 1 wilder, 0 always the likeliest.
            seed: the random seed; None draws one.

        Raises:
            InputError: the tune has several voices, or this model writes one.

        Example:
            >>> chorale = abclm.load("chorales").harmonize(book[1], ranges="satb")
        """
        task = replace(
            self._task("harmonize", None, count, temperature, seed),
            voices=voices,
            above=above or None,
            ranges=ranges,
            no_parallels=no_parallels or None,
        )
        return self._picked(tune, task, pick)

    def second_part(
        self,
        tune: "Tune",
        *,
        bars: int | None = None,
        count: int = CHOICES,
        pick: int = 1,
        temperature: float = TEMPERATURE,
        seed: int | None = None,
    ) -> "Tune":
        """Write another part that fits a tune; it is repeated if the first part is.

        Args:
            tune: the tune.
            bars: number of bars; None for as many as the first part has.
            count: number of candidates to write.
            pick: which candidate to return; 1 is the best.
            temperature: below 1 tamer, above 1 wilder, 0 always the likeliest.
            seed: the random seed; None draws one.

        Raises:
            InputError: the tune has no notes, or its metre is broken.

        Example:
            >>> book[1] = model.second_part(book[1])
        """
        task = self._task("second-part", bars, count, temperature, seed)
        return self._picked(tune, task, pick)

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

        return index_of(self.name, _say_nothing)

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
        say: Callable[[str], None] = _say_nothing,
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
        from abclm.api.evaluation import evaluate

        if self.several:
            raise InputError(f"{self.name} writes several voices: use evaluate_voices")
        options = Options(count, seed, temperature, candidates)
        return evaluate(self._checkpoint, options, say, corpus=corpus, books=books, by=by)

    @property
    def several(self) -> bool:
        """Whether it writes several voices."""
        return SEVERAL in self.config.network.cues

    def evaluate_voices(
        self,
        count: int = Options.count,
        seed: int = Options.seed,
        *,
        temperature: float = Options.temperature,
        corpus: str | None = None,
        books: Iterable[str] | None = None,
        no_parallels: bool = False,
        say: Callable[[str], None] = _say_nothing,
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
        from abclm.api.evaluation import evaluate_voices

        if not self.several:
            raise InputError(f"{self.name} writes one voice: use evaluate")
        return evaluate_voices(
            self._checkpoint,
            Options(count, seed, temperature),
            say,
            corpus=corpus,
            books=books,
            no_parallels=no_parallels,
        )

    def write_report(self, result: "Evaluation", path: str | Path) -> None:
        """Write what `evaluate` measured, with pictures, as one HTML page.

        Raises:
            OutputError: it cannot be written.
        """
        from abclm.api.evaluation import write_report

        write_report(Path(path), result, self._checkpoint)

    def build_index(
        self, corpus: str | None = None, *, say: Callable[[str], None] = _say_nothing
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
        self, corpus: str | None = None, *, say: Callable[[str], None] = _say_nothing
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

    def tunes(
        self,
        order: Order,
        on_character: Callable[[str], None] | None = None,
        *,
        log: bool,
        say: Callable[[str], None] = _say_nothing,
    ) -> "list[Tune]":
        """Write the tunes of an order, numbered from 1 or from the prompt's ``X:``; as `make`."""
        from abclm.api.tune import Tune

        first = reference_number(order) or 1
        parts = self.make(order, say, on_character, log_it=log)
        made = [one for part in parts for one in part]
        return [
            Tune(
                with_reference_number(one.tune.text, number),
                id=one.id,
                why="" if one.judgement is None else str(one.judgement),
                measure=self._bits_per_note,
            )
            for number, one in enumerate(made, first)
        ]

    def make(
        self,
        order: Order,
        say: Callable[[str], None],
        on_character: Callable[[str], None] | None = None,
        *,
        log_it: bool = True,
    ) -> Iterator[list[Made]]:
        """Write the tunes of an order, and yield them in batches as they are written.

        Args:
            order: the order.
            say: called with each line that the user should see meanwhile.
            on_character: called with each piece of text as it is written; for a single tune only.
            log_it: whether to log each batch before the next is written.

        Raises:
            AbclmError: the order cannot be filled, or no tune is as original as it asks.
        """

        def index() -> "BarShapeIndex | None":
            """Return the index; it may be missing unless the order sets ``max_copy``."""
            from abclm.api.indexes import index_of

            try:
                return index_of(order.checkpoint, say)
            except AbclmError:
                if order.max_copy is not None:
                    raise
                return None

        for part in written(self.composer, order, index, on_character):
            yield logged(part, order, self.sha256, say) if log_it else part

    def _bits_per_note(self, tune: "Tune") -> float:
        return self.surprisal(tune).bits_per_note

    def _task(
        self, command: str, bars: int | str | None, count: int, temperature: float, seed: int | None
    ) -> "Task":
        from abclm.api.task import Task

        return Task(
            command,
            _NO_FILE,
            None,
            seed=pick_seed(seed),
            count=count,
            temperature=temperature,
            checkpoint=self.name,
            bars=bars,
        )

    def _picked(self, tune: "Tune", task: "Task", number: int) -> "Tune":
        from abclm.compose.offers import pick

        revision = task.carry_out(self.composer, tune.chosen)
        return self._tune_with(pick(revision.offers, number), tune, task, revision)

    def _tune_with(
        self, offer: "Offer", tune: "Tune", task: "Task", revision: "Revision"
    ) -> "Tune":
        from abclm.api.tune import Revised, Tune

        chosen = tune.chosen
        why = ", ".join(offer.candidate.reasons.words())
        revised = Revised(chosen, task, revision, offer, self.sha256)
        return Tune.of(
            chosen.with_text(offer.text), why=why, measure=self._bits_per_note, revised=revised
        )


def load(name: str = MODEL) -> Model:
    """Load the model ``name``: in ``checkpoints/`` here, a shipped one, or a folder.

    Raises:
        CheckpointError: there is none (the message lists the existing ones), or it is damaged.

    Example:
        >>> model = abclm.load("irish")
    """
    return Model(load_by_name(name), name)
