"""Reading what a command is given: files or standard input, and where things are found."""

import sys
from pathlib import Path

from abclm.errors import InputError
from abclm.files import read_bytes
from abclm.notation.source import decode_source

__all__ = ["read_source", "source_name"]


def read_source(path: Path) -> str:
    """The text of an ABC file, or of standard input for ``-``.

    Raises:
        InputError: it cannot be read, or is no text.
    """
    if str(path) == "-":
        if sys.stdin.isatty():
            print("reading from the terminal; end with Ctrl-D", file=sys.stderr)
        return decode_source(sys.stdin.buffer.read(), "standard input")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give the files in it")
    return decode_source(read_bytes(path), str(path))


def source_name(path: Path) -> str:
    """How the source is called in messages."""
    return "<stdin>" if str(path) == "-" else str(path)
