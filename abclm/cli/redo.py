"""``abclm redo``: some bars of a tune rewritten; everything else stays byte for byte."""

from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.threads import use_one_thread
from abclm.compose.options import CHOICES, MODEL, SEVERAL, TEMPERATURE

__all__ = ["redo"]


def redo(
    file: options.File,
    bars: Annotated[
        str | None,
        typer.Option("--bars", help="Which bars, such as 5-8 or 3; the pickup is bar 0."),
    ] = None,
    section: Annotated[
        str | None,
        typer.Option("--section", help="Count in this section (A, B, …); alone, redo it all."),
    ] = None,
    voice: Annotated[
        int | None,
        typer.Option("--voice", help="Rewrite this voice of several, 1 for the highest."),
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", help="Number of candidates.")] = CHOICES,
    tune: options.OneTune = None,
    pick: options.Pick = None,
    temperature: options.Temperature = TEMPERATURE,
    seed: options.Seed = None,
    checkpoint: options.CheckpointOfVoices = None,
    output: options.Output = None,
    in_place: options.InPlace = False,
    as_json: options.CandidatesAsJson = False,
) -> None:
    """Rewrite some bars of a tune; everything else stays byte for byte.

    Bars are counted as musicians do: a short bar that opens the tune is bar 0, a pickup inside it
    belongs to the bar before, and second endings continue the count. Each new bar is as long as
    the one it replaces. The candidates are sorted by how well the tune holds together with them
    (where it ends, what it answers, what rhymes), then by their probability. At a terminal you are
    asked which to take; elsewhere --pick takes one. Without -o or --in-place the whole file goes to
    stdout.
    """
    use_one_thread()

    from abclm.api.order import pick_seed
    from abclm.api.task import Task
    from abclm.cli.revise import Wanted, revise

    model = checkpoint or (MODEL if voice is None else SEVERAL)
    task = Task(
        "redo", file, tune, pick_seed(seed), count, temperature, model, bars, section, voice=voice
    )
    wanted = Wanted(output, in_place, pick, True, as_json, seed is None, usual=None)
    revise(task, wanted)
