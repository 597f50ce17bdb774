"""``abclm more``, ``tweak``, ``keep`` and ``replay``: going on from a tune in the history."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.delivery import deliver, print_json, print_tunes
from abclm.cli.group import ExitCode
from abclm.cli.making import FROM_PROMPTS, Order, make
from abclm.cli.preparing import pick_seed, use_one_thread
from abclm.cli.saving import append_to_book

if TYPE_CHECKING:
    from abclm.compose.ledger import LoggedTune

__all__ = ["keep", "more", "replay", "tweak"]

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
    use_one_thread(count)
    order = replace(_order(tune), command="more", count=count, seed=pick_seed(seed), parent=tune)
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
    instrument_range: Annotated[
        str | None, typer.Option("--instrument-range", help="Another range, such as flute.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed; else the same.")] = None,
    output: options.Book = None,
    midi: options.Midi = None,
    as_json: options.TunesAsJson = False,
) -> None:
    """Write a tune again with something changed; all else, the seed too, stays as it was."""
    from abclm.errors import InputError

    use_one_thread(1)
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
        "instrument_range": instrument_range,
    }
    if seed is None and all(value is None for value in changes.values()):
        raise InputError("nothing to change: give an option such as --key Ador or --seed 5")
    before = _order(tune)
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
    from abclm.compose.header import Header
    from abclm.compose.tunebook import with_note, with_title

    name = Header(title=title).title or ""
    with opened() as ledger:
        entry = ledger.get(tune).entry
        checkpoint = entry.settings.get("checkpoint", "")
        note = (
            f"abclm {__version__}, {checkpoint} {entry.checkpoint[:12]}, {entry.command}, "
            f"seed {entry.seed} number {entry.number}"
        )
        text = with_note(with_title(entry.text, name), " ".join(note.split()))
        append_to_book(output, [text])
        ledger.keep(tune, name, output)


def replay(
    tune: options.TuneId,
    as_json: options.TunesAsJson = False,
) -> None:
    """Make a tune again, and see that it comes out the same; exit code 1 if it does not."""
    use_one_thread(1)
    logged = _logged(tune)
    made = make(_order(tune), log_it=False)
    if as_json:
        print_json(made, tune)
    else:
        print_tunes(made, tune)
    if made[0].tune.text != logged.entry.text:
        print(f"not the same as tune {tune}: see abclm show {tune}", file=sys.stderr)
        raise typer.Exit(ExitCode.NO)
    print("the same, byte for byte", file=sys.stderr)


def _logged(tune: int) -> "LoggedTune":
    from abclm.cli.ledger import opened

    with opened() as ledger:
        return ledger.get(tune)


def _order(tune: int) -> Order:
    """What would make a logged tune again.

    Raises:
        InputError: there is no such tune, or it was not written from a prompt.
        CheckpointError: the model that made it is not there.
    """
    from abclm.cli.checkpoint import load
    from abclm.compose.settings import Settings
    from abclm.errors import CheckpointError, InputError

    entry = _logged(tune).entry
    settings = dict(entry.settings)
    checkpoint = settings.pop("checkpoint", None)
    if checkpoint is None or entry.command not in FROM_PROMPTS:
        raise InputError(
            f"tune {tune} was made by {entry.command}: only what generate, more and tweak wrote "
            "can be made again"
        )
    if load(checkpoint).sha256 != entry.checkpoint:
        raise CheckpointError(
            f"the checkpoint {checkpoint} is no longer the one that made tune {tune} "
            f"({entry.checkpoint[:12]})"
        )
    return Order(
        command=entry.command,
        prompt=entry.prompt,
        settings=Settings.from_dict(settings),
        seed=entry.seed,
        first=entry.number,
        checkpoint=checkpoint,
        parent=_logged(tune).entry.parent,
    )
