"""``abclm continue``: continues an unfinished tune."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.revise import Wanted, revise

__all__ = ["continue_"]


@dataclass(frozen=True)
class _Wanted(Wanted):
    count: options.Likeliest = 1


@options.spread(_Wanted, after="bars")
def continue_(
    given: dict[str, Any],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An unfinished tune; - for stdin.")],
    bars: Annotated[
        int | None,
        typer.Option("--bars", help="Whole bars to add; else up to the tune's end."),
    ] = None,
) -> None:
    """Continue an unfinished tune, keeping what is there byte for byte.

    An incomplete bar is completed on its own line, and none of its notes changes. New bars follow
    up to the end of the tune, or as many as --bars says. Without -o or --in-place the whole file
    goes to stdout. On a terminal the tune appears as it is written, bar by bar.
    """
    revise("continue", file, _Wanted(**given), bars=bars)
