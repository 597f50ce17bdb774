"""Files of a checkpoint, which anybody may have made."""

from pathlib import Path

from abclm.errors import CheckpointError, InputError
from abclm.untrusted.bounded import read_bounded

__all__ = ["read_stored"]


def read_stored(path: Path, most: int) -> bytes:
    """The bytes of the file ``path``, of which there are ``most`` at most.

    Raises:
        CheckpointError: it is missing, unreadable, larger, or something else than a file.
    """
    try:
        return read_bounded(path, most)
    except InputError as error:
        raise CheckpointError(str(error)) from error
