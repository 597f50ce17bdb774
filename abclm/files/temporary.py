"""Temporary files that become real ones, and copies of what is to be kept."""

import contextlib
import errno
import os
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

__all__ = ["SUFFIX", "Temporary", "copy_beside", "keep_beside", "keep_somewhere", "prefix_of"]

SUFFIX = ".part"
_MOST_COPIES = 10_000
_LONGEST = 120
"""Bytes of a name that its temporary files have in theirs: a name has its limit."""


class Temporary:
    """A new file beside ``target``, to be written, and put in its place or taken away; a context.

    Its mode is that of any new file if none is given. It is locked while it is open: one that is
    not was left by a process that was killed.

    Raises:
        OSError: it cannot be made; so does every method that cannot do its work.
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
        """Give it the owner, the mode and the access list of ``target``; false if it cannot be."""
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
        """Write all of it, down to the disk."""
        write_all(self._descriptor, content)
        os.fchmod(self._descriptor, self._mode)
        os.fsync(self._descriptor)

    def replace(self, target: Path) -> None:
        """Put it in the place of ``target``."""
        self.path.replace(target)

    def link(self, target: Path) -> None:
        """Call it ``target``, too.

        Raises:
            FileExistsError: there is something called that.
        """
        try:
            os.link(self.path, target)
        except FileExistsError:
            raise
        except OSError:
            # A file system without hard links: the name is taken first.
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            self.path.replace(target)


def keep_beside(file: Path, data: bytes) -> Path:
    """The same as `copy_beside`, for a user who is to find it.

    Raises:
        OutputError: it cannot be written; nothing of it is left then.
    """
    try:
        return copy_beside(file, data)
    except OSError as error:
        raise OutputError(f"{file}.bak: cannot be written: {reason(error)}") from error


def copy_beside(file: Path, data: bytes) -> Path:
    """Write ``data`` beside ``file`` as ``FILE.bak``, or ``FILE.bak2`` and so on if that is there.

    It gets the owner and the mode of ``file``.

    Raises:
        OSError: it cannot be written; nothing of it is left then.
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


def keep_somewhere(name: str, data: bytes, *beside: Path) -> Path:
    """Write ``data`` as a new file in the first folder that takes it; where it is.

    Args:
        name: of the file; a number is added where that is taken.
        data: what a person must not lose.
        beside: folders to try before the user's own and that for temporary files.

    Raises:
        OutputError: no folder takes it.
    """
    kept = data_folder() / "kept"
    for folder in (*beside, kept, Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            if folder is kept:
                folder.mkdir(parents=True, exist_ok=True)
            return _keep_in(folder, name, data, None if folder in beside else 0o600)
    raise OutputError(f"{name}: there is no folder that it could be written to")


def prefix_of(name: str) -> str:
    """How the names of temporary files begin that stand for a file called ``name``."""
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
    except (AttributeError, OSError):  # a system or a file system without them
        return []


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
