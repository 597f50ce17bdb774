"""The files of a corpus among those that a user gives: folders are searched."""

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from abclm.errors import InputError
from abclm.files import reason
from abclm.reading.conversion import READ_SUFFIXES

__all__ = ["MUSIC", "SCORES", "files_of"]

SCORES: Final = tuple(f"*{suffix}" for suffix in READ_SUFFIXES)
"""Patterns for MIDI and MusicXML."""
MUSIC: Final = ("*.abc", *SCORES)
"""Patterns for tunebooks, MIDI and MusicXML."""


def files_of(paths: Sequence[Path], patterns: Sequence[str]) -> tuple[Path, ...]:
    """Return ``paths`` with each folder replaced by its files, also those of inner folders, sorted.

    Args:
        paths: files, which are taken as they are, and folders.
        patterns: for the names of a folder's files, such as ``*.mxl``; case does not matter.

    Raises:
        InputError: a folder cannot be read, or has no such file.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(_inside(path, patterns))
        if not inside:
            raise InputError(f"{path}: has no file to read: {', '.join(patterns)}")
        found += inside
    return tuple(found)


def _inside(folder: Path, patterns: Sequence[str]) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise InputError(f"{folder}: cannot be read: {reason(error)}") from error

    for place, _, names in os.walk(folder, onerror=fail):
        for name in names:
            if not name.startswith(".") and _matches(name, MUSIC) and _matches(name, patterns):
                yield Path(place) / name


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)
