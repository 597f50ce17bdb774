"""Reading and writing files so that nothing is half-written and every failure is one clear line."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from abclm.errors import InputError, OutputError

__all__ = ["check_writable", "leftovers", "locked", "read_bytes", "write_atomically"]

_TEMPORARY = ".part"


def read_bytes(path: Path) -> bytes:
    """The bytes of ``path``.

    Raises:
        InputError: it is missing, a folder or unreadable.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {_reason(error)}") from error


def check_writable(path: Path) -> None:
    """See that ``path`` can be written before work is spent on what goes there.

    Raises:
        OutputError: it is a folder, or its folder is missing or not writable.
    """
    target = path.resolve()
    if target.is_dir():
        raise OutputError(f"{path}: cannot be written: is a folder")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: cannot be written: no folder {path.parent}")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: permission denied")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes that ask for the same lock from ``path`` meanwhile; they wait.

    The lock is a file of the user's in the folder for temporary files, and ends with the process.
    Where the system has no such locks, nothing is locked.
    """
    try:
        import fcntl  # noqa: PLC0415 - only where there is one
    except ImportError:  # pragma: no cover - Windows
        yield
        return
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]
    lock = Path(tempfile.gettempdir()) / f"abclm-{os.getuid()}-{name}.lock"
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def write_atomically(path: Path, data: bytes | str) -> None:
    """Put ``data`` at ``path``, whole or not at all; text is written as UTF-8.

    A temporary file in the same folder takes the data, reaches the disk and replaces ``path``, so
    a reader, a crash or a full disk leaves either the old file or the new one. A symbolic link is
    followed, and an existing file keeps its permissions.

    Raises:
        OutputError: the folder is missing or not writable, the disk is full, …
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            # A device or a pipe (/dev/stdout) cannot be replaced, only written.
            target.write_bytes(content)
            return
        _replace(target, content)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {_reason(error)}") from error


def leftovers(path: Path) -> list[Path]:
    """The temporary files that processes killed while they wrote ``path`` have left behind.

    Raises:
        OutputError: the folder cannot be read.
    """
    before = f".{path.name}."
    try:
        return sorted(
            other
            for other in path.parent.iterdir()
            if other.name.startswith(before) and other.name.endswith(_TEMPORARY)
        )
    except OSError as error:
        raise OutputError(f"{path.parent}: cannot be read: {_reason(error)}") from error


def _replace(target: Path, content: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(_TEMPORARY, f".{target.name}.", target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
