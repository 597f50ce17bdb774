"""Locks between processes of abclm: on a file while it is written, on a folder while in use."""

import contextlib
import errno
import hashlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from abclm.errors import OutputError
from abclm.files.folders import lock_folder

if sys.platform != "win32":  # it has no such locks; nothing is locked there
    import fcntl

__all__ = ["claimed", "locked", "try_lock"]

Waiting = Callable[[str], None]
"""Called with a line to show while waiting for a lock."""

_PATIENCE = 30.0
_SILENCE = 1.0
"""Seconds of waiting after which the lock is given up, and after which a line is shown."""
_STEP = 0.02
"""Seconds between two tries, too short to be noticed."""


@contextlib.contextmanager
def locked(
    path: Path, waiting: Waiting | None = None, *, patience: float = _PATIENCE
) -> Iterator[None]:
    """Hold the lock on ``path``; other processes that ask for it wait.

    The lock is on an empty file in the user's lock folder, or on the folder of ``path`` if there is
    none, and ends with the process. Hold it only while a file is written.

    Raises:
        OutputError: another process has held the lock for ``patience`` seconds.
    """
    descriptor = _open_lock(Path(os.path.realpath(path)))
    if descriptor is None:
        yield
        return
    try:
        _wait(descriptor, path, waiting, patience)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[bool]:
    """Claim ``folder`` while working in it; yield false if another process has claimed it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        # It is missing or unreadable; the code that works in it will report that.
        yield True
        return
    try:
        yield _is_ours(descriptor)
    finally:
        os.close(descriptor)


def _open_lock(target: Path) -> int | None:
    """Open the file or folder that carries the lock on ``target``; None if there is none."""
    if sys.platform == "win32":
        return None
    folder = lock_folder()
    if folder is not None:
        name = hashlib.sha256(os.fsencode(target)).hexdigest()[:32]
        with contextlib.suppress(OSError):
            return _open_regular(folder / f"{name}.lock")
    with contextlib.suppress(OSError):
        return os.open(target.parent, os.O_RDONLY)
    return None


def _open_regular(path: Path) -> int:
    """Open the file ``path``, created if needed; it is not truncated, and links are not followed.

    Raises:
        OSError: it cannot be opened, or is not a regular file of the user's.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(path, flags, 0o600)
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
        return descriptor
    os.close(descriptor)
    raise PermissionError


def _wait(descriptor: int, path: Path, waiting: Waiting | None, patience: float) -> None:
    began = time.monotonic()
    announced = waiting is None
    while not _is_ours(descriptor):
        waited = time.monotonic() - began
        if waited > patience:
            raise OutputError(
                f"{path}: another abclm process has been writing it for {patience:.0f} seconds: "
                "try again when it is done"
            )
        if waited > _SILENCE and not announced and waiting is not None:
            waiting(f"waiting for another abclm process that is writing {path}")
            announced = True
        time.sleep(_STEP)


def try_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed; false if another process has locked it.

    Raises:
        OSError: the system or the file system has no locks.
    """
    if sys.platform == "win32":
        raise OSError(errno.ENOLCK, "no locks")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_ours(descriptor: int) -> bool:
    """Lock an open file; true if that succeeds, or if the system has no locks."""
    try:
        return try_lock(descriptor)
    except OSError:
        return True
