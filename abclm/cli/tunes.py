"""The tunes of a file, and choosing the one that a command works on."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.notation.tune.music import Tune

__all__ = ["choose_tune", "listed", "read_tunes"]

_LISTED = 12


def read_tunes(file: Path) -> "list[Tune]":
    """All tunes of the tunebook ``file``, or of standard input for ``-``.

    Raises:
        InputError: it cannot be read, or has none.
    """
    from abclm.cli.inputs import read_source, source_name
    from abclm.errors import InputError
    from abclm.notation.parse.parser import parse_tunebook

    tunes = [parsed.tune for parsed in parse_tunebook(read_source(file))]
    if not tunes:
        raise InputError(f"{source_name(file)}: no tune found: a tune starts with X:1")
    return tunes


def choose_tune(tunes: "Sequence[Tune]", number: int | None, source: str) -> "Tune":
    """The tune whose ``X:`` is ``number``, which may be written with zeros before it.

    Without a number it is the first one.

    Raises:
        InputError: there is no such tune; the message lists those there are.
    """
    from abclm.errors import InputError

    if number is None:
        return tunes[0]
    numbers = [tune.value("X") or "?" for tune in tunes]
    for tune, written in zip(tunes, numbers, strict=True):
        if written.isdecimal() and int(written[:9]) == number:
            return tune
    raise InputError(f"{source}: no X:{number}; there are: {listed(numbers)}")


def listed(numbers: Sequence[str]) -> str:
    """Reference numbers for a message: the first dozen and, of more, the last."""
    shown = ", ".join(numbers[:_LISTED])
    return f"{shown}, … up to {numbers[-1]}" if len(numbers) > _LISTED else shown
