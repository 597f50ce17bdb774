"""``abclm second-part``: another section for a complete tune."""

from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.threads import use_one_thread
from abclm.compose.options import CHOICES, MODEL, TEMPERATURE

__all__ = ["second_part"]


def second_part(
    file: options.File,
    bars: Annotated[
        int | None, typer.Option("--bars", help="Number of bars; else as many as the first part.")
    ] = None,
    count: options.Likeliest = CHOICES,
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
    """Write another part that fits a tune: as long as its first part, and repeated if that is.

    If the first part has a pickup, so does the new one. In the existing text only a closing |]
    changes, to ||, because the tune continues. Without -o or --in-place the whole file goes to
    stdout.
    """
    use_one_thread()

    from abclm.api.order import pick_seed
    from abclm.api.task import Task
    from abclm.cli.revise import Wanted, revise

    task = Task("second-part", file, tune, pick_seed(seed), count, temperature, checkpoint, bars)
    wanted = Wanted(output, in_place, pick, show, as_json, seed is None)
    revise(task, wanted)
