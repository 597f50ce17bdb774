"""``abclm second-part``: another section for a complete tune."""

from typing import Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.revise import Wanted, revise

__all__ = ["second_part"]


@options.spread(Wanted, after="bars")
def second_part(
    given: dict[str, Any],
    file: options.File,
    bars: Annotated[
        int | None, typer.Option("--bars", help="Number of bars; else as many as the first part.")
    ] = None,
) -> None:
    """Write another part that fits a tune: as long as its first part, and repeated if that is.

    If the first part has a pickup, so does the new one. In the existing text only a closing |]
    changes, to ||, because the tune continues. Without -o or --in-place the whole file goes to
    stdout.
    """
    revise("second-part", file, Wanted(**given), bars=bars)
