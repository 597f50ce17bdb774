"""Paths that are not regular files: pipes, devices, and descriptors passed by a shell."""

import errno
import os
import re
import stat
import time
from pathlib import Path

__all__ = [
    "check_may_be_written",
    "descriptor_of",
    "is_stream",
    "open_to_read",
    "write_all",
    "write_stream",
]

_STANDARD_OUTPUT = "-"
_STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2, _STANDARD_OUTPUT: 1}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,6})")
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_PATIENCE = 3.0
"""Seconds to wait for the other end of a named pipe."""
_STEP = 0.02
"""Seconds between two tries, too short to be noticed."""
_NOT_WRITTEN = ((stat.S_ISDIR, "folder"), (stat.S_ISSOCK, "socket"), (stat.S_ISBLK, "disk"))


def descriptor_of(path: Path) -> int | None:
    """Return the descriptor of this process that ``path`` names, such as 1 for ``/dev/stdout``.

    ``-`` is standard output here.
    """
    match = _DESCRIPTOR.fullmatch(str(path))
    return int(match[1]) if match else _STANDARD.get(str(path))


def is_stream(path: Path) -> bool:
    """Return whether ``path`` is a pipe, device or descriptor, which cannot be read or replaced.

    Raises:
        OSError: its type cannot be determined.
    """
    if descriptor_of(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def open_to_read(path: Path) -> tuple[int, bytes]:
    """Open ``path`` for reading; return the descriptor, and bytes read to find a pipe's writer.

    Raises:
        OSError: it cannot be opened, or is a device without an end.
    """
    own = descriptor_of(path)
    if own is not None and str(path) != _STANDARD_OUTPUT:
        return os.dup(own), b""
    descriptor = os.open(path, os.O_RDONLY | _NONBLOCK)
    try:
        mode = os.fstat(descriptor).st_mode
        _check_end(descriptor, mode)
        begun = _wait_for_writer(descriptor) if stat.S_ISFIFO(mode) else b""
        os.set_blocking(descriptor, True)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, begun


def write_stream(path: Path, content: bytes) -> None:
    """Write ``content`` to a pipe, a device or a descriptor.

    Raises:
        OSError: it cannot be written, or nobody reads from the pipe.
    """
    descriptor = _open_to_write(path)
    try:
        write_all(descriptor, content)
    finally:
        os.close(descriptor)


def check_may_be_written(mode: int) -> None:
    """Check by its ``mode`` that a path is not a folder, a socket or a disk.

    Raises:
        OSError: it is one of them.
    """
    for is_kind, name in _NOT_WRITTEN:
        if is_kind(mode):
            raise OSError(errno.EINVAL, f"is a {name}")


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of ``content`` to an open file, in as many calls as it takes.

    Raises:
        OSError: it cannot be written.
    """
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _open_to_write(path: Path) -> int:
    own = descriptor_of(path)
    if own is not None:
        return os.dup(own)
    check_may_be_written(path.stat().st_mode)
    began = time.monotonic()
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | _NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() - began > _PATIENCE:
                raise OSError(errno.ENXIO, "nobody reads from this pipe") from error
            time.sleep(_STEP)
        else:
            os.set_blocking(descriptor, True)
            return descriptor


def _check_end(descriptor: int, mode: int) -> None:
    """Check that reading will end: of all devices, only a terminal and ``/dev/null`` do."""
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if stat.S_ISCHR(mode):
        nothing = Path(os.devnull).stat().st_rdev
        if os.isatty(descriptor) or os.fstat(descriptor).st_rdev == nothing:
            return
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise OSError(errno.EINVAL, "is a device")


def _wait_for_writer(descriptor: int) -> bytes:
    """Wait until a named pipe has a writer, and return the bytes read to find out.

    Once the writer has opened the pipe, there is no time limit.
    """
    began = time.monotonic()
    while True:
        try:
            begun = os.read(descriptor, 1)
        except BlockingIOError:
            return b""
        if begun:
            return begun
        if time.monotonic() - began > _PATIENCE:
            raise OSError(errno.EAGAIN, "nobody writes to this pipe")
        time.sleep(_STEP)
