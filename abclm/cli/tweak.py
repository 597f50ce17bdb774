"""``abclm tweak``: a tune made again with some options changed."""

from typing import Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.terminal import say
from abclm.cli.threads import use_one_thread
from abclm.compose.options import TuneOptions

__all__ = ["tweak"]


@options.spread(TuneOptions, again=True, after="tune")
def tweak(
    given: dict[str, Any],
    tune: options.TuneId,
    seed: Annotated[int | None, typer.Option(help="Another seed; else the same.")] = None,
    output: options.Book = None,
    midi: options.Midi = None,
    no_mark: options.NoMark = False,
    as_json: options.TunesAsJson = False,
) -> None:
    """Write a tune again with some options changed; everything else, seed included, stays."""
    use_one_thread()

    from abclm.api.remake import tweaked
    from abclm.cli.new_tunes import deliver
    from abclm.ledger.history import logged

    order, changes = tweaked(logged(tune, say), given, seed)
    deliver(order, output, midi, as_json=as_json, mark=not no_mark)
    for name, (old, new) in changes.items():
        say(f"{name}: {old} -> {new}")
