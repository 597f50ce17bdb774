"""``abclm checkpoint``: the existing models, and how each was trained."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.terminal import say, say_written, tell
from abclm.compose.options import MODEL
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.model.checkpoint.checkpoint import CheckpointConfig

__all__ = ["app"]

app = typer.Typer(help="List and show trained models.")


@app.command("list")
def list_all(
    as_json: options.AsJson = False,
) -> None:
    """List the checkpoints that --checkpoint finds by name; damaged ones are left out."""
    from abclm.api.checkpoints import checkpoints

    found = checkpoints(lambda reason: say(f"left out: {reason}"))
    if as_json:
        table = [{"name": path.name, "path": str(path)} for path in found]
        typer.echo(write_json(table))
        return
    for path, config in found.items():
        corpus = config.corpus.get("name", "?")
        bits = config.results.get("held_out_bits_per_character")
        measured = f"{bits:.3f} held-out bits per character" if bits else "not evaluated"
        tell(f"{path.name:<16} corpus {corpus}, {measured}, {path}")


@app.command()
def show(
    name: options.Model = MODEL,
    as_json: options.AsJson = False,
) -> None:
    """Show what a checkpoint was trained on and how, its licence and its results."""
    from abclm.api.checkpoints import find
    from abclm.model.checkpoint.checkpoint import load_config

    values = _values(load_config(find(name)))
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
    """Build the index for abclm originality from the training corpus, beside the checkpoint."""
    from abclm.api.indexes import put_index

    file, made = put_index(name, corpus, say)
    human, alone = made.human, made.leave_one_out
    typer.echo(f"{'copying':<32}{'median':>8}{'p95':>8}{'half':>8}")
    for label, row in (("between different tunes", human), ("each against all others", alone)):
        typer.echo(f"{label:<32}{row.median:>8.3f}{row.p95:>8.3f}{row.half:>8.1%}")
    say_written(file)


@app.command()
def judge(
    name: options.Model,
    corpus: Annotated[
        str | None, typer.Option(help="The corpus it was trained on, if that has another name.")
    ] = None,
) -> None:
    """Train a judge of phrases on the training tunes and the model's own; takes minutes.

    abclm generate uses its scores to choose among candidates for each phrase.
    """
    from abclm.api.companions import put_judge

    put_judge(name, corpus, say)


def _values(config: "CheckpointConfig") -> dict[str, Any]:
    values = asdict(config)
    values["vocabulary"] = "".join(config.vocabulary.characters)
    return values
