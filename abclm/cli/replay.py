"""``abclm replay``: a tune from the history made again, and seen to be the same."""

import sys

import typer

from abclm.cli import options
from abclm.cli.group import ExitCode
from abclm.cli.preparing import use_one_thread
from abclm.untrusted.strict_json import write_json

__all__ = ["replay"]


def replay(tune: options.TuneId, as_json: options.TunesAsJson = False) -> None:
    """Make a tune again, and see that it comes out the same; exit code 1 if it does not."""
    use_one_thread()

    from abclm.cli.ledger import logged
    from abclm.cli.remaking import remake
    from abclm.compose.tunebook import with_reference_number

    before = logged(tune)
    made = remake(before)
    if as_json:
        typer.echo(write_json([] if made is None else [made]))
    elif made is not None:
        sys.stdout.write(made["abc"])
        sys.stdout.flush()
    if made is None or made["abc"] != with_reference_number(before.entry.text, tune):
        print(f"not the same as tune {tune}: see abclm show {tune}", file=sys.stderr)
        raise typer.Exit(ExitCode.NO)
    print("the same, byte for byte", file=sys.stderr)
