"""``abclm continue``: goes on from an unfinished tune."""

from pathlib import Path
from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.preparing import pick_seed, use_one_thread

__all__ = ["continue_"]

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
    temperature: options.Temperature = 1.0,
    seed: options.Seed = None,
    checkpoint: options.Checkpoint = "irish",
    output: options.Output = None,
    in_place: options.InPlace = False,
    as_json: options.CandidatesAsJson = False,
) -> None:
    """Go on from an unfinished tune, keeping what is there byte for byte.

    A bar that is begun is ended in its own line, and no note of it changes. Then follow the bars
    up to the end of the tune, or as many as --bars says. Without -o or --in-place the whole file
    goes to stdout.
    """
    use_one_thread(1)

    from abclm.cli.adding import Wanted, check_outputs, deliver, offer_all
    from abclm.cli.checkpoint import load
    from abclm.cli.insertion import at_end
    from abclm.cli.reading import choose_one, read_for_model
    from abclm.compose.onward import Draws, write_bars, write_rest
    from abclm.compose.sampling import Sampling
    from abclm.compose.unfinished import check_metre, given_notes, is_finished
    from abclm.compose.workshop import Workshop
    from abclm.errors import InputError

    check_outputs(file, output, count, in_place=in_place)
    if bars is not None and bars < 1:
        raise InputError(f"--bars must be 1 or more, not {bars}")
    chosen = choose_one(file, tune)
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
    draws = Draws(pick_seed(seed), count, Sampling(temperature=temperature))
    workshop = Workshop(load(checkpoint))
    if bars is None:
        found = write_rest(workshop, simple, notes, draws)
    else:
        found = write_bars(workshop, simple, notes, bars, draws)
    allowed = frozenset() if bars is None else _UNFINISHED
    offers = offer_all(chosen, insertion, found, simple.unit, allowed)
    wanted = Wanted(file, output, in_place, pick, show, as_json, draws.seed, seed is None)
    deliver(chosen, insertion, offers, wanted)
