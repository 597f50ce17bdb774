"""``abclm show --plan``: of a logged tune, and of each tune of a file."""

import json
from pathlib import Path

import pytest

from abclm.cli.terminal import say
from abclm.ledger.history import log
from abclm.ledger.ledger import Entry
from tests.cli.conftest import SPELT, Run

BOOK = (
    "X:3\nT:With repeats\nM:2/4\nL:1/8\nK:D\n|:defg|a2a2|defg|a4:|\n\nX:8\nT:no notes\nM:2/4\nK:G\n"
)


@pytest.fixture(autouse=True)
def _data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))


def test_the_plan_of_a_logged_tune(run: Run) -> None:
    log([Entry(SPELT, "generate")], say)
    done = run("show", "1", "--plan")
    assert (done.exit_code, done.stdout) == (0, "X:1 Untitled: abab'5\n")


def test_the_plans_of_a_file(run: Run, folder: Path) -> None:
    (folder / "book.abc").write_text(BOOK, encoding="utf-8")
    done = run("show", "--plan", "book.abc")
    assert done.stdout == "X:3 With repeats: abab'5\n"
    assert done.stderr.startswith("X:8: no plan: ")
    first, second = json.loads(run("show", "--plan", "book.abc", "--json").stdout)
    assert (first["tune"], first["plan"], first["why"]) == ("3", "abab'5", "")
    assert second["plan"] is None
    assert second["why"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["book.abc"], "'book.abc' is not the number of a tune; for a file: show --plan FILE"),
        (["missing.abc", "--plan"], "missing.abc"),
        (["words.txt", "--plan"], "words.txt: no tune found"),
        (["1", "--plan"], "the ledger has no tunes yet"),
    ],
)
def test_a_mistake_is_one_line(run: Run, folder: Path, args: list[str], message: str) -> None:
    (folder / "words.txt").write_text("no tune\n", encoding="utf-8")
    done = run("show", *args)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
