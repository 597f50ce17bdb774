"""What the README says can be typed, can be typed."""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from abclm.notation.check.validate import validate
from tests.pages import ROOT, shell_commands

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = shell_commands(README)
INSTALL, *FIRST = COMMANDS[:3]
TRAINING = {"corpus", "train"}
"""Commands that take minutes, and what needs their result: their options are checked elsewhere."""


def run(line: str, folder: Path) -> None:
    """Run ``abclm …`` in ``folder``, with a history of its own."""
    words = shlex.split(line, comments=True)
    assert words[0] == "abclm", line
    subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=os.environ | {"ABCLM_DATA": str(folder / "data")},
        check=True,
        capture_output=True,
    )


def test_the_first_screen_installs_once_and_shows_what_its_commands_make(tmp_path: Path) -> None:
    assert INSTALL == "pip install -e '.[full]'"
    assert README.index(FIRST[-1]) < README.index("\n## ")
    pytest.importorskip("verovio")
    pytest.importorskip("midirenderer")
    for line in FIRST:
        run(line, tmp_path)
    text = (tmp_path / "tune.abc").read_text(encoding="utf-8")
    assert text in README
    assert not validate(text, strict=True)
    assert "Reel of Ayer" in (tmp_path / "tune.svg").read_text(encoding="utf-8")
    assert (tmp_path / "tune.mid").read_bytes().startswith(b"MThd")
    assert (tmp_path / "tune.wav").read_bytes().startswith(b"RIFF")


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 120


def test_the_commands_work_in_the_order_in_which_they_stand(tmp_path: Path) -> None:
    for line in COMMANDS[3:]:
        words = line.split()
        if words[0] == "abclm" and words[1] not in TRAINING and "mine" not in words:
            run(line, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "data",
        "jigs.abc",
        "jigs.html",
        "kept.abc",
        "new.abc",
    }


@pytest.mark.skipif(
    importlib.util.find_spec("abclm.api") is None, reason="there is no public API yet"
)
def test_the_lines_of_python_work(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "jigs.abc").write_text("X:1\nT:A\nM:4/4\nL:1/8\nK:G\nGABc d4|]\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"ABCLM_DATA": str(tmp_path / "data")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert "K:Edor" in done.stdout
    assert (tmp_path / "tune.mid").read_bytes().startswith(b"MThd")


def test_ci_runs_the_very_test_command() -> None:
    command = "pip install -e '.[dev]' && pytest"
    assert f"`{command}`" in README
    assert f"\n{command}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
