"""``abclm config``: the file of the user's defaults."""

import typer

from abclm.cli import options
from abclm.cli.terminal import say
from abclm.untrusted.strict_json import write_json

__all__ = ["app"]

app = typer.Typer(help="Show your own defaults of options, and where they are.")


@app.command()
def show(as_json: options.AsJson = False) -> None:
    """Print the defaults of config.toml by command; exit code 2 if it has mistakes.

    The file has a table for each command, such as [generate], and in it the long names of options,
    such as best-of = 4. An option on the command line comes before them.
    """
    from abclm.cli.defaults import read_defaults
    from abclm.cli.table import COMMANDS, load_command
    from abclm.errors import InputError
    from abclm.files import config_file

    found = read_defaults(load_command, COMMANDS)
    if as_json:
        typer.echo(write_json({"path": str(config_file()), "defaults": found.shown}))
    else:
        _print(found.shown, "")
    if found.mistakes:
        *others, last = found.mistakes
        for mistake in others:
            say(f"abclm: {mistake}")
        raise InputError(last)
    if not found.shown and not as_json:
        say(f"no defaults of your own in {config_file()}")


@app.command()
def path() -> None:
    """Print the path of config.toml, whether or not it exists."""
    from abclm.files import config_file

    typer.echo(str(config_file()))


def _print(table: dict[str, object], name: str) -> None:
    values = {key: value for key, value in table.items() if not isinstance(value, dict)}
    if values:
        typer.echo(f"[{name}]")
    for key, value in values.items():
        typer.echo(f"{key} = {write_json(value, one_line=True)}")
    for key, value in table.items():
        if isinstance(value, dict):
            _print(value, f"{name}.{key}" if name else key)
