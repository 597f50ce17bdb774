import json
from pathlib import Path

import pytest

from abclm.cli.terminal import say
from abclm.ledger.history import ledger_path, log
from abclm.ledger.ledger import Entry, Ledger
from tests.cli.conftest import SPELT, Run


@pytest.fixture
def data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))
    return folder / "data"


@pytest.fixture
def logged(data: Path) -> Path:
    log([Entry(SPELT, "generate", settings={"key": "G"}, seed=7, checkpoint="f" * 64)], say)
    log([Entry(SPELT.replace("K:G", "K:Ador"), "tweak", parent=1)], say)
    with Ledger(ledger_path()) as ledger:
        ledger.keep(2, "The Well", Path("book.abc"))
    return data


def test_the_ledger_lies_in_the_users_data_folder(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ledger_path() == data / "ledger.sqlite"
    monkeypatch.delenv("ABCLM_DATA")
    assert ledger_path().name == "ledger.sqlite"
    assert "abclm" in str(ledger_path().parent)


def test_history_is_a_tree(run: Run, logged: Path) -> None:
    first, second = run("history").stdout.splitlines()
    assert first.startswith("    1  Untitled (M:2/4 K:G) generate, 20")
    assert second.startswith("    2    Untitled (M:2/4 K:Ador) tweak, 20")
    assert second.endswith(', kept as "The Well"')
    assert len(run("history", "2").stdout.splitlines()) == 1


def test_history_as_json(run: Run, logged: Path) -> None:
    table = json.loads(run("history", "--json").stdout)
    assert [(row["id"], row["parent"], row["seed"]) for row in table] == [(1, None, 7), (2, 1, 0)]


def test_show_prints_the_tune_and_says_how_it_was_made(run: Run, logged: Path) -> None:
    done = run("show", "1")
    assert done.stdout == "X:1\n" + SPELT
    assert done.stderr.startswith("generate, 20")
    assert done.stderr.endswith(", seed 7 number 0, checkpoint ffffffffffff key=G\n")
    assert json.loads(run("show", "2", "--json").stdout)["title"] == "The Well"


def test_looking_at_a_ledger_that_is_not_there_makes_none(run: Run, data: Path) -> None:
    done = run("history")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "no tunes yet: abclm generate\n")
    assert run("show", "1").exit_code == 2
    assert not data.exists()


def test_a_ledger_that_cannot_be_used_is_a_remark(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "file").write_text("")
    monkeypatch.setenv("ABCLM_DATA", str(folder / "file"))
    assert log([Entry(SPELT, "generate")], say) == []
    assert "not logged: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["show", "9"], "no tune 9 in the ledger: it has 1 to 2"),
        (["history", "9"], "no tune 9 in the ledger: it has 1 to 2"),
        (["history", "-n", "0"], "--count must be 1 or more"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    run: Run, logged: Path, args: list[str], message: str
) -> None:
    done = run(*args)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
