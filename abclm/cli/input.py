"""The input of a command: a file, or standard input for ``-``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from abclm.cli.terminal import say

if TYPE_CHECKING:
    from abclm.notation.syntax.source import Source
    from abclm.notation.tune.music import Tune

__all__ = ["read_input", "read_text", "read_tunes", "source_name"]


def read_input(path: Path) -> "Source":
    """Read the ABC file ``path``, or standard input for ``-``.

    Raises:
        InputError: it cannot be read, or is not ABC.
    """
    from abclm.api.books import read_abc
    from abclm.files import MOST_ABC, read_stream
    from abclm.notation.syntax.source import Source

    if str(path) != "-":
        return read_abc(path)
    if sys.stdin.isatty():
        say("reading from the terminal; end with Ctrl-D")
    name = source_name(path)
    return Source.decode(read_stream(sys.stdin.buffer, name, MOST_ABC), name)


def read_text(path: Path) -> str:
    """Return the text of an ABC file, or of standard input for ``-``; not for writing back.

    Raises:
        InputError: it cannot be read, or is not ABC.
    """
    return read_input(path).readable


def read_tunes(path: Path) -> "list[Tune]":
    """Return all tunes of a tunebook, or of standard input for ``-``.

    Raises:
        InputError: it cannot be read, or has no tunes.
    """
    from abclm.compose.chosen import read_tunes as tunes_of

    return tunes_of(read_text(path), source_name(path))


def source_name(path: Path) -> str:
    """Return the name of the source in messages."""
    return "<stdin>" if str(path) == "-" else str(path)
