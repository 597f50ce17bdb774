"""`abclm.Model` and `abclm.load`: a trained network that writes and reworks tunes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack, overload

from abclm.api.checkpoints import load_by_name
from abclm.api.order import Made, Order, logged, pick_seed, reference_number, written
from abclm.api.trained_model import TrainedModel, say_nothing
from abclm.compose.options import CHOICES, MODEL, TEMPERATURE, SettingsValues
from abclm.compose.tunebook import with_reference_number
from abclm.errors import AbclmError

if TYPE_CHECKING:
    from abclm.api.task import Task
    from abclm.api.tune import Tune
    from abclm.compose.offers import Offer
    from abclm.compose.revision import Revision
    from abclm.originality.comparison import BarShapeIndex

__all__ = ["Model", "load"]

_NO_FILE = Path("-")


class Model(TrainedModel):
    """A trained network that writes and reworks tunes; `load` returns it.

    Args:
        checkpoint: the contents of its folder.
        name: the name or folder it was loaded by.
    """

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
        task = self._task("continue", seed, count, temperature, bars=bars)
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
        what = {"bars": bars, "section": section, "voice": voice}
        task = self._task("redo", seed, count, temperature, **what)
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
        task = self._task(
            "harmonize",
            seed,
            count,
            temperature,
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
        task = self._task("second-part", seed, count, temperature, bars=bars)
        return self._picked(tune, task, pick)

    def tunes(
        self,
        order: Order,
        on_character: Callable[[str], None] | None = None,
        *,
        log: bool,
        say: Callable[[str], None] = say_nothing,
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
        self, command: str, seed: int | None, count: int, temperature: float, **what: Any
    ) -> "Task":
        """Return a task for a tune that is in no file; ``what`` are further attributes of it."""
        from abclm.api.task import Task

        return Task(command, _NO_FILE, None, pick_seed(seed), count, temperature, self.name, **what)

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
