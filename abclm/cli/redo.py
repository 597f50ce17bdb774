"""``abclm redo``: some bars of a tune rewritten; everything else stays byte for byte."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.revise import Wanted, revise
from abclm.compose.options import CHOICES, MODEL, SEVERAL

__all__ = ["redo"]


@dataclass(frozen=True)
class _Wanted(Wanted):
    count: Annotated[int, typer.Option("-n", "--count", help="Number of candidates.")] = CHOICES
    show: bool = True
    checkpoint: str = MODEL
    usual: int | None = None


@options.spread(_Wanted, after="voice", within={"seed": ("checkpoint",)})
def redo(
    given: dict[str, Any],
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
    checkpoint: options.CheckpointOfVoices = None,
) -> None:
    """Rewrite some bars of a tune; everything else stays byte for byte.

    Bars are counted as musicians do: a short bar that opens the tune is bar 0, a pickup inside it
    belongs to the bar before, and second endings continue the count. Each new bar is as long as
    the one it replaces. The candidates are sorted by how well the tune holds together with them
    (where it ends, what it answers, what rhymes), then by their probability. At a terminal you are
    asked which to take; elsewhere --pick takes one. Without -o or --in-place the whole file goes to
    stdout.
    """
    model = checkpoint or (MODEL if voice is None else SEVERAL)
    wanted = _Wanted(**given, checkpoint=model)
    revise("redo", file, wanted, bars=bars, section=section, voice=voice)
