import subprocess
import sys
from pathlib import Path

import pytest

import abclm
from tests.cli.conftest import Run


def test_the_version(run: Run) -> None:
    assert run("--version").stdout == f"abclm {abclm.__version__}\n"


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["generate"],
        ["validate"],
        ["play"],
        ["render"],
        ["transpose"],
        ["continue"],
        ["redo"],
        ["second-part"],
        ["originality"],
        ["surprise"],
        ["history"],
        ["show"],
        ["train"],
        ["corpus"],
        ["checkpoint", "list"],
    ],
)
def test_every_command_has_help(run: Run, args: list[str]) -> None:
    done = run(*args, "--help")
    assert done.exit_code == 0
    assert "Usage: " in done.stdout


def test_checkpoints_are_listed_and_shown(run: Run, spelling: Path) -> None:
    listed = run("checkpoint", "list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["chorales", "irish", "spelling"]
    shown = run("checkpoint", "show", "spelling").stdout
    assert "embedding size: 1" in shown


def test_a_reader_that_goes_away_is_no_error() -> None:
    """As in ``abclm … | head -1``."""
    command = f"{sys.executable} -m abclm --help | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_training_without_a_corpus_says_what_to_do(run: Run) -> None:
    done = run("train", "irish")
    assert done.exit_code == 2
    assert "abclm corpus build irish" in done.stderr
