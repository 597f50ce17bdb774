"""``abclm continue``: continues an unfinished tune."""

from pathlib import Path
from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.threads import use_one_thread
from abclm.compose.options import MODEL, TEMPERATURE

__all__ = ["continue_"]


def continue_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An unfinished tune; - for stdin.")],
    bars: Annotated[
        int | None,
        typer.Option("--bars", help="Whole bars to add; else up to the tune's end."),
    ] = None,
    count: options.Likeliest = 1,
    tune: options.OneTune = None,
    pick: options.Pick = None,
    show: options.Show = False,
    temperature: options.Temperature = TEMPERATURE,
    seed: options.Seed = None,
    checkpoint: options.Checkpoint = MODEL,
    output: options.Output = None,
    in_place: options.InPlace = False,
    as_json: options.CandidatesAsJson = False,
) -> None:
    """Continue an unfinished tune, keeping what is there byte for byte.

    An incomplete bar is completed on its own line, and none of its notes changes. New bars follow
    up to the end of the tune, or as many as --bars says. Without -o or --in-place the whole file
    goes to stdout. On a terminal the tune appears as it is written, bar by bar.
    """
    use_one_thread()

    from abclm.api.order import pick_seed
    from abclm.api.task import Task
    from abclm.cli.revise import Wanted, revise

    task = Task("continue", file, tune, pick_seed(seed), count, temperature, checkpoint, bars)
    wanted = Wanted(output, in_place, pick, show, as_json, seed is None)
    revise(task, wanted)
