"""The old version of a file, which a command that changed it left beside it."""

from collections.abc import Callable
from pathlib import Path

from abclm.errors import InputError, OutputError
from abclm.files import (
    backups_of,
    check_writable,
    is_stream,
    keep_beside,
    locked,
    read_bytes,
    reason,
    write_atomically,
)

__all__ = ["last_backup", "undo"]


def last_backup(path: Path) -> Path:
    """Return the newest backup of ``path``, such as ``tunes.abc.bak``.

    Raises:
        InputError: there is none.
    """
    found = [] if is_stream(path) else backups_of(path)
    if not found:
        raise InputError(f"{path}: no old version beside it (no {path.name}.bak)")
    return found[0]


def undo(path: Path, say: Callable[[str], None]) -> Path:
    """Put the newest backup of ``path`` back, byte for byte, and return it.

    The backup then holds what ``path`` held, so that a second call undoes the first. At every
    moment both versions are in files.

    Args:
        path: the file; if it was deleted, it is made again, and the backup stays as it is.
        say: called with a line to show while another process holds the file.

    Raises:
        InputError: there is no backup, or it cannot be read.
        OutputError: a file cannot be written; the file is then as it was.
    """
    backup = last_backup(path)
    check_writable(path)
    with locked(path, say):
        old = read_bytes(backup)
        if not path.exists():
            write_atomically(path, old, instead_of=b"")
            return backup
        now = read_bytes(path)
        copy = keep_beside(path, now)
        try:
            write_atomically(path, old, instead_of=now)
            copy.replace(backup)
        except OSError as error:
            raise OutputError(f"{backup}: cannot be written: {reason(error)}") from error
        except BaseException:
            copy.unlink()
            raise
    return backup
