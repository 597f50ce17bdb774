"""Temporary files that become the real ones, and backup copies."""

import contextlib
import errno
import os
import re
import stat
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from abclm.errors import OutputError
from abclm.files.folders import data_folder
from abclm.files.locks import try_lock
from abclm.files.reading import reason
from abclm.files.streams import write_all

__all__ = [
    "SUFFIX",
    "Temporary",
    "backups_of",
    "copy_beside",
    "keep_beside",
    "keep_somewhere",
    "prefix_of",
]

SUFFIX = ".part"
_MOST_COPIES = 10_000
"""The largest number in the name of a copy; the names are tried one after the other."""
_LONGEST = 120
"""Bytes of a file's name used in those of its temporary files, so that these are not too long."""


class Temporary:
    """A temporary file beside ``target``, which may replace it; a context manager that deletes it.

    Without ``mode`` it gets the mode of any new file. It is locked while it is open, so an unlocked
    one was left behind by a process that was killed.

    Raises:
        OSError: it cannot be created; all methods may raise it, too.
    """

    def __init__(self, target: Path, mode: int | None = None) -> None:
        self._descriptor, name = tempfile.mkstemp(SUFFIX, prefix_of(target.name), target.parent)
        self.path = Path(name)
        self._mode = 0o666 & ~_umask() if mode is None else mode
        with contextlib.suppress(OSError):
            try_lock(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)
        with contextlib.suppress(OSError):
            self.path.unlink()

    def take_over(self, target: Path, status: os.stat_result) -> bool:
        """Copy owner, mode and access list from ``target``; false if the owner cannot be set."""
        self._mode = stat.S_IMODE(status.st_mode)
        own = os.fstat(self._descriptor)
        if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
            try:
                os.fchown(self._descriptor, status.st_uid, status.st_gid)
            except OSError:
                return False
        for name in _attributes(target):
            with contextlib.suppress(OSError):
                os.setxattr(self._descriptor, name, os.getxattr(target, name))
        return True

    def write(self, content: bytes) -> None:
        """Write ``content``, and wait until it is on the disk."""
        write_all(self._descriptor, content)
        os.fchmod(self._descriptor, self._mode)
        os.fsync(self._descriptor)

    def replace(self, target: Path) -> None:
        """Rename it to ``target``, which is replaced."""
        self.path.replace(target)

    def link(self, target: Path) -> None:
        """Give it the name ``target``, which must not exist.

        Raises:
            FileExistsError: ``target`` exists.
        """
        try:
            os.link(self.path, target)
        except FileExistsError:
            raise
        except OSError:
            # On a file system without hard links the name is reserved first.
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            self.path.replace(target)


def keep_beside(file: Path, data: bytes) -> Path:
    """Write a backup as `copy_beside` does, with an error for the user.

    Raises:
        OutputError: it cannot be written; no part of it is left.
    """
    try:
        return copy_beside(file, data)
    except OSError as error:
        raise OutputError(f"{file}.bak: cannot be written: {reason(error)}") from error


def copy_beside(file: Path, data: bytes) -> Path:
    """Write ``data`` beside ``file`` as ``FILE.bak``, or ``FILE.bak2`` and so on if that exists.

    The copy gets the owner and the mode of ``file``.

    Raises:
        OSError: it cannot be written; no part of it is left.
    """
    with Temporary(file) as temporary:
        temporary.take_over(file, file.stat())
        temporary.write(data)
        names = (f"{file.name}.bak{number}" for number in ("", *range(2, _MOST_COPIES)))
        for name in names:
            path = file.with_name(name)
            with contextlib.suppress(FileExistsError):
                temporary.link(path)
                return path
    raise OSError(errno.EEXIST, "there are too many of them")


def backups_of(file: Path) -> list[Path]:
    """Return the backups beside ``file`` that `copy_beside` wrote, the newest first."""
    pattern = re.compile(re.escape(file.name) + r"\.bak(\d{0,5})")
    found: list[tuple[int, int, Path]] = []
    with contextlib.suppress(OSError):
        for path in file.parent.iterdir():
            match = pattern.fullmatch(path.name)
            if match and path.is_file():
                found.append((path.stat().st_mtime_ns, int(match[1] or 1), path))
    return [path for *_, path in sorted(found, reverse=True)]


def keep_somewhere(name: str, data: bytes, *beside: Path) -> Path:
    """Write ``data`` as a new file in the first folder where that works; return its path.

    Args:
        name: the name of the file; a number is added if it exists.
        data: what the user must not lose.
        beside: folders to try before the data folder and the folder for temporary files.

    Raises:
        OutputError: it cannot be written to any folder.
    """
    kept = data_folder() / "kept"
    for folder in (*beside, kept, Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            if folder is kept:
                folder.mkdir(parents=True, exist_ok=True)
            return _keep_in(folder, name, data, None if folder in beside else 0o600)
    raise OutputError(f"{name}: there is no folder that it could be written to")


def prefix_of(name: str) -> str:
    """Return the prefix of the names of temporary files for a file called ``name``."""
    return f".{os.fsdecode(os.fsencode(name)[:_LONGEST])}."


def _keep_in(folder: Path, name: str, data: bytes, mode: int | None) -> Path:
    stem, suffix = Path(name).stem, Path(name).suffix
    with Temporary(folder / name, mode) as temporary:
        temporary.write(data)
        number = 1
        while True:
            path = folder / (f"{stem}-{number}{suffix}" if number > 1 else name)
            try:
                temporary.link(path)
            except FileExistsError:
                number += 1
            else:
                return path


def _attributes(path: Path) -> list[str]:
    try:
        return os.listxattr(path)
    except (AttributeError, OSError):  # the system or the file system has none
        return []


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
