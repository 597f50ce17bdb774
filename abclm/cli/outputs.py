"""Where the result of a command that changes tunes goes: stdout, another file, or the same one."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.notation.syntax.source import Source

__all__ = ["Change", "change_in_place", "check_output", "say_waiting", "write_result"]

Change = Callable[["Source"], bytes]
"""The bytes of a file after what a command does to it."""

_MOST_TRIES = 5


def check_output(file: Path, output: Path | None, *, in_place: bool) -> None:
    """See that the result can go where it is asked for, before work is spent on it.

    Raises:
        InputError: ``--in-place`` goes with neither ``-o`` nor standard input.
        OutputError: it cannot be written, or not without harm to another file.
    """
    from abclm.errors import InputError, OutputError
    from abclm.files import FileKind, check_outputs, check_writable, is_stream

    if in_place:
        if output is not None or str(file) == "-":
            raise InputError("--in-place writes FILE: it goes with neither -o nor stdin")
        check_writable(file)
        if is_stream(file):
            raise InputError(f"{file}: is not a file that could be changed: give - to read it")
        if not os.access(file.parent, os.W_OK):
            raise OutputError(
                f"{file}: its folder cannot be written, so not {file.name}.bak either"
            )
    check_outputs((output, FileKind.ABC), inputs=[file])


def write_result(
    file: Path, source: "Source", change: Change, output: Path | None, *, in_place: bool
) -> None:
    """Write what ``change`` makes of ``source``, read from ``file``, where it was asked for.

    Raises:
        OutputError: it cannot be written; ``file`` is then as it was.
    """
    from abclm.files import write_atomically

    if in_place:
        beside = change_in_place(file, source, change)
        done = f"written: {file}; as it was: {beside}" if beside else f"unchanged: {file}"
        print(done, file=sys.stderr)
        return
    new = change(source)
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(new)
        sys.stdout.buffer.flush()
        return
    write_atomically(output, new)
    print(f"written: {output}", file=sys.stderr)


def change_in_place(file: Path, source: "Source", change: Change) -> Path | None:
    """Change ``file``, and keep what it was beside it; where that is, or None if nothing changed.

    Where something else has changed it since ``source`` was read, the change is made to what
    stands there now.

    Raises:
        OutputError: it cannot be written, or ``change`` cannot be made to what stands there now.
    """
    from abclm.cli.inputs import read_abc
    from abclm.errors import ChangedError, OutputError

    for _ in range(_MOST_TRIES):
        new = change(source)
        if new == source.data:
            return None
        try:
            return _replace(file, source.data, new)
        except ChangedError:
            source = read_abc(file)
    raise OutputError(f"{file}: not written: something else keeps changing it")


def say_waiting(line: str) -> None:
    """Say that a lock is waited for."""
    print(line, file=sys.stderr)


def _replace(file: Path, old: bytes, new: bytes) -> Path:
    from abclm.errors import ChangedError
    from abclm.files import keep_beside, locked, read_bytes, write_atomically

    with locked(file, say_waiting):
        if read_bytes(file) != old:
            raise ChangedError(f"{file}: was changed meanwhile by something else")
        beside = keep_beside(file, old)
        try:
            write_atomically(file, new, instead_of=old)
        except BaseException:
            beside.unlink()
            raise
    return beside
