"""``abclm keep``: a tune from the history, kept in a tunebook."""

from pathlib import Path
from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.terminal import say

__all__ = ["keep"]

_BOOK = Path("kept.abc")


def keep(
    tune: options.TuneId,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The tune's title in the book.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Tunebook to keep it in.")] = _BOOK,
) -> None:
    """Keep a tune in a tunebook, under a title and with a note of how it was made."""
    from abclm.api.history import History

    History(say).keep(tune, title, output)
