"""Files of a checkpoint, which anybody may have made: read only if regular and not too large."""

from pathlib import Path

from abclm.errors import CheckpointError, InputError
from abclm.files import read_bytes

__all__ = ["read_stored"]

_UNITS = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def read_stored(path: Path, most: int) -> bytes:
    """The bytes of the file ``path``, of which there are ``most`` at most.

    Raises:
        CheckpointError: it is missing, unreadable, larger, or something else than a file: to open
            a pipe could wait forever, and a device has no end.
    """
    try:
        if path.exists() and not path.is_file():
            raise CheckpointError(f"{path}: cannot be read: is not a file")
        if path.is_file() and path.stat().st_size > most:
            raise CheckpointError(f"{path}: is larger than {_size(most)}")
        return read_bytes(path)
    except InputError as error:
        raise CheckpointError(str(error)) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CheckpointError(f"{path}: cannot be read: {reason}") from error


def _size(count: int) -> str:
    fitting = (f"{count // unit} {name}" for unit, name in _UNITS if count >= unit)
    return next(fitting, f"{count} bytes")
