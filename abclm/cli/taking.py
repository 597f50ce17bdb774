"""Working on a tune of a file: candidates are written, one is taken, saved and logged."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from abclm.cli.task import Task, Written
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.cli.candidates import Offer
    from abclm.cli.reading import ChosenTune
    from abclm.cli.stream import Stream
    from abclm.notation.syntax.source import Source

__all__ = ["Wanted", "Work", "carry_out"]

Work = Callable[["ChosenTune", Task, "Stream | None"], Written]
"""Does a task to a tune; where there is a stream, it shows the music as it comes."""


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


def carry_out(work: Work, task: Task, wanted: Wanted) -> None:
    """Do a task to the tune of its file, and with what comes of it what is wanted.

    Raises:
        AbclmError: it cannot be done.
    """
    from abclm.cli.delivery import streams
    from abclm.cli.inputs import read_abc
    from abclm.cli.outputs import check_output
    from abclm.cli.reading import choose_one
    from abclm.cli.stream import Stream

    check_output(task.file, wanted.output, in_place=wanted.in_place)
    chosen = choose_one(read_abc(task.file), task.tune)
    streamed = streams(count=task.count, as_json=wanted.as_json or wanted.show)
    if not streamed or wanted.pick is not None:
        _deliver(chosen, task, work(chosen, task, None), wanted)
        return
    with Stream(chosen, whole=not wanted.writes) as stream:
        _deliver(chosen, task, work(chosen, task, stream), wanted, stream)


def _deliver(
    chosen: "ChosenTune",
    task: Task,
    written: Written,
    wanted: Wanted,
    stream: "Stream | None" = None,
) -> None:
    """Show the offers, or write the tune with the one that is taken."""
    taken = _choose(written, task, wanted)
    number = None if taken is None else _log(chosen, task, written, taken)
    if wanted.as_json:
        _print_json(written, task, taken, number)
    if taken is not None:
        if stream is not None:
            stream.finish(taken.text, written.taken)
        if wanted.writes or not (wanted.as_json or stream):
            _write(chosen, task, written, taken, wanted, number)
        if written.remark:
            print(written.remark, file=sys.stderr)
    known = [f"id {number}"] if number is not None else []
    known += [f"seed {task.seed}"] if wanted.drawn else []
    if known:
        print(", ".join(known), file=sys.stderr)


def _choose(written: Written, task: Task, wanted: Wanted) -> "Offer | None":
    """The offer that is picked, or taken by the user at the terminal, or the usual one."""
    from abclm.cli.candidates import ask, pick, show

    number = wanted.usual if wanted.pick is None else wanted.pick
    if not wanted.chooses:
        return None if number is None else pick(written.offers, number)
    asks = sys.stdin.isatty() and str(task.file) != "-"
    show(written.offers, written.before, written.place, to_stderr=asks)
    return ask(written.offers) if asks else None


def _log(chosen: "ChosenTune", task: Task, written: Written, taken: "Offer") -> int | None:
    """Log the tune with what was taken; its id, if it could be logged."""
    from abclm.cli.ledger import log, parent_of
    from abclm.ledger.ledger import Entry

    entry = Entry(
        text=chosen.by_itself(taken.text),
        command=task.command,
        prompt=chosen.prompt(written.taken),
        settings=task.settings(),
        seed=task.seed,
        number=taken.candidate.number,
        checkpoint=written.checkpoint,
        parent=parent_of(chosen.by_itself(chosen.text), chosen.tune.title, task.file),
    )
    return next(iter(log([entry])), None)


def _print_json(written: Written, task: Task, taken: "Offer | None", number: int | None) -> None:
    from abclm.cli.candidates import row, rows
    from abclm.notation.syntax.source import readable

    table: dict[str, Any] = {"bars": written.place} if written.before is not None else {}
    table["seed"] = task.seed
    if written.before is not None:
        table["now"] = row(written.before)
    table["candidates"] = rows(written.offers)
    if taken is not None:
        table |= {"abc": readable(taken.text), "id": number}
    typer.echo(write_json(table))


def _write(
    chosen: "ChosenTune",
    task: Task,
    written: Written,
    taken: "Offer",
    wanted: Wanted,
    number: int | None,
) -> None:
    """Write the file with what was taken.

    Raises:
        OutputError: it cannot be written; the message says where what was taken is.
    """
    from abclm.cli.outputs import write_result
    from abclm.cli.saving import where_kept
    from abclm.errors import AbclmError, OutputError

    def change(now: "Source") -> bytes:
        tune = chosen.found_in(now, written.taken)
        return tune.replaced(taken.text, written.taken)

    try:
        write_result(task.file, chosen.source, change, wanted.output, in_place=wanted.in_place)
    except AbclmError as error:
        # Also where the file is gone, or no ABC any more.
        where = where_kept([number], [chosen.by_itself(taken.text)], task.file)
        raise OutputError(f"{error}; {where}") from error
