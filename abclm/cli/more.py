"""``abclm more``: more tunes like one in the history."""

from abclm.cli import options
from abclm.cli.terminal import say
from abclm.cli.threads import use_one_thread

__all__ = ["more"]


def more(
    tune: options.TuneId,
    count: options.Count = 3,
    seed: options.Seed = None,
    output: options.Book = None,
    midi: options.Midi = None,
    no_mark: options.NoMark = False,
    as_json: options.TunesAsJson = False,
) -> None:
    """Write more tunes like one in the history: the same prompt and options, another seed."""
    use_one_thread()

    from abclm.api.remake import more_of
    from abclm.cli.new_tunes import deliver
    from abclm.ledger.history import logged

    order = more_of(logged(tune, say), count, seed)
    deliver(order, output, midi, drawn=seed is None, as_json=as_json, mark=not no_mark)
