"""Reading what a command is given: files or standard input, and where things are found."""

import sys
from pathlib import Path

from abclm.errors import InputError
from abclm.files import MOST_ABC, read_bytes, read_stream
from abclm.notation.syntax.source import Source

__all__ = ["read_abc", "read_source", "source_name"]


def read_abc(path: Path) -> Source:
    """The ABC file ``path``, or standard input for ``-``.

    Raises:
        InputError: it cannot be read, or is not ABC.
    """
    name = source_name(path)
    if str(path) == "-":
        if sys.stdin.isatty():
            print("reading from the terminal; end with Ctrl-D", file=sys.stderr)
        return Source.decode(read_stream(sys.stdin.buffer, name, MOST_ABC), name)
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give the files in it")
    return Source.decode(read_bytes(path, MOST_ABC), name)


def read_source(path: Path) -> str:
    """The text of an ABC file, or of standard input for ``-``, for reading only.

    Raises:
        InputError: it cannot be read, or is not ABC.
    """
    return read_abc(path).readable


def source_name(path: Path) -> str:
    """How the source is called in messages."""
    return "<stdin>" if str(path) == "-" else str(path)
