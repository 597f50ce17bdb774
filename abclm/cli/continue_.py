"""``abclm continue``: goes on from an unfinished tune."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.preparing import pick_seed, use_one_thread
from abclm.cli.task import Task, Written

if TYPE_CHECKING:
    from abclm.cli.reading import ChosenTune
    from abclm.cli.stream import Stream

__all__ = ["continue_", "write_on"]

_UNFINISHED = frozenset({"repeat", "ending"})
"""Rules that a tune may break which ends in its midst."""


def continue_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An unfinished tune; - for stdin.")],
    bars: Annotated[
        int | None,
        typer.Option("--bars", help="So many whole bars more; else to the tune's end."),
    ] = None,
    count: options.Likeliest = 1,
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
    """Go on from an unfinished tune, keeping what is there byte for byte.

    A bar that is begun is ended in its own line, and no note of it changes. Then follow the bars
    up to the end of the tune, or as many as --bars says. Without -o or --in-place the whole file
    goes to stdout. On a terminal the tune appears as it is written, bar by bar.
    """
    use_one_thread()

    from abclm.cli.taking import Wanted, carry_out

    task = Task("continue", file, tune, pick_seed(seed), count, temperature, checkpoint, bars)
    wanted = Wanted(output, in_place, pick, show, as_json, seed is None)
    carry_out(write_on, task, wanted)


def write_on(chosen: "ChosenTune", task: Task, stream: "Stream | None" = None) -> Written:
    """Write the tune's rest, or some bars of it.

    Raises:
        InputError: the tune is finished, or cannot be gone on from.
    """
    from abclm.cli.adding import offer_all
    from abclm.cli.checkpoint import load
    from abclm.cli.insertion import at_end
    from abclm.cli.reading import read_for_model
    from abclm.compose.onward import write_bars, write_rest
    from abclm.compose.unfinished import check_metre, given_notes, is_finished
    from abclm.compose.workshop import Workshop
    from abclm.errors import InputError

    if chosen.tune.key is None:
        raise InputError(
            f"{chosen.name} has no key (K:): to go on from half a header, give it to abclm generate"
        )
    if is_finished(chosen.tune):
        raise InputError(f"{chosen.name} is finished: abclm second-part adds a part to it")
    simple = read_for_model(chosen.tune, chosen.name)
    check_metre(simple)
    insertion = at_end(chosen)
    notes = given_notes(chosen.tune, simple, line_ended=insertion.starts_line)
    model = load(task.checkpoint)
    draws = task.draws(stream.begin(insertion, simple.unit) if stream is not None else None)
    if task.bars is None:
        found = write_rest(Workshop(model), simple, notes, draws)
    else:
        found = write_bars(Workshop(model), simple, notes, int(task.bars), draws)
    allowed = frozenset() if task.bars is None else _UNFINISHED
    offers = offer_all(chosen, insertion, found, simple.unit, allowed)
    return Written(offers, model.sha256, insertion.taken)
