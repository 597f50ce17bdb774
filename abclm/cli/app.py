"""The application: its commands, loaded when they are run, and the options before a command."""

from typing import Annotated

import typer

from abclm import __version__
from abclm.cli.completion import install_completion, prepare_completion, show_completion
from abclm.cli.group import Commands
from abclm.cli.terminal import guard_streams

__all__ = ["app", "main"]

app = typer.Typer(
    name="abclm",
    cls=Commands,
    help="Write folk tunes in ABC notation, check them and render them.",
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,  # its messages are not ours
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
    no_config: Annotated[
        bool, typer.Option("--no-config", help="Leave the defaults of config.toml out.")
    ] = False,
    install: Annotated[
        bool,
        typer.Option(
            "--install-completion",
            help="Let the Tab key complete commands and options in your shell.",
            is_eager=True,
            callback=install_completion,
        ),
    ] = False,
    show: Annotated[
        bool,
        typer.Option(
            "--show-completion",
            help="Print the script for that instead of installing it.",
            is_eager=True,
            callback=show_completion,
        ),
    ] = False,
) -> None:
    """Take the options before a command."""


def main() -> None:
    """Run the command line; the entry point of the console script ``abclm``."""
    guard_streams()
    prepare_completion()
    app()
