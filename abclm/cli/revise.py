"""A tune of a file revised: candidates are shown, one is taken, saved and logged."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from abclm.cli.terminal import say
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with the candidates.

    Attributes:
        output: another file to write, or None.
        in_place: whether to write the file itself.
        pick: which candidate to take.
        show: whether to show them, and at a terminal to ask which to take.
        as_json: whether to print them as JSON.
        drawn: whether the seed was drawn at random, and is to be told.
        usual: which candidate to take where none is picked; None for none.
    """

    output: Path | None
    in_place: bool
    pick: int | None
    show: bool
    as_json: bool
    drawn: bool
    usual: int | None = 1

    @property
    def writes(self) -> bool:
        """Whether a file is written."""
        return self.output is not None or self.in_place

    @property
    def chooses(self) -> bool:
        """Whether the user sees the candidates to choose one."""
        return self.show and self.pick is None and not self.as_json


def revise(task: "Task", wanted: Wanted) -> None:
    """Do a task to the tune of its file, and with what comes of it what is wanted.

    Raises:
        AbclmError: it cannot be done.
    """
    from abclm.api.books import check_output
    from abclm.api.model import load
    from abclm.cli.input import read_input
    from abclm.cli.new_tunes import streams
    from abclm.cli.stream import Stream
    from abclm.compose.chosen import choose_one

    check_output(task.file, wanted.output, in_place=wanted.in_place)
    chosen = choose_one(read_input(task.file), task.tune)
    model = load(task.checkpoint)
    streamed = streams(count=task.count, as_json=wanted.as_json or wanted.show)
    if not streamed or wanted.pick is not None:
        result = task.carry_out(model.composer, chosen)
        _Result(chosen, task, model, result, wanted).deliver()
        return
    with Stream(chosen, whole=not wanted.writes) as stream:
        result = task.carry_out(model.composer, chosen, stream.begin)
        _Result(chosen, task, model, result, wanted).deliver(stream)


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of a task, on its way to the user."""

    chosen: "ChosenTune"
    task: "Task"
    model: "Model"
    revision: "Revision"
    wanted: Wanted

    def deliver(self, stream: "Stream | None" = None) -> None:
        """Show the offers, or write the tune with the one that is taken."""
        wanted = self.wanted
        taken = self._choose()
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
        known = [f"id {number}"] if number is not None else []
        known += [f"seed {self.task.seed}"] if wanted.drawn else []
        if known:
            say(", ".join(known))

    def _choose(self) -> "Offer | None":
        """The offer that is picked, or taken by the user at the terminal, or the usual one."""
        from abclm.cli.candidates import ask, show
        from abclm.compose.offers import pick

        offers, wanted = self.revision.offers, self.wanted
        number = wanted.usual if wanted.pick is None else wanted.pick
        if not wanted.chooses:
            return None if number is None else pick(offers, number)
        asks = sys.stdin.isatty() and str(self.task.file) != "-"
        show(offers, self.revision.before, self.revision.place, to_stderr=asks)
        return ask(offers) if asks else None

    def _log(self, taken: "Offer") -> int | None:
        """Log the tune with what was taken; its id, if it could be logged."""
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
        """Write the file with what was taken.

        Raises:
            OutputError: it cannot be written; the message says where what was taken is.
        """
        from abclm.api.books import where_kept
        from abclm.cli.result import write_result
        from abclm.errors import AbclmError, OutputError

        chosen, file, behind = self.chosen, self.task.file, self.revision.taken

        def change(now: "Source") -> bytes:
            return chosen.found_in(now, behind).replaced(taken.text, behind)

        try:
            write_result(
                file, chosen.source, change, self.wanted.output, in_place=self.wanted.in_place
            )
        except AbclmError as error:
            # Also where the file is gone, or no ABC any more.
            where = where_kept([number], [chosen.by_itself(taken.text)], file)
            raise OutputError(f"{error}; {where}") from error
