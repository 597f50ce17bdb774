"""The application: its commands, and what every one of them does on an error."""

from typing import Annotated

import typer

from abclm import __version__
from abclm.cli import (
    checkpoint,
    continue_,
    corpus,
    edit,
    evaluate,
    generate,
    ledger,
    loop,
    originality,
    redo,
    render,
    replay,
    second_part,
    surprise,
    train,
    transpose,
    validate,
)
from abclm.cli.group import Commands
from abclm.cli.terminal import guard_streams

__all__ = ["app", "main"]

app = typer.Typer(
    name="abclm",
    cls=Commands,
    help="Write folk tunes in ABC notation, check them and render them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(generate.generate)
app.command()(validate.validate)
app.command()(render.render)
app.command()(edit.edit)
app.command()(transpose.transpose)
app.command("continue")(continue_.continue_)
app.command()(redo.redo)
app.command("second-part")(second_part.second_part)
app.command()(originality.originality)
app.command()(surprise.surprise)
app.command()(evaluate.evaluate)
app.command()(loop.more)
app.command()(loop.tweak)
app.command()(loop.keep)
app.command()(replay.replay)
app.command()(ledger.history)
app.command()(ledger.show)
app.command()(train.train)
app.add_typer(corpus.app, name="corpus")
app.add_typer(checkpoint.app, name="checkpoint")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"abclm {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the command line; the console script ``abclm``."""
    guard_streams()
    app()
