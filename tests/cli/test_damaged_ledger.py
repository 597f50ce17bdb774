"""The commands that go back to the ledger: a damaged row is one line, the others work."""

import json
import sqlite3
from pathlib import Path

import pytest

from abclm.ledger.history import ledger_path
from tests.cli.conftest import Run

SETTINGS: tuple[object, ...] = (
    None, 7, True, "x", [], {}, [1], 10**30, -1, 1.5, "\u0000", "../../x",
)  # fmt: skip
NAMES = (
    "title", "rhythm", "key", "temperature", "top_k", "bars", "form", "plan", "max_chars", "raw",
    "candidates", "checkpoint", "instrument_range", "unknown",
)  # fmt: skip


@pytest.fixture
def made(run: Run, spelling: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger with a tune that was generated and one that was redone, numbers 1 and 2."""
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))
    assert run("generate", "--checkpoint", "spelling", "--seed", "1").exit_code == 0
    (folder / "a.abc").write_text(run("show", "1").stdout, encoding="utf-8")
    done = run("redo", "a.abc", "--bars", "2", "--pick", "1", "--seed", "1", "-n", "1")
    assert done.stderr == "id 2\n"
    return ledger_path()


def set_row(path: Path, tune: int, **values: object) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for column, value in values.items():
        connection.execute(f"UPDATE tunes SET {column} = ? WHERE id = ?", (value, tune))
    connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["[1]", "{bad", "7", "null", "", "[" * 9999])
def test_a_damaged_row_breaks_nothing_for_the_sound_ones(
    run: Run, made: Path, settings: str
) -> None:
    set_row(made, 2, settings=settings)
    history = run("history")
    assert history.exit_code == 0
    assert history.stdout.startswith("    1  ")
    assert history.stdout.count("\n") == 1
    assert history.stderr.startswith("left out: tune 2 is damaged in the ledger: settings ")
    for args in (["show"], ["replay"], ["more", "-n", "1"], ["tweak", "--seed", "2"]):
        command, *options = args
        assert run(command, "1", *options).exit_code == 0
        done = run(command, "2", *options)
        assert done.exit_code == 2
        assert "tune 2 is damaged in the ledger" in done.stderr
        assert done.stderr.count("\n") == 1
    assert run("keep", "1", "The Well").exit_code == 0
    assert run("keep", "2", "The Well").exit_code == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_setting_of_another_kind_is_one_line(run: Run, made: Path, name: str) -> None:
    for odd in SETTINGS:
        set_row(made, 1, settings=json.dumps({"checkpoint": "spelling", name: odd}))
        for args in (["more", "1", "-n", "1"], ["history"]):
            done = run(*args)
            assert done.exception is None or isinstance(done.exception, SystemExit), (args, odd)
            assert done.exit_code in {0, 1, 2}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["file", "tune", "count", "temperature", "bars", "section", "x"])
def test_a_task_of_another_kind_is_one_line(run: Run, made: Path, name: str) -> None:
    settings = json.loads(run("show", "2", "--json").stdout)["settings"]
    for odd in SETTINGS:
        set_row(made, 2, settings=json.dumps(settings | {name: odd}))
        for args in (["replay", "2"], ["history"], ["keep", "2", "T"]):
            done = run(*args)
            assert done.exception is None or isinstance(done.exception, SystemExit), (args, odd)
            assert done.exit_code in {0, 1, 2}


@pytest.mark.slow
@pytest.mark.parametrize("number", ["0", "-1", "3", "9" * 40])
def test_a_number_that_no_tune_has_is_one_line(run: Run, made: Path, number: str) -> None:
    for command in (["show"], ["replay"], ["more"], ["tweak", "--seed", "1"], ["history"]):
        done = run(command[0], *command[1:], "--", number)
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1
        assert "ledger" in done.stderr or "number" in done.stderr


def test_a_title_does_not_pass_for_a_tune_of_its_own(run: Run, made: Path) -> None:
    set_row(made, 1, title="x\n    9  Forged", command="generate\n    8  Forged")
    assert run("history").stdout.count("\n") == 2
    assert run("show", "1").stderr.count("\n") == 1


def test_a_ledger_that_is_none_is_one_line(run: Run, made: Path) -> None:
    for name in (made.name, f"{made.name}-wal", f"{made.name}-shm"):
        (made.parent / name).unlink(missing_ok=True)
    made.write_text("X:1\nT:no database\n" * 99, encoding="utf-8")
    for args in (["history"], ["show", "1"], ["more", "1"], ["replay", "1"], ["keep", "1", "T"]):
        done = run(*args)
        assert done.exit_code == 2
        assert "the ledger cannot be used: file is not a database" in done.stderr
    done = run("generate", "--checkpoint", "spelling", "--seed", "1")
    assert done.exit_code == 0
    assert "not logged: " in done.stderr
