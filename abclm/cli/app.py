"""The application: its commands, loaded when they are run, and the options before a command."""

from typing import Annotated

import typer

from abclm import __version__
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
    """Take the options before a command."""


def main() -> None:
    """Run the command line; the entry point of the console script ``abclm``."""
    guard_streams()
    app()
