"""What the README says can be typed, can be typed."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from abclm.notation.check.validate import validate

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.strip().splitlines()
]


def test_the_first_screen_has_exactly_two_set_up_commands() -> None:
    first_screen = README.split("\n## ")[0]
    commands = re.findall(r"^pip install .*$", first_screen, re.MULTILINE)
    assert commands == [
        (
            "pip install -e . && abclm generate --rhythm reel --key G --seed 24 "
            "-o tune.abc --midi tune.mid"
        ),
        "pip install -e '.[dev]' && pytest",
    ]


def test_ci_runs_the_very_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "\npip install -e '.[dev]' && pytest\n" in script


def test_the_main_command_makes_the_tune_that_is_shown_and_its_midi(tmp_path: Path) -> None:
    command = next(line for line in COMMANDS if "abclm generate" in line)
    args = shlex.split(command.split("&& abclm ")[1])
    subprocess.run([sys.executable, "-m", "abclm", *args], cwd=tmp_path, check=True)
    text = (tmp_path / "tune.abc").read_text(encoding="utf-8")
    assert text in README
    assert not validate(text, strict=True)
    assert (tmp_path / "tune.mid").read_bytes().startswith(b"MThd")


def test_every_command_of_the_readme_exists() -> None:
    """Each ``abclm …`` line names commands and options that its ``--help`` knows."""
    for line in COMMANDS:
        all_words = shlex.split(line)
        for start in (i + 1 for i, word in enumerate(all_words) if word == "abclm"):
            words = all_words[start:]
            command = words[:2] if words[0] in {"corpus", "checkpoint"} else words[:1]
            done = subprocess.run(
                [sys.executable, "-m", "abclm", *command, "--help"],
                capture_output=True,
                text=True,
                check=True,
            )
            for word in words:
                if re.match(r"--?[a-z]", word):
                    assert word in done.stdout, f"{line}: {word}"
