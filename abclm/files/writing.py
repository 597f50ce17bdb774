"""Writing a file whole or not at all, and keeping what it was.

A file is replaced by a new one beside it, which takes over owner, mode and access list. What could
not be replaced without loss (a hard link, a file of somebody else's, one in a folder that cannot be
written) is written in its own place, with a copy of what it was beside it meanwhile.
"""

import contextlib
import os
from pathlib import Path

from abclm.errors import ChangedError, OutputError
from abclm.files.leftovers import clear_leftovers
from abclm.files.reading import reason
from abclm.files.streams import (
    check_may_be_written,
    descriptor_of,
    is_stream,
    write_all,
    write_stream,
)
from abclm.files.temporary import Temporary, copy_beside, keep_somewhere

__all__ = ["check_writable", "write_atomically"]


def check_writable(path: Path) -> None:
    """See that ``path`` can be written before work is spent on what goes there.

    Raises:
        OutputError: it is a folder, a socket or a disk, or its folder is missing or not writable.
    """
    if descriptor_of(path) is not None:
        return
    target = Path(os.path.realpath(path))
    mode = None
    try:
        with contextlib.suppress(FileNotFoundError):
            mode = target.stat().st_mode
            check_may_be_written(mode)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {reason(error)}") from error
    if not target.parent.is_dir():
        raise OutputError(f"{path}: cannot be written: no folder {path.parent}")
    if not os.access(target.parent if mode is None else target, os.W_OK):
        raise OutputError(f"{path}: cannot be written: permission denied")


def write_atomically(path: Path, data: bytes | str, *, instead_of: bytes | None = None) -> None:
    """Put ``data`` at ``path``, whole or not at all; text is written as UTF-8.

    A reader, a crash or a full disk leaves either the old file or the new one. A symbolic link is
    followed; an existing file keeps its owner, its permissions and its hard links. A pipe or a
    device is only written to.

    Args:
        path: where it goes.
        data: what goes there.
        instead_of: what is there now, as far as is known; None where that does not matter.

    Raises:
        ChangedError: something else than ``instead_of`` is there.
        OutputError: the folder is missing or not writable, the disk is full, …
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        if is_stream(path):
            write_stream(path, content)
            return
        target = Path(os.path.realpath(path))
        if not _replace(target, content, instead_of):
            _write_in_place(target, content, instead_of)
        clear_leftovers(target)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {reason(error)}") from error


def _replace(target: Path, content: bytes, instead_of: bytes | None) -> bool:
    """Replace ``target``; false, and nothing done, where something of it would be lost."""
    before = target.stat() if target.exists() else None
    if before is not None and before.st_nlink > 1:
        return False
    try:
        temporary = Temporary(target)
    except OSError:
        if before is None:
            raise
        return False
    with temporary:
        if before is not None and not temporary.take_over(target, before):
            return False
        temporary.write(content)
        _check_unchanged(target, instead_of)
        temporary.replace(target)
    return True


def _write_in_place(target: Path, content: bytes, instead_of: bytes | None) -> None:
    _check_unchanged(target, instead_of)
    with target.open("r+b") as stream:
        before = stream.read()
        saved = _save(target, before)
        try:
            _overwrite(stream.fileno(), content)
        except BaseException:
            _restore(stream.fileno(), before, saved)
            raise
    saved.unlink()


def _save(target: Path, before: bytes) -> Path:
    try:
        return copy_beside(target, before)
    except OSError as error:
        try:
            return keep_somewhere(target.name, before)
        except OutputError:
            raise error from None


def _restore(descriptor: int, before: bytes, saved: Path) -> None:
    """Put ``before`` back, which is ``saved`` until then.

    Raises:
        OSError: it cannot be put back; ``saved`` stays.
    """
    try:
        _overwrite(descriptor, before)
    except OSError as error:
        raise OSError(error.errno, f"{reason(error)}; what it was is in {saved}") from error
    saved.unlink()


def _overwrite(descriptor: int, content: bytes) -> None:
    """Make ``content`` all of an open file; where the disk is too full, leave it as it was."""
    size = os.fstat(descriptor).st_size
    if len(content) > size and hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(descriptor, 0, len(content))
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    os.lseek(descriptor, 0, os.SEEK_SET)
    write_all(descriptor, content)
    os.ftruncate(descriptor, len(content))
    os.fsync(descriptor)


def _check_unchanged(target: Path, instead_of: bytes | None) -> None:
    if instead_of is None:
        return
    try:
        now = target.read_bytes()
    except FileNotFoundError:
        now = b""
    if now != instead_of:
        raise ChangedError(f"{target}: not written: it was changed meanwhile by something else")
