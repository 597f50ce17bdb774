"""``abclm generate``: new tunes, to the terminal, into a tunebook, as MIDI."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.delivery import deliver
from abclm.cli.making import Order
from abclm.cli.preparing import pick_seed, use_one_thread

__all__ = ["generate"]


def generate(
    prompt: Annotated[
        str, typer.Argument(help="ABC text to start from: fields, notes or both; - for stdin.")
    ] = "",
    count: options.Count = 1,
    title: Annotated[str | None, typer.Option(help="Title (T:).")] = None,
    rhythm: Annotated[str | None, typer.Option(help="Rhythm (R:): reel, jig, hornpipe, …")] = None,
    meter: Annotated[str | None, typer.Option(help="Meter (M:): 4/4, 6/8, C|, …")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit note length (L:): 1/8 or 1/16.")] = None,
    key: Annotated[str | None, typer.Option(help="Key (K:): G, Edor, Am, Dmix, …")] = None,
    temperature: options.Temperature = 0.85,
    top_k: Annotated[
        int | None, typer.Option("--top-k", help="Choose among the k likeliest characters only.")
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option("--top-p", help="Choose among the likeliest characters of this total share."),
    ] = None,
    seed: options.Seed = None,
    checkpoint: options.Checkpoint = "irish",
    raw: Annotated[
        bool, typer.Option("--raw", help="The model alone, without constraint.")
    ] = False,
    form: Annotated[
        str | None, typer.Option(help="Order of the sections: AABB, AAB, ABA, …")
    ] = None,
    bars: Annotated[int | None, typer.Option(help="Whole bars in each section.")] = None,
    plan: Annotated[
        str | None,
        typer.Option(
            help="Which bars are the same, a letter a bar, ' for a variation: "
            '"abac abad / efeg ef\'ad"; one that ends in a slash goes on.'
        ),
    ] = None,
    instrument_range: Annotated[
        str | None,
        typer.Option(
            "--instrument-range",
            help="Only notes of: whistle-D, flute, fiddle, uilleann, concertina, …, or G3-B5.",
        ),
    ] = None,
    min_chars: Annotated[
        int, typer.Option("--min-chars", help="At least so many characters, if the form allows.")
    ] = 0,
    max_chars: Annotated[
        int, typer.Option("--max-chars", help="At most so many characters.")
    ] = 3000,
    candidates: options.Candidates = 8,
    best_of: Annotated[
        int, typer.Option("--best-of", help="Write so many for each tune, take the best, say why.")
    ] = 1,
    max_copy: Annotated[
        float | None,
        typer.Option("--max-copy", help="No more than this share of bars from one training tune."),
    ] = None,
    output: options.Book = None,
    midi: options.Midi = None,
    as_json: options.TunesAsJson = False,
    by_line: options.TunesByLine = False,
) -> None:
    """Write folk tunes.

    Options such as --rhythm and --key become fields of the tune's header; what is not given, the
    model writes. Every bar lasts what it should, and repeats and endings close, but with --raw. On
    a terminal a tune appears as it is written, bar by bar.
    """
    use_one_thread()

    from abclm.compose.request import read_request
    from abclm.compose.settings import Settings
    from abclm.constraint.header import Header
    from abclm.constraint.prompt import read_prompt
    from abclm.errors import InputError

    if as_json and by_line:
        raise InputError("--json prints one list and --jsonl a line for each tune: choose one")
    text = _prompt_text(prompt)
    request = None if raw else read_request(text)
    if request is not None:
        asked = request.header.merged(Header(title, rhythm, meter, unit, key))
        title, rhythm, meter, unit, key = (value for _, value in asked.fields())
        text = ""
        print(f"read as: {request.options}", file=sys.stderr)
    order = Order(
        command="generate",
        prompt=text,
        settings=Settings(
            title=title,
            rhythm=rhythm,
            meter=meter,
            unit=unit,
            key=key,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            form=form,
            bars=bars,
            plan=plan,
            instrument_range=instrument_range,
            min_chars=min_chars,
            max_chars=max_chars,
            candidates=candidates,
            raw=raw,
        ),
        seed=pick_seed(seed),
        count=count,
        checkpoint=checkpoint,
        best_of=best_of,
        max_copy=max_copy,
    )
    given = read_prompt(order.prompt).reference_number
    deliver(order, output, midi, given=given, drawn=seed is None, as_json=as_json, by_line=by_line)


def _prompt_text(prompt: str) -> str:
    from abclm.cli.inputs import read_source

    # A shell leaves "\n" in an argument as two characters.
    return read_source(Path("-")) if prompt == "-" else prompt.replace("\\n", "\n")
