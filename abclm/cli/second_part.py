"""``abclm second-part``: another section for a tune that is whole."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from abclm.cli.preparing import pick_seed, use_one_thread

__all__ = ["second_part"]


def second_part(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A tunebook; - for stdin.")],
    bars: Annotated[
        int | None, typer.Option("--bars", help="How many bars; else as many as the first part.")
    ] = None,
    count: Annotated[
        int, typer.Option("-n", "--count", help="How many candidates; the likeliest is taken.")
    ] = 6,
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
        int | None, typer.Option(help="Random seed: the same seed, the same part.")
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
    simple = read_for_model(chosen)
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
