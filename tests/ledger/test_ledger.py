"""The ledger of tunes: what is logged stays, with several writers and whatever is killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from abclm.errors import InputError, LedgerError
from abclm.ledger.file import connect, make_or_check
from abclm.ledger.ledger import Entry, Ledger

TUNE = "T:t\nM:2/4\nL:1/8\nK:G\nGABc|d2d2|]\n"

WRITER = """
import sys
from pathlib import Path
from abclm.ledger.ledger import Entry, Ledger
with Ledger(Path(sys.argv[1])) as ledger:
    for number in range(int(sys.argv[2])):
        ledger.add_all([Entry("T:t\\nK:G\\nG|", sys.argv[3], number=number)] * 2)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.sqlite"


def writer(path: Path, count: int, name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, path, str(count), name])


def test_what_is_added_is_found_again(path: Path) -> None:
    first = Entry(TUNE, "generate", 'M:2/4\n"é"', {"temperature": 0.9, "key": "G"}, 7, 3, "abc")
    with Ledger(path) as ledger:
        assert ledger.add_all([first]) == [1]
        assert ledger.add_all([Entry(TUNE, "tweak", parent=1), Entry(TUNE, "more")]) == [2, 3]
    with Ledger(path) as ledger:
        found = ledger.get(1)
        assert found.entry == first
        assert (found.id, found.title, found.book) == (1, None, None)
        assert time.strptime(found.made, "%Y-%m-%dT%H:%M:%SZ")
        assert ledger.get(2).entry.parent == 1


def test_a_tune_is_kept_under_a_title_in_a_book(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add_all([Entry(TUNE, "generate")])
        ledger.keep(1, "The Well", Path("book.abc"))
        found = ledger.get(1)
    assert (found.title, found.book) == ("The Well", str(Path("book.abc").resolve()))


def test_a_tune_is_found_by_its_text_or_by_where_it_was_kept(path: Path) -> None:
    book = Path("book.abc")
    with Ledger(path) as ledger:
        ledger.add_all([Entry(TUNE, "generate"), Entry(TUNE, "more"), Entry("other", "more")])
        ledger.keep(3, "The Well", book)
        assert ledger.find(TUNE, "The Well", book) == 2
        assert ledger.find("changed by hand", "The Well", book) == 3
        assert ledger.find("changed by hand", "The Well", Path("another.abc")) is None


def test_history_stands_each_tune_below_the_one_it_was_made_from(path: Path) -> None:
    with Ledger(path) as ledger:
        for parent in (None, None, 1, 3, 2, 1):
            ledger.add_all([Entry(TUNE, "tweak", parent=parent)])
        assert [(depth, tune.id) for depth, tune in ledger.history()] == [
            (0, 1), (1, 3), (2, 4), (1, 6), (0, 2), (1, 5),
        ]  # fmt: skip
        assert [tune.id for _, tune in ledger.history(limit=1)] == [1, 6]
        assert [(depth, tune.id) for depth, tune in ledger.history(of=3)] == [(0, 3), (1, 4)]


def test_a_long_chain_of_tweaks_has_a_history(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add_all([Entry(TUNE, "generate")])
        for parent in range(1, 301):
            ledger.add_all([Entry(TUNE, "tweak", parent=parent)])
        assert [depth for depth, _ in ledger.history()][-1] == 300


@pytest.mark.parametrize("call", [
    lambda ledger: ledger.get(9),
    lambda ledger: ledger.keep(9, "t", Path("b.abc")),
    lambda ledger: ledger.history(of=9),
    lambda ledger: ledger.add_all([Entry(TUNE, "tweak", parent=9)]),
])  # fmt: skip
def test_a_tune_that_is_not_there_is_named_with_those_that_are(
    path: Path, call: Callable[[Ledger], object]
) -> None:
    with Ledger(path) as ledger:
        with pytest.raises(InputError, match="no tune 9 in the ledger: it has none yet"):
            call(ledger)
        ledger.add_all([Entry(TUNE, "generate")] * 2)
        with pytest.raises(InputError, match="no tune 9 in the ledger: it has 1 to 2"):
            call(ledger)
        assert len(ledger.history()) == 2


def test_two_processes_at_once_lose_nothing(path: Path) -> None:
    both = [writer(path, 60, name) for name in ("one", "other")]
    assert [process.wait() for process in both] == [0, 0]
    with Ledger(path) as ledger:
        logged = [tune for _, tune in ledger.history(limit=1000)]
    assert [tune.id for tune in logged] == list(range(1, 241))
    for name in ("one", "other"):
        numbers = [tune.entry.number for tune in logged if tune.entry.command == name]
        assert numbers == [number for number in range(60) for _ in range(2)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_process_leaves_whole_rows(path: Path) -> None:
    with Ledger(path):
        pass
    for delay in (0.0, 0.02, 0.05, 0.11):
        process = writer(path, 10**6, "killed")
        with Ledger(path) as ledger:
            before = len(ledger.history(limit=10**6))
            while len(ledger.history(limit=10**6)) == before:
                time.sleep(0.005)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        with Ledger(path) as ledger:
            # Both tunes of a call, or none.
            assert len(ledger.history(limit=10**6)) % 2 == 0
            assert ledger.add_all([Entry(TUNE, "after")] * 2)


def test_a_tune_is_made_from_one_that_is_there_whoever_writes(path: Path) -> None:
    """SQLite sees to it itself, in every connection that is checked."""
    with Ledger(path) as ledger:
        ledger.add_all([Entry(TUNE, "generate"), Entry(TUNE, "more", parent=None)])
    with closing(connect(path)) as connection:
        make_or_check(connection, path)
        connection.execute("UPDATE tunes SET parent = 1 WHERE id = 2")
        for change in (
            "UPDATE tunes SET parent = 9 WHERE id = 2",
            "DELETE FROM tunes WHERE id = 1",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(change)


def test_a_folder_that_cannot_be_made_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="the ledger cannot be used"):
        Ledger(tmp_path / "file" / "data" / "ledger.sqlite")


def test_another_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"no database, but more than a hundred bytes of it " * 4)
    with pytest.raises(LedgerError, match="not a database"):
        Ledger(path)
    assert path.read_bytes().startswith(b"no database")


def test_a_ledger_of_a_newer_abclm_is_refused(path: Path) -> None:
    with Ledger(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    with pytest.raises(LedgerError, match="newer abclm: update"):
        Ledger(path)


def test_a_full_disk_is_one_error_and_what_was_there_stays(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add_all([Entry(TUNE, "generate")])
        pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerError, match="full"):
            ledger.add_all([Entry(TUNE * 1000, "generate")])
        assert len(ledger.history()) == 1


def test_a_prompt_with_a_broken_byte_is_escaped(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add_all([Entry(TUNE, "generate", prompt="T:\udce9")])
        assert ledger.get(1).entry.prompt == "T:\\udce9"
