"""Reading a file only if it is a regular one and not too large."""

from pathlib import Path
from typing import Final

from abclm.errors import InputError

__all__ = ["read_bounded"]

_UNITS: Final = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def read_bounded(path: Path, most: int) -> bytes:
    """Read the file ``path``, which may have at most ``most`` bytes.

    Raises:
        InputError: it is missing, unreadable, larger, or not a regular file: opening a pipe could
            block forever, and a device has no end.
    """
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: cannot be read: is not a file")
        if path.stat().st_size > most:
            raise InputError(f"{path}: is larger than {_size(most)}")
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{path}: cannot be read: {reason}") from error


def _size(count: int) -> str:
    fitting = (f"{count // unit} {name}" for unit, name in _UNITS if count >= unit)
    return next(fitting, f"{count} bytes")
