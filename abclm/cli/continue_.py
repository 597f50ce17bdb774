"""``abclm continue``: goes on from an unfinished tune."""

from pathlib import Path
from typing import Annotated

import typer

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
    count: Annotated[
        int, typer.Option("-n", "--count", help="How many candidates; the likeliest is taken.")
    ] = 1,
    tune: Annotated[
        int | None, typer.Option("--tune", help="Reference number (X:) of the tune.")
    ] = None,
    pick: Annotated[
        int | None, typer.Option("--pick", help="Take this candidate; 1 is the likeliest.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Show the candidates; at a terminal, ask for one.")
    ] = False,
    temperature: Annotated[
        float, typer.Option(help="Below 1 tamer, above 1 wilder, 0 always the likeliest.")
    ] = 1.0,
    seed: Annotated[
        int | None, typer.Option(help="Random seed: the same seed, the same notes.")
    ] = None,
    checkpoint: Annotated[
        str, typer.Option(help="A checkpoint (see checkpoint list), or its folder.")
    ] = "irish",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; else stdout.")
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Write FILE; the old version stays as FILE.bak.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the candidates as JSON.")] = False,
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
    simple = read_for_model(chosen)
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
