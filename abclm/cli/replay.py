"""``abclm replay``: a tune from the history made again and compared with the first version."""

import sys

import typer

from abclm.cli import options
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import say
from abclm.cli.threads import use_one_thread
from abclm.untrusted.strict_json import write_json

__all__ = ["replay"]


def replay(tune: options.TuneId, as_json: options.TunesAsJson = False) -> None:
    """Make a tune again and check that it comes out the same; exit code 1 if it does not."""
    use_one_thread()

    from abclm.api.remake import remake
    from abclm.compose.tunebook import with_reference_number
    from abclm.ledger.history import logged

    before = logged(tune, say)
    made = remake(before, say)
    if as_json:
        typer.echo(write_json([] if made is None else [made]))
    elif made is not None:
        sys.stdout.write(made["abc"])
        sys.stdout.flush()
    if made is None or made["abc"] != with_reference_number(before.entry.text, tune):
        say(f"not the same as tune {tune}: see abclm show {tune}")
        raise typer.Exit(ExitCode.NO)
    say("the same, byte for byte")
