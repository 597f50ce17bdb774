import json
from pathlib import Path

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
