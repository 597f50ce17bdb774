"""The ledger: every tune that was made and how, in an SQLite file of the user.

Each tune is one row, written in a transaction, so if a process is killed, earlier rows stay intact.
Write-ahead logging lets two processes write at once, one waiting for the other.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from abclm.errors import InputError, LedgerError, OutputError
from abclm.files import locked
from abclm.ledger.file import connect, has_stars, make_or_check, make_stars
from abclm.ledger.row import COLUMNS, Entry, LoggedTune, read_row

__all__ = ["Entry", "Ledger", "LoggedTune"]

_MOST_ID: Final = 2**63 - 1
"""The largest integer of SQLite."""
_ONE: Final = f"SELECT {', '.join(COLUMNS)} FROM tunes WHERE id = ?"  # noqa: S608 - our own names
_IS_THERE: Final = "SELECT 1 FROM tunes WHERE id = ?"
# A parent is followed only if it is an integer: another value may be larger than memory.
_WITH_ANCESTORS: Final = """
WITH RECURSIVE shown(id) AS (
  SELECT id FROM (SELECT id FROM tunes ORDER BY id DESC LIMIT ?)
  UNION
  SELECT tunes.parent FROM tunes JOIN shown ON tunes.id = shown.id
  WHERE typeof(tunes.parent) = 'integer'
)
SELECT id FROM shown WHERE id IN (SELECT id FROM tunes) ORDER BY id
"""
_WITH_DESCENDANTS: Final = """
WITH RECURSIVE shown(id) AS (
  SELECT ?
  UNION
  SELECT tunes.id FROM tunes JOIN shown ON tunes.parent = shown.id
)
SELECT id FROM shown ORDER BY id
"""


class Ledger:
    """An open ledger, and a context manager that closes it.

    Args:
        path: its file, created with its folder if missing.
        waiting: called with a line to show while another process creates the file.

    Raises:
        LedgerError: it cannot be opened or is not a ledger; any method raises this if it fails.
    """

    def __init__(self, path: Path, waiting: Callable[[str], None] | None = None) -> None:
        self.path = path
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = connect(path)
        try:
            # SQLite does not wait for another process that is creating the file.
            with self._translated(), locked(path, waiting):
                make_or_check(self._connection, path)
        except LedgerError:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add_all(self, entries: Sequence[Entry]) -> list[int]:
        """Log several tunes, all of them or none, and return their ids.

        Raises:
            InputError: there is no tune with the id of a parent.
        """
        made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for entry in entries:
            if entry.parent is not None:
                self._check(entry.parent)
        with self._transaction():
            return [self._insert(entry, made) for entry in entries]

    def get(self, tune: int) -> LoggedTune:
        """Return the tune with the id ``tune``.

        Raises:
            InputError: there is none; the message says which ids exist.
            LedgerError: its row is damaged.
        """
        self._check(tune)
        with self._translated():
            try:
                row = self._connection.execute(_ONE, (tune,)).fetchone()
            except sqlite3.DataError as error:
                raise LedgerError(f"tune {tune} is damaged in the ledger: {error}") from error
        if row is None:
            raise LedgerError(
                f"tune {tune} is damaged in the ledger: its row cannot be found by its id"
            )
        found = read_row(row)
        return replace(found, starred=True) if tune in self._stars() else found

    def last(self) -> LoggedTune | None:
        """Return the tune that was logged last, or None if there is none.

        Raises:
            LedgerError: its row is damaged.
        """
        with self._translated():
            last = self._connection.execute("SELECT MAX(id) FROM tunes").fetchone()[0]
        return None if last is None else self.get(last)

    def find(self, text: str, title: str, book: Path) -> int | None:
        """The last tune with this ``text``, else the last one kept as ``title`` in ``book``."""
        same = "SELECT MAX(id) FROM tunes WHERE text = ?"
        kept = "SELECT MAX(id) FROM tunes WHERE title = ? AND book = ?"
        with self._translated():
            for sql, values in ((same, (text,)), (kept, (title, str(book.resolve())))):
                found = self._connection.execute(sql, tuple(map(_utf8, values))).fetchone()[0]
                if found is not None:
                    return int(found)
        return None

    def star(self, tune: int, *, starred: bool) -> None:
        """Mark a tune with a star, or take its star away.

        Raises:
            InputError: there is no such tune.
        """
        self._check(tune)
        sql = "INSERT OR IGNORE INTO stars VALUES (?)"
        with self._transaction():
            make_stars(self._connection)
            self._connection.execute(
                sql if starred else "DELETE FROM stars WHERE tune = ?", (tune,)
            )

    def search(
        self,
        words: str = "",
        limit: int = 20,
        *,
        starred: bool = False,
        on_damaged: Callable[[str], None] = lambda _reason: None,
    ) -> list[tuple[int, LoggedTune]]:
        """Return the latest tunes that match, as a tree of these alone, with their depth.

        Args:
            words: what must all be in the header of a tune, its title in a book, or its command;
                case does not matter.
            limit: the most tunes.
            starred: whether they must have a star.
            on_damaged: called with a message for each damaged row, which is left out.
        """
        wanted = words.lower().split()
        with self._translated():
            ids = [row[0] for row in self._connection.execute("SELECT id FROM tunes")]
        if starred:
            ids = [tune for tune in ids if tune in self._stars()]
        found: list[LoggedTune] = []
        for tune in sorted(ids, reverse=True):
            if len(found) == limit:
                break
            try:
                one = self.get(tune)
            except (InputError, LedgerError) as error:
                on_damaged(str(error))
                continue
            if one.matches(wanted):
                found.append(one)
        return _tree(found[::-1])

    def keep(self, tune: int, title: str, book: Path) -> None:
        """Record that a tune was kept as ``title`` in ``book``.

        Raises:
            InputError: there is no such tune.
        """
        self._check(tune)
        with self._transaction():
            self._connection.execute(
                "UPDATE tunes SET title = ?, book = ? WHERE id = ?",
                (_utf8(title), _utf8(str(book.resolve())), tune),
            )

    def history(
        self,
        limit: int = 20,
        of: int | None = None,
        on_damaged: Callable[[str], None] = lambda _reason: None,
    ) -> list[tuple[int, LoggedTune]]:
        """Return tunes as a tree: each after its parent, with its depth.

        Args:
            limit: the number of latest tunes, which come with their ancestors.
            of: the id of a tune, to return it and its descendants instead.
            on_damaged: called with a message for each damaged row, which is left out.

        Raises:
            InputError: there is no tune ``of``.
        """
        if of is not None:
            self._check(of)
        limit = min(limit, _MOST_ID)
        sql, value = (_WITH_ANCESTORS, limit) if of is None else (_WITH_DESCENDANTS, of)
        with self._translated():
            ids = [row[0] for row in self._connection.execute(sql, (value,))]
        tunes: list[LoggedTune] = []
        for tune in ids:
            try:
                tunes.append(self.get(tune))
            except (InputError, LedgerError) as error:
                on_damaged(str(error))
        return _tree(tunes)

    def _stars(self) -> frozenset[int]:
        """The ids of the tunes with a star."""
        with self._translated():
            if not has_stars(self._connection):
                return frozenset()
            return frozenset(row[0] for row in self._connection.execute("SELECT tune FROM stars"))

    def _check(self, tune: int) -> None:
        """Check that there is a tune with the id ``tune``; its row may be damaged."""
        with self._translated():
            if 0 < tune <= _MOST_ID and self._connection.execute(_IS_THERE, (tune,)).fetchone():
                return
            last = self._connection.execute("SELECT MAX(id) FROM tunes").fetchone()[0]
        there_are = f"it has 1 to {last}" if last else "it has none yet"
        raise InputError(f"no tune {tune} in the ledger: {there_are}")

    def _insert(self, entry: Entry, made: str) -> int:
        cursor = self._connection.execute(
            "INSERT INTO tunes (parent, made, command, prompt, settings, seed, number, checkpoint,"
            " text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.parent,
                made,
                entry.command,
                _utf8(entry.prompt),
                json.dumps(dict(entry.settings), sort_keys=True),
                entry.seed,
                entry.number,
                entry.checkpoint,
                _utf8(entry.text),
            ),
        )
        return int(cursor.lastrowid or 0)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, OutputError) as error:
            reason = " ".join(str(error).split())
            raise LedgerError(f"{self.path}: the ledger cannot be used: {reason}") from error
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise LedgerError(f"{self.path}: the ledger cannot be used: {reason}") from error


def _tree(tunes: Sequence[LoggedTune]) -> list[tuple[int, LoggedTune]]:
    """The tunes depth first, ordered by id; one whose parent is not in ``tunes`` has depth 0."""
    known = {tune.id for tune in tunes}
    children: dict[int | None, list[LoggedTune]] = {}
    for tune in tunes:
        parent = tune.entry.parent if tune.entry.parent in known else None
        children.setdefault(parent, []).append(tune)
    result: list[tuple[int, LoggedTune]] = []
    waiting = [(0, tune) for tune in reversed(children.get(None, []))]
    while waiting:
        depth, tune = waiting.pop()
        result.append((depth, tune))
        waiting += [(depth + 1, child) for child in reversed(children.get(tune.id, []))]
    return result


def _utf8(text: str) -> str:
    """``text`` with lone surrogates, such as a broken byte of a command line, escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
