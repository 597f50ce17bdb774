"""Writing files atomically: whole or not at all.

A file is replaced by a new one written beside it, which takes over owner, mode and access list. A
file that cannot be replaced without loss (it has hard links, belongs to somebody else, or is in a
folder that cannot be written) is overwritten, with a copy of the old content kept meanwhile.
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
    """Check that ``path`` can be written, before any work is done.

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
    """Write ``data`` to ``path``, whole or not at all; a string is written as UTF-8.

    A reader sees, and a crash or a full disk leaves, either the old file or the new one. A symbolic
    link is followed; an existing file keeps its owner, permissions and hard links. Pipes and
    devices are written to directly.

    Args:
        path: the file to write.
        data: its new content.
        instead_of: its expected current content; None to skip that check.

    Raises:
        ChangedError: the file does not hold ``instead_of``.
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
    """Replace ``target``; return false, without a change, if links or owner would be lost."""
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
    """Restore ``before``, and then delete its copy ``saved``.

    Raises:
        OSError: it cannot be restored; ``saved`` stays.
    """
    try:
        _overwrite(descriptor, before)
    except OSError as error:
        raise OSError(error.errno, f"{reason(error)}; what it was is in {saved}") from error
    saved.unlink()


def _overwrite(descriptor: int, content: bytes) -> None:
    """Replace the content of an open file; if the disk is too full, it stays as it was."""
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
        raise ChangedError(
            f"{target}: not written: it was changed in the meantime by another program"
        )
