import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run

TUNES = Path(__file__).parents[1] / "tunes"


def test_right_tunes_print_nothing_and_exit_with_0(run: Run) -> None:
    done = run("validate", *sorted(TUNES.glob("valid/*.abc")))
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")


def test_a_problem_is_a_line_and_exit_code_1(run: Run) -> None:
    path = TUNES / "broken" / "bar_too_long.abc"
    done = run("validate", path)
    assert done.exit_code == 1
    assert done.stdout == (f"{path}:7:3: bar-length: bar lasts 7/8, meter is 6/8: 1/8 too long\n")


def test_stdin_and_json(run: Run) -> None:
    done = run("validate", "-", "--json", stdin="X:1\nT:t\nK:G\nG#|\n")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == [
        {
            "path": "<stdin>",
            "line": 4,
            "column": 2,
            "rule": "character",
            "message": "'#' means nothing in ABC music",
        }
    ]


def test_a_missing_or_binary_file_is_exit_code_2(run: Run, folder: Path) -> None:
    (folder / "x.mid").write_bytes(b"MThd\0\0\0\6")
    for name, message in (("missing.abc", "no such file"), ("x.mid", "not a text file")):
        done = run("validate", name)
        assert done.exit_code == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1


def test_strict_wants_pickup_and_last_bar_to_make_one(run: Run) -> None:
    text = "X:1\nT:t\nM:4/4\nL:1/8\nK:G\n|:D2|G8|G8:|\n"
    assert run("validate", "-", stdin=text).exit_code == 0
    done = run("validate", "-", "--strict", stdin=text)
    assert done.exit_code == 1
    assert ": pickup: last bar lasts 4/4 and the pickup 1/4: together" in done.stdout


def test_fix_mends_the_file_and_says_what_it_did(run: Run, folder: Path) -> None:
    book = folder / "book.abc"
    book.write_bytes(b"T:t\r\nM:4/4\r\nK:G Major\r\nL:1/8\r\nG8|A8:|\r\n")
    done = run("validate", "--fix", book)
    assert done.exit_code == 0
    assert book.read_bytes() == b"X:1\r\nT:t\r\nM:4/4\r\nK:G\r\nL:1/8\r\n|:G8|A8:|\r\n"
    assert f"written: {book}; the old version is in {book}.bak" in done.stderr
    assert "X:1 added" in done.stderr
    assert "K:G Major is now K:G" in done.stderr


def test_fix_of_stdin_goes_to_stdout_and_the_rest_to_stderr(run: Run) -> None:
    done = run("validate", "--fix", "-", stdin="T:t\nM:4/4\nL:1/8\nK:G\nG8|A9|A8|]\n")
    assert done.exit_code == 1
    assert done.stdout == "X:1\nT:t\nM:4/4\nL:1/8\nK:G\nG8|A9|A8|]\n"
    assert "<stdin>:6:4: bar-length" in done.stderr


@pytest.mark.skipif(shutil.which("abc2midi") is None, reason="abc2midi is not installed")
def test_a_second_opinion_is_asked_of_abc2midi(run: Run) -> None:
    text = "X:1\nT:t\nM:4/4\nL:1/8\nK:G\nG8|A9|A8|]\n"
    rules = {
        problem["rule"]
        for problem in json.loads(
            run("validate", "-", "--second-opinion", "--json", stdin=text).stdout
        )
    }
    assert rules == {"bar-length", "abc2midi"}
