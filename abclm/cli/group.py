"""How the command line ends: an exit code, and for an error one plain line on stderr."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from abclm.cli.exit_code import ExitCode
from abclm.cli.table import COMMANDS, load_command
from abclm.cli.terminal import say
from abclm.errors import AbclmError

__all__ = ["Commands"]

# Typer bundles its own Click and exports only this leaf of its errors: the base is two steps up.
_ClickError: Any = typer.BadParameter.__mro__[2]


class Commands(TyperGroup):
    """The top group: turns every error of abclm and of the option parser into one line.

    A command is loaded when it is run; listing the commands needs only `COMMANDS`.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {
            name: TyperCommand(name, help=line, rich_markup_mode=None)
            for name, line in COMMANDS.items()
        }

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return the arguments after the options; without any argument, show how to start."""
        if not args and not ctx.resilient_parsing:
            from abclm.cli.start import start

            start()
            ctx.exit()
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Return the name, the loaded command and the arguments after it."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is None or not name:
            return name, None, rest
        loaded = load_command(name)
        plain = name == "config" or ctx.params.get("no_config")
        if not plain and not {"-h", "--help"}.intersection(rest):
            from abclm.cli.defaults import command_defaults

            ctx.default_map = {name: command_defaults(name, loaded)}
        return name, loaded, rest

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        *more: Any,
        **extra: Any,
    ) -> Any:
        """Run the command line and exit with its code."""
        extra["standalone_mode"] = False
        sys.exit(self._run(lambda: super(Commands, self).main(args, prog_name, *more, **extra)))

    def _run(self, command: Callable[[], Any]) -> int:
        try:
            result = command()
            sys.stdout.flush()
        except AbclmError as error:
            return _fail(str(error))
        except _ClickError as error:
            if not error.format_message():
                return int(error.exit_code)
            return _fail(f"{error.format_message()} {_where_help_is(error)}".strip())
        except (KeyboardInterrupt, typer.Abort):
            print("interrupted", file=sys.stderr)
            return ExitCode.INTERRUPTED
        except OSError as error:
            return _end_without(error)
        return result if isinstance(result, int) else ExitCode.DONE


def _end_without(error: OSError) -> int:
    """Return the exit code if standard output cannot be written, or the current folder is gone.

    Any other `OSError` is a bug of abclm and is raised again.
    """
    if error.filename is not None:
        raise error
    if isinstance(error, FileNotFoundError):
        # Only the current folder is looked up without a file name.
        return _fail("the current folder has been deleted: change to another one")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        # The reader of our output has gone, as in "abclm … | head".
        return ExitCode.DONE
    from abclm.files import reason  # needed only after an error

    return _fail(f"standard output: cannot be written: {reason(error)}")


def _fail(message: str) -> int:
    say("abclm: " + " ".join(message.split()))
    return ExitCode.FAILED


def _where_help_is(error: Any) -> str:
    context = getattr(error, "ctx", None)
    return f"(see {context.command_path} --help)" if context is not None else ""
