"""``abclm harmonize``: further voices for a tune, whose own notes stay byte for byte."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.revise import Wanted, revise
from abclm.compose.options import SEVERAL

__all__ = ["harmonize"]


@dataclass(frozen=True)
class _Wanted(Wanted):
    checkpoint: options.Checkpoint = SEVERAL


@options.spread(_Wanted, after="replace")
def harmonize(
    given: dict[str, Any],
    file: options.File,
    voices: Annotated[
        int, typer.Option("--voices", help="Number of voices, the tune's own included.")
    ] = 4,
    above: Annotated[
        bool, typer.Option("--above", help="Write above the tune instead of below it.")
    ] = False,
    ranges: Annotated[
        str | None,
        typer.Option("--ranges", help="Ranges of the voices: satb, quartet, or C4-A5,F3-D5,…"),
    ] = None,
    no_parallels: Annotated[
        bool,
        typer.Option(
            "--no-parallels",
            help="Make parallel fifths and octaves, and crossing voices, less likely.",
        ),
    ] = False,
    chords: Annotated[
        bool, typer.Option("--chords", help="Write chord symbols for a guitarist, no voices.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --chords: replace those that the tune has.")
    ] = False,
) -> None:
    """Write further voices for a tune, in metre and aligned with it; or chord symbols over it.

    The tune stays as it is and becomes voice 1; each new voice has its bar lines. The candidates
    are sorted by their probability together with the tune. With --chords there is one result, and
    all options of the voices are without effect. Without -o or --in-place the whole file
    goes to stdout.
    """
    revise(
        "harmonize",
        file,
        _Wanted(**given),
        voices=voices,
        above=above or None,
        ranges=ranges,
        no_parallels=no_parallels or None,
        chords=chords or None,
        replaced=replace or None,
    )
