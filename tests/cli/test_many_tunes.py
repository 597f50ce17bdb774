"""Many tunes come some at a time: as lines of JSON, and into a tunebook that keeps what is done."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.many import Commission
from abclm.errors import InputError
from tests.cli.conftest import SPELT, Run

pytestmark = pytest.mark.slow


@pytest.fixture
def _fails_in_its_second_part(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    write = Commission.write

    def fail(order: Commission, composer: Composer, numbers: Sequence[int]) -> list[GeneratedTune]:
        if numbers[0]:
            raise error
        return write(order, composer, numbers)

    monkeypatch.setattr(Commission, "write", fail)


def test_a_line_of_json_for_each_tune(run: Run, spelling: Path, folder: Path) -> None:
    book = folder / "book.abc"
    book.write_text("X:4\nT:old\nK:G\nG|\n", encoding="utf-8")
    many = ("generate", "--checkpoint", "spelling", "-n", "10", "--seed", "2", "--jsonl")
    rows = [json.loads(line) for line in run(*many, "--no-mark", "-o", book).stdout.splitlines()]
    assert [(row["number"], row["seed"]) for row in rows] == [(at, 2) for at in range(10)]
    assert [row["abc"] for row in rows] == [f"X:{at}\n{SPELT}" for at in range(5, 15)]
    assert rows[9]["id"] == rows[0]["id"] + 9
    assert book.read_text(encoding="utf-8").endswith(f"\n\n{rows[8]['abc']}\n{rows[9]['abc']}")


def test_json_and_lines_of_json_go_not_together(run: Run, spelling: Path) -> None:
    done = run("generate", "--checkpoint", "spelling", "--json", "--jsonl")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


@pytest.mark.usefixtures("_fails_in_its_second_part")
@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (InputError("no more"), 2)]
)
def test_what_is_done_is_kept(
    run: Run, spelling: Path, folder: Path, error: BaseException, code: int
) -> None:
    many = ("generate", "--checkpoint", "spelling", "-n", "12", "--seed", "2")
    done = run(*many, "--no-mark", "--jsonl", "-o", "book.abc")
    assert done.exit_code == code
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["number"] for row in rows] == list(range(8))
    assert (folder / "book.abc").read_text(encoding="utf-8") == "\n".join(
        f"X:{number}\n{SPELT}" for number in range(1, 9)
    )
    # They are in the history, too.
    assert run("show", str(rows[7]["id"])).stdout == f"X:{rows[7]['id']}\n{SPELT}"
