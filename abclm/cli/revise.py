"""Revise a tune of a file: show the candidates, take one, save it and log it."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from abclm.cli import options
from abclm.cli.terminal import say
from abclm.cli.threads import use_one_thread
from abclm.compose.options import CHOICES, MODEL, TEMPERATURE
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.api.model import Model
    from abclm.api.task import Task
    from abclm.cli.stream import Stream
    from abclm.compose.chosen import ChosenTune
    from abclm.compose.offers import Offer
    from abclm.compose.revision import Revision
    from abclm.notation.syntax.source import Source

__all__ = ["Wanted", "revise"]


@dataclass(frozen=True)
class Wanted:
    """The options of every command that revises a tune."""

    count: options.Likeliest = CHOICES
    tune: options.OneTune = None
    pick: options.Pick = None
    show: options.Show = False
    temperature: options.Temperature = TEMPERATURE
    seed: options.Seed = None
    checkpoint: options.Checkpoint = MODEL
    output: options.Output = None
    in_place: options.InPlace = False
    as_json: options.CandidatesAsJson = False
    usual: int | None = 1
    """Which candidate to take by default; None for none. Not an option."""

    @property
    def writes(self) -> bool:
        """Whether a file is written."""
        return self.output is not None or self.in_place

    @property
    def chooses(self) -> bool:
        """Whether the user chooses from the candidates."""
        return self.show and self.pick is None and not self.as_json


def revise(command: str, file: Path, wanted: Wanted, **what: Any) -> None:
    """Revise the tune of a file, and deliver the result as wanted.

    Args:
        command: the name of the command.
        file: the tunebook, or ``-``.
        wanted: the options that all such commands have.
        what: the others, by the attributes of `Task`.

    Raises:
        AbclmError: the task cannot be carried out, or its result not written.
    """
    use_one_thread()

    from abclm.api.books import check_output
    from abclm.api.model import load
    from abclm.api.order import pick_seed
    from abclm.api.task import Task
    from abclm.cli.candidates import on_arrival
    from abclm.cli.input import read_input
    from abclm.cli.new_tunes import streams
    from abclm.cli.stream import Stream
    from abclm.compose.chosen import choose_one
    from abclm.compose.tune_choice import number_of

    task = Task(
        command,
        file,
        None,
        pick_seed(wanted.seed),
        wanted.count,
        wanted.temperature,
        wanted.checkpoint,
        **what,
    )
    check_output(task.file, wanted.output, in_place=wanted.in_place)
    source = read_input(task.file)
    task = replace(task, tune=number_of(source, wanted.tune))
    chosen = choose_one(source, task.tune)
    model = load(task.checkpoint)
    streamed = streams(count=task.count, as_json=wanted.as_json or wanted.show)
    if not streamed or wanted.pick is not None:
        with on_arrival(task.count) as show:
            result = task.carry_out(model.composer, chosen, on_candidate=show)
        _Result(chosen, task, model, result, wanted).deliver()
        return
    with Stream(chosen, whole=not wanted.writes) as stream:
        result = task.carry_out(model.composer, chosen, stream.begin)
        _Result(chosen, task, model, result, wanted).deliver(stream)


@dataclass(frozen=True, slots=True)
class _Result:
    """The result of a task, with everything needed to deliver it."""

    chosen: "ChosenTune"
    task: "Task"
    model: "Model"
    revision: "Revision"
    wanted: Wanted

    def deliver(self, stream: "Stream | None" = None) -> None:
        """Show the offers, or write the tune with the chosen one."""
        result, taken = self._choose()
        result._deliver(taken, stream)

    def _deliver(self, taken: "Offer | None", stream: "Stream | None") -> None:
        wanted = self.wanted
        number = None if taken is None else self._log(taken)
        if wanted.as_json:
            self._print_json(taken, number)
        if taken is not None:
            if stream is not None:
                stream.finish(taken.text, self.revision.taken)
            if wanted.writes or not (wanted.as_json or stream):
                self._write(taken, number)
            if self.revision.remark:
                say(self.revision.remark)
        remarks = [f"id {number}"] if number is not None else []
        remarks += [f"seed {self.task.seed}"] if wanted.seed is None else []
        if remarks:
            say(", ".join(remarks))

    def _choose(self) -> "tuple[_Result, Offer | None]":
        """Return the offer that is picked, chosen at the terminal, or the default.

        With it the result in which it stands: at the terminal one may ask for more candidates.
        """
        from abclm.cli.candidates import MORE, ask, show
        from abclm.compose.offers import pick

        offers, wanted = self.revision.offers, self.wanted
        number = wanted.usual if wanted.pick is None else wanted.pick
        if not wanted.chooses:
            return self, None if number is None else pick(offers, number)
        asks = sys.stdin.isatty() and str(self.task.file) != "-"
        show(offers, self.revision.before, self.revision.place, to_stderr=asks)
        answer = ask(offers, self.chosen.text) if asks else None
        if answer == MORE:
            return self._with_more()._choose()
        return self, answer if not isinstance(answer, str) else None

    def _with_more(self) -> "_Result":
        """The result with twice as many candidates, those that were there among them."""
        from abclm.errors import AbclmError

        try:
            task = replace(self.task, count=2 * self.task.count)
            revision = task.carry_out(self.model.composer, self.chosen)
        except AbclmError as error:
            say(str(error))
            return self
        return replace(self, task=task, revision=revision)

    def _log(self, taken: "Offer") -> int | None:
        """Log the tune with the chosen offer; return its id, or None if it could not be logged."""
        from abclm.ledger.history import log

        entry = self.task.entry(self.chosen, self.revision, taken, self.model.sha256, say)
        return next(iter(log([entry], say)), None)

    def _print_json(self, taken: "Offer | None", number: int | None) -> None:
        from abclm.cli.candidates import rows
        from abclm.notation.syntax.source import readable

        revision = self.revision
        table: dict[str, Any] = {"bars": revision.place} if revision.before is not None else {}
        table["seed"] = self.task.seed
        if revision.before is not None:
            table["now"] = revision.before.as_dict()
        table["candidates"] = rows(revision.offers)
        if taken is not None:
            table |= {"abc": readable(taken.text), "id": number}
        typer.echo(write_json(table))

    def _write(self, taken: "Offer", number: int | None) -> None:
        """Write the file with the chosen offer.

        Raises:
            OutputError: it cannot be written; the message says where the new tune is.
        """
        from abclm.api.books import where_kept
        from abclm.cli.result import write_result
        from abclm.errors import AbclmError, OutputError

        chosen, file, after = self.chosen, self.task.file, self.revision.taken

        def change(now: "Source") -> bytes:
            return chosen.found_in(now, after).replaced(taken.text, after)

        try:
            write_result(
                file, chosen.source, change, self.wanted.output, in_place=self.wanted.in_place
            )
        except AbclmError as error:
            # The file may also be gone, or no longer be ABC.
            where = where_kept([number], [chosen.by_itself(taken.text)], file)
            raise OutputError(f"{error}; {where}") from error
