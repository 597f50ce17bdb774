"""``abclm second-part``: another section for a tune that is whole."""

from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.preparing import pick_seed, use_one_thread
from abclm.cli.task import Task, Written

if TYPE_CHECKING:
    from abclm.cli.insertion import Insertion
    from abclm.cli.reading import ChosenTune
    from abclm.cli.stream import Stream

__all__ = ["second_part", "write_part"]


def second_part(
    file: options.File,
    bars: Annotated[
        int | None, typer.Option("--bars", help="How many bars; else as many as the first part.")
    ] = None,
    count: options.Likeliest = 6,
    tune: options.OneTune = None,
    pick: options.Pick = None,
    show: options.Show = False,
    temperature: options.Temperature = 0.85,
    seed: options.Seed = None,
    checkpoint: options.Checkpoint = "irish",
    output: options.Output = None,
    in_place: options.InPlace = False,
    as_json: options.CandidatesAsJson = False,
) -> None:
    """Write another part that fits a tune: as long as its first one, repeated if that is.

    A pickup it has, the new part has too. Of what is there, only a closing |] changes: it becomes
    ||, because the tune goes on. Without -o or --in-place the whole file goes to stdout.
    """
    use_one_thread()

    from abclm.cli.taking import Wanted, carry_out

    task = Task("second-part", file, tune, pick_seed(seed), count, temperature, checkpoint, bars)
    wanted = Wanted(output, in_place, pick, show, as_json, seed is None)
    carry_out(write_part, task, wanted)


def write_part(chosen: "ChosenTune", task: Task, stream: "Stream | None" = None) -> Written:
    """Write another part behind the last one.

    Raises:
        InputError: the tune has no notes, or its metre is broken.
    """
    from abclm.cli.adding import offer_all
    from abclm.cli.checkpoint import load
    from abclm.cli.insertion import behind_section
    from abclm.cli.reading import read_for_model
    from abclm.compose.onward import first_section, write_section
    from abclm.compose.unfinished import check_metre, section_notes
    from abclm.compose.workshop import Workshop
    from abclm.errors import InputError

    simple = read_for_model(chosen.tune, chosen.name)
    if not simple.events:
        raise InputError(f"{chosen.name} has no notes: abclm generate writes a tune")
    check_metre(simple)
    section = first_section(simple)
    if task.bars is not None:
        section = section._replace(bars=int(task.bars))
    insertion = behind_section(chosen)
    model = load(task.checkpoint)
    draws = task.draws(stream.begin(insertion, simple.unit) if stream is not None else None)
    found = write_section(Workshop(model), simple, section_notes(simple), section, draws)
    offers = offer_all(chosen, insertion, found, simple.unit)
    return Written(offers, model.sha256, insertion.taken, remark=_remark(insertion))


def _remark(insertion: "Insertion") -> str:
    """What becomes of the bar line before the new part."""
    if insertion.bar_line is None:
        return ""
    old, new = insertion.bar_line
    return f"the last {old} is {new} now" if old else f"{new} added"
