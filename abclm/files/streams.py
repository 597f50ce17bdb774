"""What is not a regular file: pipes, devices, and the descriptors that a shell hands over."""

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
"""Seconds that the other end of a named pipe is waited for."""
_STEP = 0.02
_NOT_WRITTEN = ((stat.S_ISDIR, "folder"), (stat.S_ISSOCK, "socket"), (stat.S_ISBLK, "disk"))


def descriptor_of(path: Path) -> int | None:
    """The descriptor of this process that ``path`` is, such as 1 for ``/dev/stdout``.

    ``-`` is one to write to only.
    """
    match = _DESCRIPTOR.fullmatch(str(path))
    return int(match[1]) if match else _STANDARD.get(str(path))


def is_stream(path: Path) -> bool:
    """Whether ``path`` can only be written to from now on: it has nothing to read or replace.

    Raises:
        OSError: what it is cannot be found out.
    """
    if descriptor_of(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def open_to_read(path: Path) -> tuple[int, bytes]:
    """A descriptor that reads ``path``, and what was read to see that somebody writes there.

    Raises:
        OSError: it cannot be opened, or is something that has no end.
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
    """See that what has this ``mode`` can take what is written, and is not a whole disk.

    Raises:
        OSError: it cannot, or is.
    """
    for is_kind, name in _NOT_WRITTEN:
        if is_kind(mode):
            raise OSError(errno.EINVAL, f"is a {name}")


def write_all(descriptor: int, content: bytes) -> None:
    """Write ``content`` to an open file, in as many pieces as the system takes it.

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
    """See that what is read comes to an end: of devices a terminal does, and ``/dev/null``."""
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if stat.S_ISCHR(mode):
        nothing = Path(os.devnull).stat().st_rdev
        if os.isatty(descriptor) or os.fstat(descriptor).st_rdev == nothing:
            return
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise OSError(errno.EINVAL, "is a device")


def _wait_for_writer(descriptor: int) -> bytes:
    """Wait until a named pipe has a writer; what was read of it meanwhile.

    The writer, once there, may take its time.
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
