"""``abclm generate``: new tunes for the terminal, a tunebook or a MIDI file."""

from pathlib import Path
from typing import Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.terminal import say
from abclm.cli.threads import use_one_thread
from abclm.compose.options import MODEL, SEVERAL, TuneOptions

__all__ = ["generate"]


@options.spread(TuneOptions, within={"top_p": ("seed", "checkpoint")}, after="count")
def generate(
    given: dict[str, Any],
    prompt: Annotated[
        str, typer.Argument(help="ABC text to start from: fields, notes or both; - for stdin.")
    ] = "",
    count: options.Count = 1,
    seed: options.Seed = None,
    checkpoint: options.CheckpointOfVoices = None,
    best_of: Annotated[
        int, typer.Option("--best-of", help="Write this many per tune, keep the best and say why.")
    ] = 1,
    max_copy: Annotated[
        float | None,
        typer.Option("--max-copy", help="Largest share of bars, 0 to 1, from one training tune."),
    ] = None,
    output: options.Book = None,
    midi: options.Midi = None,
    no_mark: options.NoMark = False,
    as_json: options.TunesAsJson = False,
    by_line: options.TunesByLine = False,
    play: Annotated[
        bool, typer.Option("--play", help="Play the tunes, as abclm play does.")
    ] = False,
) -> None:
    """Write folk tunes.

    Options such as --rhythm and --key become fields of the tune's header; the model fills in what
    you leave out. Without --raw, every bar has its full length, and repeats and endings are closed.
    On a terminal a tune appears as it is written, bar by bar.
    """
    use_one_thread()

    from abclm.api.order import Order, reference_number
    from abclm.cli.new_tunes import deliver
    from abclm.errors import InputError

    if as_json and by_line:
        raise InputError("--json prints one list and --jsonl a line for each tune: choose one")
    order = Order.to_generate(
        _prompt_text(prompt),
        given,
        seed,
        lambda words: say(f"read as: {words}"),
        checkpoint=checkpoint or (SEVERAL if (given["voices"] or 1) > 1 else MODEL),
        count=count,
        best_of=best_of,
        max_copy=max_copy,
    )
    first = reference_number(order)
    texts = deliver(
        order,
        output,
        midi,
        given=first,
        drawn=seed is None,
        as_json=as_json,
        by_line=by_line,
        mark=not no_mark,
    )
    if play:
        from abclm.cli.play import play_texts

        play_texts(texts)


def _prompt_text(prompt: str) -> str:
    from abclm.cli.input import read_text

    # A shell leaves "\n" in an argument as two characters.
    return read_text(Path("-")) if prompt == "-" else prompt.replace("\\n", "\n")
