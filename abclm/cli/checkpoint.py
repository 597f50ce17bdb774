"""``abclm checkpoint``: which models there are, and what is known about each."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli import options
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.model.checkpoint.checkpoint import Checkpoint, CheckpointConfig

__all__ = ["app", "folders", "load"]

app = typer.Typer(help="List and show trained models.", no_args_is_help=True)


def folders() -> list[Path]:
    """Where checkpoints are looked for by name: here, then among the shipped ones."""
    from abclm.model.checkpoint.checkpoint import shipped_checkpoints

    return [Path("checkpoints"), shipped_checkpoints()]


def load(name: str) -> "Checkpoint":
    """The checkpoint called ``name``, or in the folder ``name``.

    Raises:
        CheckpointError: there is none (the message lists those there are), or it is damaged.
    """
    from abclm.model.checkpoint.checkpoint import find_checkpoint, load_checkpoint

    return load_checkpoint(find_checkpoint(name, folders()))


@app.command("list")
def list_all(
    as_json: options.AsJson = False,
) -> None:
    """List the checkpoints that --checkpoint finds by name; damaged ones are left out."""
    from abclm.errors import CheckpointError
    from abclm.model.checkpoint.checkpoint import list_checkpoints, load_config

    found: list[tuple[Path, CheckpointConfig]] = []
    for path in list_checkpoints(folders()):
        try:
            found.append((path, load_config(path)))
        except CheckpointError as error:
            print(f"left out: {error}", file=sys.stderr)
    if as_json:
        table = [{"name": path.name, "path": str(path)} for path, _ in found]
        typer.echo(write_json(table))
        return
    for path, config in found:
        corpus = config.corpus.get("name", "?")
        bits = config.results.get("held_out_bits_per_character")
        measured = f"{bits:.3f} held-out bits per character" if bits else "not evaluated"
        typer.echo(f"{path.name:<16} corpus {corpus}, {measured}, {path}")


@app.command()
def show(
    name: options.Model = "irish",
    as_json: options.AsJson = False,
) -> None:
    """Show what a checkpoint was trained on and how, its licence and its results."""
    from abclm.model.checkpoint.checkpoint import find_checkpoint, load_config

    path = find_checkpoint(name, folders())
    values = _values(load_config(path))
    if as_json:
        typer.echo(write_json(values))
        return
    for section, value in values.items():
        if isinstance(value, dict):
            typer.echo(f"{section}:")
            for key, entry in value.items():
                typer.echo(f"  {key.replace('_', ' ')}: {entry}")
        else:
            typer.echo(f"{section}: {value}")


@app.command()
def index(
    name: options.Model,
    corpus: Annotated[
        str | None, typer.Option(help="The corpus it was trained on, if that has another name.")
    ] = None,
) -> None:
    """Put the index for abclm originality beside a checkpoint, made from its training corpus."""
    from abclm.cli.originality import make_index
    from abclm.model.checkpoint.checkpoint import find_checkpoint, load_config
    from abclm.originality.index import INDEX, save_index

    path = find_checkpoint(name, folders())
    learnt = load_config(path).corpus
    made = make_index(corpus or str(learnt.get("name", "")), learnt.get("sha256"))
    save_index(path / INDEX, made)
    human, alone = made.human, made.leave_one_out
    typer.echo(f"{'copying':<32}{'median':>8}{'p95':>8}{'half':>8}")
    for label, row in (("between different tunes", human), ("each against all others", alone)):
        typer.echo(f"{label:<32}{row.median:>8.3f}{row.p95:>8.3f}{row.half:>8.1%}")
    print(f"written: {path / INDEX}", file=sys.stderr)


@app.command()
def judge(
    name: options.Model,
    corpus: Annotated[
        str | None, typer.Option(help="The corpus it was trained on, if that has another name.")
    ] = None,
) -> None:
    """Teach a judge of phrases from the training tunes and the model's own; takes minutes.

    abclm generate draws among candidates for each phrase by what it says.
    """
    from abclm.cli.companions import make_judge
    from abclm.corpus.store import load_corpus
    from abclm.errors import CorpusError

    model = load(name)
    learnt = model.config.corpus
    loaded = load_corpus(corpus or str(learnt.get("name", "")))
    if loaded.report["sha256"] != learnt.get("sha256"):
        raise CorpusError(f"{name} was not trained on the corpus {loaded.name} as it is now")
    make_judge(model, loaded)


def _values(config: "CheckpointConfig") -> dict[str, Any]:
    values = asdict(config)
    values["vocabulary"] = "".join(config.vocabulary.characters)
    return values
