"""Reads files of a checkpoint, which may come from anybody."""

from pathlib import Path

from abclm.errors import CheckpointError, InputError
from abclm.untrusted.bounded import read_bounded

__all__ = ["read_stored"]


def read_stored(path: Path, most: int) -> bytes:
    """Read the file ``path``, of at most ``most`` bytes.

    Raises:
        CheckpointError: it is missing, unreadable, larger, or not a file.
    """
    try:
        return read_bounded(path, most)
    except InputError as error:
        raise CheckpointError(str(error)) from error
