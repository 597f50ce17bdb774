"""A ledger that somebody else has changed: valid rows stay, damaged ones are named."""

import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from abclm.errors import InputError, LedgerError
from abclm.ledger.ledger import Entry, Ledger
from abclm.ledger.row import COLUMNS

TUNE = "T:t\nM:2/4\nL:1/8\nK:G\nGABc|d2d2|]\n"
ODD: tuple[Any, ...] = (
    b"\xff\x00", b"GABc", "", "{bad", "[1]", "NaN", "[" * 5000, 1.5, -1, 2**62, 10**6,
    float("inf"),
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        for parent in (None, 1, 1, 3):
            ledger.add_all([Entry(TUNE, "generate", settings={"key": "G"}, parent=parent)])
    return path


@pytest.fixture
def change(path: Path) -> Callable[..., None]:
    """Write into the file what abclm would not."""

    def execute(sql: str, *values: object) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(sql, values)
        connection.close()

    return execute


def shown(path: Path) -> tuple[list[int], list[str]]:
    """The ids of the history, and what is said of the rows that are left out."""
    damaged: list[str] = []
    with Ledger(path) as ledger:
        tunes = ledger.history(on_damaged=damaged.append)
    for line in damaged:
        assert "\n" not in line
    return [tune.id for _, tune in tunes], damaged


@pytest.mark.parametrize("column", COLUMNS[1:])
def test_one_odd_value_hides_no_other_tune(
    path: Path, change: Callable[..., None], column: str
) -> None:
    for odd in ODD:
        change(f"UPDATE tunes SET {column} = ? WHERE id = 2", odd)
        ids, damaged = shown(path)
        assert set(ids) | {2} == {1, 2, 3, 4}
        assert len(damaged) == (2 not in ids)
        with Ledger(path) as ledger:
            assert ledger.get(3).entry.text == TUNE
            for line in damaged:
                assert line.startswith("tune 2 is damaged in the ledger: ")
                with pytest.raises(LedgerError, match="tune 2 is damaged in the ledger"):
                    ledger.get(2)


def test_text_that_is_not_utf_8_is_damaged(path: Path, change: Callable[..., None]) -> None:
    change("UPDATE tunes SET text = CAST(x'eda080' AS TEXT) WHERE id = 2")
    change("UPDATE tunes SET made = CAST(x'ff' AS TEXT) WHERE id = 3")
    ids, damaged = shown(path)
    assert ids == [1, 4]
    assert [line.partition(": ")[2] for line in damaged] == [
        "text is not UTF-8",
        "made is not UTF-8",
    ]


@pytest.mark.parametrize("column", ["text", "settings", "parent", "title"])
def test_a_value_larger_than_any_of_ours_hides_no_other_tune(
    path: Path, change: Callable[..., None], column: str
) -> None:
    change(f"UPDATE tunes SET {column} = ? WHERE id = 2", "x" * (5 * 2**20))
    assert shown(path) == (
        [1, 3, 4],
        ["tune 2 is damaged in the ledger: string or blob too big"],
    )
    with Ledger(path) as ledger:
        assert ledger.add_all([Entry(TUNE, "tweak", parent=2)]) == [5]


@pytest.mark.parametrize(
    ("column", "odd", "message"),
    [
        ("settings", "[1]", "settings must be an object, not [1]"),
        ("settings", "{bad", "settings are not JSON"),
        ("settings", '{"a": NaN}', "NaN is not a JSON number"),
        ("text", b"GABc", "text must be a string, not b'GABc'"),
        ("seed", -1, "seed must be between 0 and 4294967295, not -1"),
        ("seed", 2**40, "seed must be between 0 and"),
        ("number", 1.5, "number must be a whole number, not 1.5"),
        ("parent", 2, "parent must be between 1 and 1, not 2"),
        ("parent", 4, "parent must be between 1 and 1, not 4"),
        ("title", 7.5, ""),
    ],
)
def test_what_is_wrong_with_a_row_is_said(
    path: Path, change: Callable[..., None], column: str, odd: Any, message: str
) -> None:
    change(f"UPDATE tunes SET {column} = ? WHERE id = 2", odd)
    _, damaged = shown(path)
    assert message in "".join(damaged)


def test_a_tune_that_is_its_own_ancestor_ends_nothing(
    path: Path, change: Callable[..., None]
) -> None:
    change("UPDATE tunes SET parent = 4 WHERE id = 1")
    assert shown(path)[0] == [2, 3, 4]
    with Ledger(path) as ledger:
        assert [tune.id for _, tune in ledger.history(of=3)] == [2, 3, 4]


def test_a_parent_that_is_gone_leaves_its_tunes(path: Path, change: Callable[..., None]) -> None:
    change("DELETE FROM tunes WHERE id = 1")
    assert shown(path) == ([2, 3, 4], [])


@pytest.mark.parametrize("tune", [0, -1, 5, 2**63, -(2**63), 10**30])
def test_a_number_that_no_tune_has_is_refused(path: Path, tune: int) -> None:
    with Ledger(path) as ledger:
        for ask in (ledger.get, lambda tune: ledger.history(of=tune)):
            with pytest.raises(InputError, match=r"no tune .* in the ledger: it has 1 to 4"):
                ask(tune)
        assert len(ledger.history(10**30)) == 4


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("CREATE VIEW v AS SELECT 1", "it has the view 'v'"),
        (
            "CREATE TRIGGER t AFTER UPDATE ON tunes BEGIN DELETE FROM tunes; END",
            "it has the trigger 't'",
        ),
        ("ALTER TABLE tunes ADD COLUMN x AS (hex(zeroblob(9))) VIRTUAL", "it computes 'x'"),
        ("ALTER TABLE tunes RENAME COLUMN seed TO sown", "it has no column seed"),
        ("DROP TABLE tunes", "it has no column book"),
        ("PRAGMA user_version = 7", "made by a newer abclm"),
    ],
)
def test_a_schema_of_another_kind_is_refused(
    path: Path, change: Callable[..., None], sql: str, message: str
) -> None:
    change(sql)
    with pytest.raises(LedgerError, match=message):
        Ledger(path)


def test_a_view_in_the_place_of_the_table_is_not_read(
    path: Path, change: Callable[..., None]
) -> None:
    change("ALTER TABLE tunes RENAME TO others")
    change("CREATE VIEW tunes AS SELECT * FROM others")
    with pytest.raises(LedgerError, match="it has the view 'tunes'"):
        Ledger(path)


def test_a_database_of_another_program_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE visits (url TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="another database"):
        Ledger(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["text", "zeros", "folder", "fifo"])
def test_what_is_no_database_is_one_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "ledger.sqlite"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.write_bytes(b"X:1\nT:t\n" * 99 if kind == "text" else bytes(8192))
    with pytest.raises(LedgerError) as caught:
        Ledger(path)
    assert "\n" not in str(caught.value)


def test_a_file_with_changed_bytes_is_read_or_refused(path: Path, tmp_path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add_all([Entry(TUNE, "generate")])
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = path.read_bytes()
    rng = random.Random(15)
    for number in range(100):
        changed = bytearray(data)
        for _ in range(rng.randint(1, 20)):
            changed[rng.randrange(len(data))] = rng.randrange(256)
        copy = tmp_path / f"{number}.sqlite"
        copy.write_bytes(changed)
        try:
            shown(copy)
        except LedgerError as error:
            message = str(error)
        else:
            message = ""
        assert "\n" not in message
