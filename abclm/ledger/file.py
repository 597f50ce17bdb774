"""Opens or creates the ledger's SQLite file, and checks that abclm made it.

The file may come from anybody. SQLite runs the code in a file's schema, so a ledger may have no
views, triggers or computed columns; extensions cannot be loaded, and the size of values is limited.
"""

import sqlite3
from pathlib import Path
from typing import Final

from abclm.errors import LedgerError
from abclm.ledger.row import COLUMNS

__all__ = ["connect", "has_stars", "make_or_check", "make_stars"]

_FORMAT: Final = 1
"""The number of the schema, kept in the file's ``user_version``."""

_WAIT: Final = 10.0
"""Seconds for which one process waits for another that is writing."""

_MOST_BYTES: Final = 4 * 2**20
"""The largest size of one value."""

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
_STARS: Final = "CREATE TABLE IF NOT EXISTS stars (tune INTEGER PRIMARY KEY)"
"""The starred tunes; a ledger of an earlier version gets the table with its first star."""
_INDEX: Final = "CREATE INDEX tunes_by_parent ON tunes(parent)"


def connect(path: Path) -> sqlite3.Connection:
    """Connect to the file ``path``, which is created if missing.

    Raises:
        LedgerError: the path is not a file.
        sqlite3.Error: it cannot be opened.
    """
    if path.exists() and not path.is_file():
        raise LedgerError(f"{path}: the ledger cannot be used: is not a file")
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    # Invalid UTF-8 is found when its row is read: one such row must not hide the others.
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    return connection


def make_or_check(connection: sqlite3.Connection, path: Path) -> None:
    """Create the table in an empty file, and check that any other file is a ledger.

    Raises:
        LedgerError: it is not one.
        sqlite3.Error: it is not a database, or cannot be read or written.
    """
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA foreign_keys = ON")
    if _version(connection) == 0:
        _make(connection, path)
    if _version(connection) > _FORMAT:
        raise LedgerError(f"{path}: made by a newer abclm: update abclm")
    _check(connection, path)


def has_stars(connection: sqlite3.Connection) -> bool:
    """Return whether the ledger has a table of starred tunes."""
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'stars'"
    return connection.execute(sql).fetchone() is not None


def make_stars(connection: sqlite3.Connection) -> None:
    """Create that table if it is missing."""
    connection.execute(_STARS)


def _make(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
        raise LedgerError(f"{path}: is not an abclm ledger but another database")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have created the table in the meantime.
        if _version(connection) == 0:
            connection.execute(_SCHEMA)
            connection.execute(_INDEX)
            connection.execute(_STARS)
            connection.execute(f"PRAGMA user_version = {_FORMAT}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check(connection: sqlite3.Connection, path: Path) -> None:
    for kind, name in connection.execute("SELECT type, name FROM sqlite_master"):
        if kind in {"view", "trigger"}:
            raise LedgerError(f"{path}: is not an abclm ledger: it has the {kind} {name!r:.40}")
    columns = connection.execute("SELECT name, hidden FROM pragma_table_xinfo('tunes')").fetchall()
    missing = sorted(set(COLUMNS).difference(name for name, _ in columns))
    if missing:
        raise LedgerError(f"{path}: is not an abclm ledger: it has no column {missing[0]}")
    computed = [name for name, hidden in columns if hidden]
    if computed:
        raise LedgerError(f"{path}: is not an abclm ledger: it computes {computed[0]!r:.40}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
