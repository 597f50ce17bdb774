"""``abclm more``, ``tweak`` and ``keep``: going on from a tune in the history."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.delivery import deliver
from abclm.cli.preparing import pick_seed, use_one_thread
from abclm.cli.remaking import order_of
from abclm.cli.saving import append_to_book
from abclm.cli.task import as_typed

__all__ = ["keep", "more", "tweak"]

_BOOK = Path("kept.abc")


def more(
    tune: options.TuneId,
    count: options.Count = 3,
    seed: options.Seed = None,
    output: options.Book = None,
    midi: options.Midi = None,
    as_json: options.TunesAsJson = False,
) -> None:
    """Write more tunes the way one was written: the same prompt and options, other seeds."""
    from abclm.cli.ledger import logged

    use_one_thread()
    order = order_of(logged(tune))
    order = replace(order, command="more", count=count, seed=pick_seed(seed), parent=tune)
    deliver(order, output, midi, drawn=seed is None, as_json=as_json)


def tweak(
    tune: options.TuneId,
    title: Annotated[str | None, typer.Option(help="Another title (T:).")] = None,
    rhythm: Annotated[str | None, typer.Option(help="Another rhythm (R:).")] = None,
    meter: Annotated[str | None, typer.Option(help="Another meter (M:).")] = None,
    unit: Annotated[str | None, typer.Option(help="Another unit note length (L:).")] = None,
    key: Annotated[str | None, typer.Option(help="Another key (K:).")] = None,
    temperature: Annotated[float | None, typer.Option(help="Tamer or wilder.")] = None,
    top_k: Annotated[int | None, typer.Option("--top-k", help="Another top-k.")] = None,
    top_p: Annotated[float | None, typer.Option("--top-p", help="Another top-p.")] = None,
    form: Annotated[str | None, typer.Option(help="Another form, such as AABB.")] = None,
    bars: Annotated[int | None, typer.Option(help="Whole bars in each section.")] = None,
    plan: Annotated[
        str | None, typer.Option(help='Another plan, such as "abac abad / efeg efad".')
    ] = None,
    instrument_range: Annotated[
        str | None, typer.Option("--instrument-range", help="Another range, such as flute.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed; else the same.")] = None,
    output: options.Book = None,
    midi: options.Midi = None,
    as_json: options.TunesAsJson = False,
) -> None:
    """Write a tune again with something changed; all else, the seed too, stays as it was."""
    from abclm.cli.ledger import logged
    from abclm.errors import InputError

    use_one_thread()
    changes = {
        "title": title,
        "rhythm": rhythm,
        "meter": meter,
        "unit": unit,
        "key": key,
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "form": form,
        "bars": bars,
        "plan": plan,
        "instrument_range": instrument_range,
    }
    if seed is None and all(value is None for value in changes.values()):
        raise InputError("nothing to change: give an option such as --key Ador or --seed 5")
    before = order_of(logged(tune))
    order = replace(
        before, command="tweak", settings=before.settings.changed(**changes), parent=tune
    )
    if seed is not None:
        order = replace(order, seed=pick_seed(seed), first=0)
    deliver(order, output, midi, as_json=as_json)
    old, new = before.settings.as_dict(), order.settings.as_dict()
    for name in sorted(set(old) | set(new)):
        if old.get(name) != new.get(name):
            print(f"{name}: {old.get(name, '-')} -> {new.get(name, '-')}", file=sys.stderr)


def keep(
    tune: options.TuneId,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it shall be called.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Tunebook to keep it in.")] = _BOOK,
) -> None:
    """Keep a tune under a title in a tunebook, with a note of how it was made."""
    from abclm import __version__
    from abclm.cli.ledger import opened
    from abclm.compose.tunebook import with_note, with_title
    from abclm.constraint.header import Header
    from abclm.files import FileKind, check_outputs

    check_outputs((output, FileKind.ABC))
    name = Header(title=title).title or ""
    with opened() as ledger:
        entry = ledger.get(tune).entry
        checkpoint = entry.settings.get("checkpoint", "")
        note = (
            f"abclm {__version__}, {checkpoint} {entry.checkpoint[:12]}, "
            f"{as_typed(entry, with_file=False)}, seed {entry.seed} number {entry.number}"
        )
        text = with_note(with_title(entry.text, name), " ".join(note.split()))
        append_to_book(output, [text])
        print(f"written: {output}", file=sys.stderr)
        ledger.keep(tune, name, output)
