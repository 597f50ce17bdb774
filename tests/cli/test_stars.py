"""Stars and search in the history, and what goes without a number."""

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import abclm
from abclm.ledger.ledger import Entry, Ledger
from tests.cli.conftest import Run


def text(title: str, rhythm: str, key: str) -> str:
    return f"T:{title}\nR:{rhythm}\nM:2/4\nL:1/8\nK:{key}\nGABc|d4|]\n"


@pytest.fixture
def ledger(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))
    path = folder / "data" / "ledger.sqlite"
    with Ledger(path) as made:
        made.add_all(
            [
                Entry(text("One", "reel", "G"), "generate"),
                Entry(text("Two", "jig", "Edor"), "generate"),
            ]
        )
        made.add_all([Entry(text("One", "reel", "D"), "tweak", parent=1)])
        made.keep(2, "The Reel Thing", Path("kept.abc"))
    return path


def ids(run: Run, *args: str) -> list[str]:
    return [line.split()[0] for line in run("history", *args).stdout.splitlines()]


def test_tunes_are_starred_and_listed(run: Run, ledger: Path) -> None:
    done = run("history", "--star", "3", "--star", "2")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert done.stderr == "tune 3 has a star now\ntune 2 has a star now\n"
    assert ids(run) == ["1", "3*", "2*"]
    assert ids(run, "--starred") == ["2*", "3*"]
    assert ids(run, "--unstar", "3", "--starred") == ["2*"]
    assert json.loads(run("show", "2", "--json").stdout)["starred"] is True
    assert "with a star" in run("show", "2").stderr
    assert run("history", "--star", "9").exit_code == 2
    abclm.History().star(1)
    assert [one.id for _, one in abclm.History().search(starred=True)] == [1, 2]


def test_words_are_looked_for_in_header_title_and_command(run: Run, ledger: Path) -> None:
    assert ids(run, "--search", "reel") == ["1", "3", "2"]
    assert ids(run, "--search", "REEL one") == ["1", "3"]
    assert ids(run, "--search", "edor") == ["2"]
    assert ids(run, "--search", "tweak") == ["3"]
    assert ids(run, "--search", "reel", "-n", "1") == ["2"] or ids(
        run, "--search", "reel", "-n", "1"
    ) == ["3"]
    assert ids(run, "--search", "GABc") == []
    assert "no such tunes" in run("history", "--search", "waltz").stderr
    assert run("history", "1", "--search", "x").exit_code == 2


def test_a_ledger_from_before_the_stars_gets_them(run: Run, ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("DROP TABLE stars")
    assert ids(run) == ["1", "3", "2"]
    assert ids(run, "--starred") == []
    assert run("history", "--star", "1").exit_code == 0
    assert ids(run, "--starred") == ["1*"]


def test_show_without_a_number_shows_the_last(run: Run, ledger: Path) -> None:
    assert run("show").stdout == run("show", "3").stdout
    assert run("show", "--plan").stdout == run("show", "3", "--plan").stdout


def test_keep_asks_for_a_title(
    run: Run, ledger: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run("keep", "1")
    assert done.exit_code == 2
    assert 'abclm keep 1 "' in done.stderr

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    from abclm.cli.keep import keep

    for typed, title in (("A Name\n", "A Name"), ("\n", "One")):
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        keep(output=folder / "kept.abc")
        assert f"T:{title}\n" in (folder / "kept.abc").read_text(encoding="utf-8")


def test_an_empty_history_says_so(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCLM_DATA", str(folder / "none"))
    for args in (["show"], ["keep"], ["history", "--star", "1"]):
        done = run(*args)
        assert done.exit_code == 2
        assert "no tunes yet" in done.stderr
