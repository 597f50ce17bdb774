"""``abclm second-part``: another section for a tune that is whole."""

import sys
from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.preparing import pick_seed, use_one_thread

__all__ = ["second_part"]


def second_part(
    file: options.File,
    bars: Annotated[
        int | None, typer.Option("--bars", help="How many bars; else as many as the first part.")
    ] = None,
    count: options.Likeliest = 6,
    tune: options.OneTune = None,
    pick: options.Pick = None,
    show: options.Show = False,
    temperature: options.Temperature = 1.0,
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
    use_one_thread(1)

    from abclm.cli.adding import Wanted, check_outputs, deliver, offer_all
    from abclm.cli.checkpoint import load
    from abclm.cli.insertion import behind_section
    from abclm.cli.reading import choose_one, read_for_model
    from abclm.compose.onward import Draws, first_section, write_section
    from abclm.compose.sampling import Sampling
    from abclm.compose.unfinished import check_metre, section_notes
    from abclm.compose.workshop import Workshop
    from abclm.errors import InputError

    check_outputs(file, output, count, in_place=in_place)
    if bars is not None and bars < 1:
        raise InputError(f"--bars must be 1 or more, not {bars}")
    chosen = choose_one(file, tune)
    simple = read_for_model(chosen.tune, chosen.name)
    if not simple.sounds:
        raise InputError(f"{chosen.name} has no notes: abclm generate writes a tune")
    check_metre(simple)
    section = first_section(simple)
    section = section if bars is None else section._replace(bars=bars)
    draws = Draws(pick_seed(seed), count, Sampling(temperature=temperature))
    workshop = Workshop(load(checkpoint))
    found = write_section(workshop, simple, section_notes(simple), section, draws)
    insertion = behind_section(chosen)
    offers = offer_all(chosen, insertion, found, simple.unit)
    wanted = Wanted(file, output, in_place, pick, show, as_json, draws.seed, seed is None)
    if deliver(chosen, insertion, offers, wanted) and insertion.bar_line is not None:
        old, new = insertion.bar_line
        print(f"the last {old} is {new} now" if old else f"{new} added", file=sys.stderr)
