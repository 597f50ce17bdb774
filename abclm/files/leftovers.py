"""Temporary files left behind by processes that were killed while writing."""

import contextlib
import os
import stat
import time
from pathlib import Path

from abclm.errors import OutputError
from abclm.files.locks import try_lock
from abclm.files.reading import reason
from abclm.files.temporary import SUFFIX, prefix_of

__all__ = ["clear_leftovers", "leftovers"]

_FRESH = 10.0
"""Seconds during which the process that created a temporary file may not have locked it yet."""


def leftovers(path: Path) -> list[Path]:
    """Return the temporary files left behind by processes killed while writing ``path``.

    Raises:
        OutputError: the folder cannot be read.
    """
    before = prefix_of(path.name)
    try:
        return sorted(
            other
            for other in path.parent.iterdir()
            if other.name.startswith(before) and other.name.endswith(SUFFIX)
        )
    except OSError as error:
        raise OutputError(f"{path.parent}: cannot be read: {reason(error)}") from error


def clear_leftovers(path: Path) -> None:
    """Delete the leftovers of ``path`` that no process is writing any more."""
    with contextlib.suppress(OSError, OutputError):
        for file in leftovers(path):
            if _is_abandoned(file):
                file.unlink()


def _is_abandoned(file: Path) -> bool:
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        old = time.time() - status.st_mtime > _FRESH
        return stat.S_ISREG(status.st_mode) and old and try_lock(descriptor)
    finally:
        os.close(descriptor)
