"""The ledger: every tune that was made and how, in an SQLite file of the user.

Each tune is one row, written in a transaction, so a process that is killed leaves the rows before
it whole; write-ahead logging lets two processes write at once, one waiting for the other.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from abclm.errors import InputError, LedgerError, OutputError
from abclm.files import locked

__all__ = ["FORMAT", "Entry", "Ledger", "LoggedTune"]

FORMAT: Final = 1
"""The number of the schema, kept in the file's ``user_version``."""

_WAIT: Final = 10.0
"""Seconds for which one process waits for another that is writing."""

_SCHEMA: Final = """
CREATE TABLE tunes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  parent INTEGER REFERENCES tunes(id),
  made TEXT NOT NULL,
  command TEXT NOT NULL,
  prompt TEXT NOT NULL,
  settings TEXT NOT NULL,
  seed INTEGER NOT NULL,
  number INTEGER NOT NULL,
  checkpoint TEXT NOT NULL,
  text TEXT NOT NULL,
  title TEXT,
  book TEXT
)
"""
_INDEX: Final = "CREATE INDEX tunes_by_parent ON tunes(parent)"
_COLUMNS: Final = (
    "id, parent, made, command, prompt, settings, seed, number, checkpoint, text, title, book"
)
_WITH_ANCESTORS: Final = f"""
WITH RECURSIVE shown(id, parent) AS (
  SELECT id, parent FROM (SELECT id, parent FROM tunes ORDER BY id DESC LIMIT ?)
  UNION
  SELECT tunes.id, tunes.parent FROM tunes JOIN shown ON tunes.id = shown.parent
)
SELECT {_COLUMNS} FROM tunes WHERE id IN (SELECT id FROM shown) ORDER BY id
"""  # noqa: S608 - nothing in it comes from outside
_WITH_DESCENDANTS: Final = f"""
WITH RECURSIVE shown(id) AS (
  SELECT ?
  UNION
  SELECT tunes.id FROM tunes JOIN shown ON tunes.parent = shown.id
)
SELECT {_COLUMNS} FROM tunes WHERE id IN (SELECT id FROM shown) ORDER BY id
"""  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class Entry:
    """A tune to be logged, with all that is needed to make it again.

    Attributes:
        text: ABC without ``X:``.
        command: what made it, such as ``generate`` or ``tweak``.
        prompt: the text it starts from, or the tune that was worked on.
        settings: options by name, as JSON can hold them.
        seed, number: of its random numbers.
        checkpoint: the sha256 of the weights.
        parent: id of the tune it was made from.
    """

    text: str
    command: str
    prompt: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    number: int = 0
    checkpoint: str = ""
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedTune:
    """A tune in the ledger.

    Attributes:
        id: its number.
        made: when, in UTC, such as ``2026-02-01T12:00:00Z``.
        entry: how.
        title, book: under which title and in which tunebook it was kept, if it was.
    """

    id: int
    made: str
    entry: Entry
    title: str | None = None
    book: str | None = None


class Ledger:
    """An open ledger; a context manager that closes it.

    Args:
        path: its file, made where it is missing, with its folder.
        waiting: is given a line to show while another process makes the file.

    Raises:
        LedgerError: it cannot be opened or is none; so does every method that cannot do its work.
    """

    def __init__(self, path: Path, waiting: Callable[[str], None] | None = None) -> None:
        self.path = path
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
        try:
            # SQLite does not wait for a process that is just making the file.
            with self._translated(), locked(path, waiting):
                self._connection.execute("PRAGMA foreign_keys = ON")
                self._prepare()
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

    def add(self, entry: Entry) -> int:
        """Log one tune; its id.

        Raises:
            InputError: there is no tune with the id of its parent.
        """
        return self.add_all([entry])[0]

    def add_all(self, entries: Sequence[Entry]) -> list[int]:
        """Log several tunes, all of them or none; their ids.

        Raises:
            InputError: there is no tune with the id of a parent.
        """
        made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for parent in {entry.parent for entry in entries} - {None}:
            self.get(parent or 0)
        with self._transaction():
            return [self._insert(entry, made) for entry in entries]

    def get(self, tune: int) -> LoggedTune:
        """The tune with the id ``tune``.

        Raises:
            InputError: there is none; the message says which there are.
        """
        with self._translated():
            row = self._connection.execute(
                f"SELECT {_COLUMNS} FROM tunes WHERE id = ?",  # noqa: S608 - as above
                (tune,),
            ).fetchone()
            if row is not None:
                return _logged(row)
            last = self._connection.execute("SELECT MAX(id) FROM tunes").fetchone()[0]
        there_are = f"it has 1 to {last}" if last else "it has none yet"
        raise InputError(f"no tune {tune} in the ledger: {there_are}")

    def find(self, text: str, title: str, book: Path) -> int | None:
        """The last tune with this ``text``; else the last one kept under ``title`` in ``book``."""
        same = "SELECT MAX(id) FROM tunes WHERE text = ?"
        kept = "SELECT MAX(id) FROM tunes WHERE title = ? AND book = ?"
        with self._translated():
            for sql, values in ((same, (text,)), (kept, (title, str(book.resolve())))):
                found = self._connection.execute(sql, tuple(map(_utf8, values))).fetchone()[0]
                if found is not None:
                    return int(found)
        return None

    def keep(self, tune: int, title: str, book: Path) -> None:
        """Note that a tune was kept under ``title`` in ``book``.

        Raises:
            InputError: there is no such tune.
        """
        self.get(tune)
        with self._transaction():
            self._connection.execute(
                "UPDATE tunes SET title = ?, book = ? WHERE id = ?",
                (_utf8(title), _utf8(str(book.resolve())), tune),
            )

    def history(self, limit: int = 20, of: int | None = None) -> list[tuple[int, LoggedTune]]:
        """Tunes as a tree: each behind the one it was made from, with its depth.

        Args:
            limit: so many of the last tunes, and those that they were made from.
            of: the tune with this id and all that was made from it instead.

        Raises:
            InputError: there is no tune ``of``.
        """
        if of is not None:
            self.get(of)
        sql, value = (_WITH_ANCESTORS, limit) if of is None else (_WITH_DESCENDANTS, of)
        with self._translated():
            return _tree([_logged(row) for row in self._connection.execute(sql, (value,))])

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

    def _prepare(self) -> None:
        if self._version() == FORMAT:
            return
        if self._version() > FORMAT:
            raise LedgerError(f"{self.path}: made by a newer abclm: update abclm")
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self._transaction():
            # Another process may have made the table since.
            if self._version() == 0:
                self._connection.execute(_SCHEMA)
                self._connection.execute(_INDEX)
                self._connection.execute(f"PRAGMA user_version = {FORMAT}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

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
            raise LedgerError(f"{self.path}: the ledger cannot be used: {error}") from error
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise LedgerError(f"{self.path}: the ledger cannot be used: {reason}") from error


def _logged(row: Sequence[Any]) -> LoggedTune:
    number, parent, made, command, prompt, settings, seed, nth, checkpoint, text, title, book = row
    entry = Entry(text, command, prompt, json.loads(settings), seed, nth, checkpoint, parent)
    return LoggedTune(number, made, entry, title, book)


def _tree(tunes: Sequence[LoggedTune]) -> list[tuple[int, LoggedTune]]:
    """Depth first, in the order of ids; what has no parent among ``tunes`` stands at depth 0."""
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
    """``text`` with what is no character, such as a broken byte of a command line, escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
