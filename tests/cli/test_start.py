"""``abclm`` alone, help by ``-h``, and completion in the shell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from abclm.cli.table import COMMANDS
from tests.cli.conftest import Run


@pytest.fixture
def no_history(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))


@pytest.mark.usefixtures("no_history")
def test_abclm_alone_says_what_to_type(run: Run) -> None:
    done = run()
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 60
    typed = [line.split()[1] for line in lines if line.startswith("  abclm ")]
    assert typed[0] == "generate"
    assert set(typed) <= set(COMMANDS)


@pytest.mark.usefixtures("no_history", "spelling")
def test_it_goes_on_from_the_last_tune(run: Run) -> None:
    run("generate", "--checkpoint", "spelling", "--title", "A Title Much Too Long For It\x1b[2J")
    lines = run().stdout.splitlines()
    assert "Your last tune is 1, A Title Much Too Long For I...:" in lines
    assert max(map(len, lines)) <= 60
    assert any(line.startswith("  abclm tweak 1 --key D") for line in lines)


def test_a_history_that_cannot_be_read_does_not_matter(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABCLM_DATA", str(folder))
    (folder / "ledger.sqlite").write_text("no database" * 99)
    done = run()
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "words", [[], *([name] for name in COMMANDS), ["corpus", "build"], ["checkpoint", "show"]]
)
def test_h_is_help(run: Run, words: list[str]) -> None:
    assert run(*words, "-h").stdout == run(*words, "--help").stdout != ""


@pytest.mark.slow
def test_commands_and_options_are_completed() -> None:
    script = "import sys; sys.argv[0] = 'abclm'; from abclm.cli import main; main()"

    def offered(line: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ
            | {
                "_ABCLM_COMPLETE": "complete_bash",
                "COMP_WORDS": line,
                "COMP_CWORD": str(len(line.split(" ")) - 1),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.split()

    assert offered("abclm tr") == ["transpose", "train"]
    assert offered("abclm render --mu") == ["--musicxml"]
    assert offered("abclm corpus b") == ["build"]


@pytest.mark.parametrize(
    ("shell", "file"),
    [
        ("bash", ".bash_completions/abclm.sh"),
        ("zsh", ".zfunc/_abclm"),
        ("fish", ".config/fish/completions/abclm.fish"),
    ],
)
def test_completion_is_installed(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, shell: str, file: str
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: shell)
    done = run("--install-completion")
    assert done.exit_code == 0
    assert f"completion for {shell} is in {folder / file}" in done.stdout
    script = (folder / file).read_text(encoding="utf-8")
    assert "_ABCLM_COMPLETE" in script
    assert run("--show-completion").stdout.strip() == script.strip()


def test_an_unknown_shell_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for shell in (None, "tcsh"):
        monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda shell=shell: shell)
        for option in ("--install-completion", "--show-completion"):
            done = run(option)
            assert done.exit_code == 2
            assert "bash, zsh, fish and PowerShell" in done.stderr


def test_a_shell_file_that_cannot_be_written_is_one_line(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: "bash")
    (folder / ".bash_completions").write_text("in the way")
    done = run("--install-completion")
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr


@pytest.mark.usefixtures("spelling")
def test_midi_on_standard_output_stands_alone(
    run: Run, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def midi(*args: str) -> bytes:
        done = run("generate", "--checkpoint", "spelling", "--seed", "1", "--midi", "-", *args)
        assert "written: -" not in done.stderr
        assert not done.stdout
        return capfdbinary.readouterr().out or done.stderr.encode()

    assert midi().startswith(b"MThd")
    assert b"takes one tune" in midi("-n", "2")
    assert b"both go to standard output" in midi("--json")
    assert b"would be written twice" in midi("-o", "-")


def test_a_file_for_each_tune_does_not_go_to_a_pipe(run: Run, folder: Path) -> None:
    (folder / "a.abc").write_text("X:1\nK:C\nC|\n")
    done = run("render", "a.abc", "--all", "--midi", "-")
    assert done.exit_code == 2
    assert "give a name" in done.stderr
