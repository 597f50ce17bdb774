"""A tunebook that is shown while its file changes: its page, and the version of that page."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import abclm
from abclm.errors import AbclmError

__all__ = ["LiveBook"]

BuildPage = Callable[[abclm.Tunebook, str], str]
"""Makes the page of a book; the second argument is its version."""


class LiveBook:
    """The page of a tunebook, made anew when the file has changed; safe to use from many threads.

    A file that cannot be read any more leaves the page as it was.

    Args:
        path: the tunebook.
        build: makes the page.
        report: takes a line when the page changes or cannot be made.

    Raises:
        AbclmError: the file cannot be read, or has no tunes.
    """

    def __init__(self, path: Path, build: BuildPage, report: Callable[[str], None]) -> None:
        self._path = path
        self._build = build
        self._report = report
        self._lock = threading.Lock()
        self._stamp = self._read_stamp()
        self._made_from = ""
        self._version, self._page = self._make()

    @property
    def version(self) -> str:
        """The version of the page; it changes with the text of the file."""
        with self._lock:
            self._refresh()
            return self._version

    @property
    def page(self) -> str:
        """The page."""
        with self._lock:
            self._refresh()
            return self._page

    def _refresh(self) -> None:
        stamp = self._read_stamp()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            version, page = self._make()
        except AbclmError as error:
            self._report(f"the page stays as it was: {error}")
            return
        if version != self._version:
            self._version, self._page = version, page
            self._report(f"{self._path} has changed: the page is new")

    def _make(self) -> tuple[str, str]:
        book = abclm.read(self._path)
        version = hashlib.sha256(book.text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        if version == self._made_from:
            return version, self._page
        page = self._build(book, version)
        self._made_from = version
        return version, page

    def _read_stamp(self) -> tuple[int, int]:
        """Return what changes with the file: the time of its change, and its size."""
        try:
            status = self._path.stat()
        except OSError:
            return 0, 0
        return status.st_mtime_ns, status.st_size
