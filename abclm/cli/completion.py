"""The options that complete commands and options in the shell: Typer's scripts, our messages."""

import os

import typer

from abclm.errors import InputError, OutputError
from abclm.files import reason

__all__ = ["install_completion", "prepare_completion", "show_completion"]

_NAME = "abclm"
_VARIABLE = "_ABCLM_COMPLETE"
_SHELLS = "bash, zsh, fish and PowerShell"


def prepare_completion() -> None:
    """Let Typer answer if a shell asks what can be typed."""
    if _VARIABLE in os.environ:
        from typer._completion_classes import completion_init

        completion_init()


def install_completion(wanted: bool) -> None:
    """Install completion for the shell from which abclm was started.

    Raises:
        InputError: the shell is not known.
        OutputError: a file of the shell cannot be written.
    """
    if not wanted:
        return
    from typer._completion_shared import install

    shell = _shell()
    try:
        _, path = install(shell, _NAME, _VARIABLE)
    except OSError as error:
        raise OutputError(f"{error.filename}: cannot be written: {reason(error)}") from error
    typer.echo(f"completion for {shell} is in {path}; it works in the next shell that you open")
    raise typer.Exit


def show_completion(wanted: bool) -> None:
    """Print the script for the shell from which abclm was started.

    Raises:
        InputError: the shell is not known.
    """
    if not wanted:
        return
    from typer._completion_shared import get_completion_script

    script = get_completion_script(prog_name=_NAME, complete_var=_VARIABLE, shell=_shell())
    typer.echo(script)
    raise typer.Exit


def _shell() -> str:
    from typer._completion_shared import _completion_scripts, _get_shell_name

    shell = _get_shell_name()
    if shell is None or shell not in _completion_scripts:
        found = f"this is {shell}" if shell else "this shell was not recognised"
        raise InputError(f"completion is for {_SHELLS}; {found}: start abclm from one of them")
    return shell
