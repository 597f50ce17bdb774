"""``abclm generate``: new tunes, to the terminal, into a tunebook, as MIDI."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from abclm.compose.generation import GeneratedTune

__all__ = ["generate"]

_SEED_LIMIT = 2**32
_SHARED_BATCH = 8


def generate(
    prompt: Annotated[
        str, typer.Argument(help="ABC text to start from: fields, notes or both; - for stdin.")
    ] = "",
    count: Annotated[int, typer.Option("-n", "--count", help="How many tunes.")] = 1,
    title: Annotated[str | None, typer.Option(help="Title (T:).")] = None,
    rhythm: Annotated[str | None, typer.Option(help="Rhythm (R:): reel, jig, hornpipe, …")] = None,
    meter: Annotated[str | None, typer.Option(help="Meter (M:): 4/4, 6/8, C|, …")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit note length (L:): 1/8 or 1/16.")] = None,
    key: Annotated[str | None, typer.Option(help="Key (K:): G, Edor, Am, Dmix, …")] = None,
    temperature: Annotated[
        float, typer.Option(help="Below 1 tamer, above 1 wilder, 0 always the likeliest.")
    ] = 1.0,
    top_k: Annotated[
        int | None, typer.Option("--top-k", help="Choose among the k likeliest characters only.")
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option("--top-p", help="Choose among the likeliest characters of this total share."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Random seed: the same seed, the same tunes.")
    ] = None,
    checkpoint: Annotated[
        str, typer.Option(help="A checkpoint (see checkpoint list), or its folder.")
    ] = "irish",
    raw: Annotated[
        bool, typer.Option("--raw", help="The model alone, without constraint.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Tunebook to append to.")
    ] = None,
    midi: Annotated[
        Path | None, typer.Option("--midi", help="MIDI file to write; numbered for several tunes.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the tunes as JSON.")] = False,
) -> None:
    """Write folk tunes.

    Options such as --rhythm and --key become fields of the tune's header; what is not given, the
    model writes. On a terminal a tune appears as it is written.
    """
    _use_one_thread(count)

    from abclm.cli.checkpoint import load
    from abclm.compose.generation import Composer
    from abclm.compose.header import Header
    from abclm.compose.prompt import read_prompt
    from abclm.compose.sampling import Sampling
    from abclm.files import check_writable

    for path in filter(None, (output, midi)):
        check_writable(path)
    opening = read_prompt(
        _prompt_text(prompt),
        Header(title=title, rhythm=rhythm, meter=meter, unit=unit, key=key),
    )
    sampling = Sampling(temperature=temperature, top_k=top_k, top_p=top_p)
    streams = count == 1 and not as_json and sys.stdout.isatty()
    drawn = _seed(seed)
    first = _reference_number(opening.reference_number, output)
    tunes = Composer(load(checkpoint)).generate(
        opening,
        sampling=sampling,
        seed=drawn,
        count=count,
        raw=raw,
        on_character=_streamer(first) if streams else None,
    )
    if as_json:
        _print_json(tunes, first)
    elif streams:
        print()
    else:
        _print_tunes(tunes, first, into_book=output is not None)
    _save(tunes, output, midi)
    for tune in tunes:
        if not tune.ended:
            print(f"tune {tune.number + 1} ran into the limit and was cut", file=sys.stderr)
    if seed is None:
        print(f"seed {drawn}", file=sys.stderr)


def _prompt_text(prompt: str) -> str:
    from abclm.cli.inputs import read_source

    # A shell leaves "\n" in an argument as two characters.
    return read_source(Path("-")) if prompt == "-" else prompt.replace("\\n", "\n")


def _seed(seed: int | None) -> int:
    from abclm.errors import InputError

    if seed is None:
        import secrets

        return secrets.randbelow(1_000_000)
    if not 0 <= seed < _SEED_LIMIT:
        raise InputError(f"--seed must lie between 0 and {_SEED_LIMIT - 1}, not {seed}")
    return seed


def _use_one_thread(count: int) -> None:
    """Keep numpy's products on one thread unless a batch is large enough to share.

    For a tune or two the threads mostly wait for each other, on a busy machine many times longer
    than they compute. It must be said before numpy is imported.
    """
    if count < _SHARED_BATCH:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _reference_number(of_prompt: int | None, output: Path | None) -> int:
    """The first reference number of what is written: the book's next free one, or the prompt's."""
    from abclm.compose.tunebook import next_reference_number

    return next_reference_number(_book(output)) if output is not None else of_prompt or 1


def _streamer(number: int) -> Callable[[str], None]:
    opening = f"X:{number}\n"

    def show(text: str) -> None:
        nonlocal opening
        sys.stdout.write(opening + text)
        sys.stdout.flush()
        opening = ""

    return show


def _print_tunes(tunes: "list[GeneratedTune]", first: int, *, into_book: bool) -> None:
    from abclm.compose.tunebook import with_reference_number

    if into_book and not sys.stdout.isatty():
        return
    numbered = [with_reference_number(tune.text, first + i) for i, tune in enumerate(tunes)]
    sys.stdout.write("\n".join(numbered))


def _print_json(tunes: "list[GeneratedTune]", first: int) -> None:
    from abclm.compose.tunebook import with_reference_number

    table: list[dict[str, Any]] = [
        {
            "abc": with_reference_number(tune.text, first + index),
            "seed": tune.seed,
            "number": tune.number,
            "ended": tune.ended,
            "characters": tune.characters,
            "bits_per_character": round(-tune.log2_probability / max(1, tune.characters), 4),
        }
        for index, tune in enumerate(tunes)
    ]
    typer.echo(json.dumps(table, indent=2, ensure_ascii=False))


def _save(tunes: "list[GeneratedTune]", output: Path | None, midi: Path | None) -> None:
    from abclm.compose.tunebook import append_tunes, with_reference_number
    from abclm.files import write_atomically

    if output is not None:
        write_atomically(output, append_tunes(_book(output), [tune.text for tune in tunes]))
        print(f"written: {output}", file=sys.stderr)
    if midi is None:
        return
    from abclm.notation.parser import parse_tunebook
    from abclm.render.midi import midi_bytes

    for index, tune in enumerate(tunes, 1):
        path = midi if len(tunes) == 1 else midi.with_stem(f"{midi.stem}-{index}")
        parsed = parse_tunebook(with_reference_number(tune.text, index))
        write_atomically(path, midi_bytes(parsed[0].tune))
        print(f"written: {path}", file=sys.stderr)


def _book(path: Path) -> str:
    from abclm.cli.inputs import read_source

    return read_source(path) if path.exists() else ""
