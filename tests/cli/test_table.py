"""Commands are loaded when they are run, and the list of all says what each says itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from abclm.cli import table
from abclm.cli.table import COMMANDS, load_command

SCREEN_HELPERS = {
    "abclm.cli",
    *(
        f"abclm.cli.{name}"
        for name in ("app", "completion", "exit_code", "group", "table", "terminal")
    ),
}


def modules_after(*args: str) -> set[str]:
    """What a run of the command line has imported."""
    script = (
        "import sys\nfrom abclm.cli import app\n"
        f"try:\n    app({list(args)!r})\nexcept SystemExit:\n    pass\n"
        "print('\\n', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_has_the_first_sentence_of_the_commands_own_help(name: str) -> None:
    assert load_command(name).get_short_help_str(1000) == COMMANDS[name]


def test_every_command_has_a_file_and_every_file_a_command_or_a_reason() -> None:
    stems = {path.stem for path in Path(table.__file__).parent.glob("*.py")}
    commands = {load_command(name).name.replace("-", "_") for name in COMMANDS}
    assert commands - stems == {"continue"}
    assert stems - commands == {
        "__init__",
        *("actions", "app", "candidates", "console", "continue_", "evaluation_tables"),
        *(
            "busy",
            "completion",
            "defaults",
            "exit_code",
            "group",
            "input",
            "keys",
            "play_line",
            "start",
        ),
        *(
            "new_tunes",
            "options",
            "progress",
            "result",
            "revise",
            "stream",
            "table",
            "terminal",
            "threads",
        ),
    }


def test_the_list_of_commands_loads_none_of_them() -> None:
    loaded = modules_after("--help")
    assert {name for name in loaded if name.startswith("abclm.cli")} == SCREEN_HELPERS
    assert not loaded & {"numpy", "pydantic", "rich"}


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "corpus"])
def test_the_help_of_a_command_loads_no_other_command(command: str) -> None:
    loaded = modules_after(command, "--help")
    others = {f"abclm.cli.{name.replace('-', '_')}" for name in COMMANDS if name != command}
    assert not loaded & others
    assert not loaded & {"numpy", "pydantic", "rich", "music21", "tensorflow"}


def test_checking_a_tune_loads_neither_numpy_nor_another_command(tmp_path: Path) -> None:
    tune = tmp_path / "tune.abc"
    tune.write_text("X:1\nT:t\nM:4/4\nL:1/4\nK:C\nCDEF|]\n", encoding="utf-8")
    loaded = modules_after("validate", str(tune))
    others = {f"abclm.cli.{name.replace('-', '_')}" for name in COMMANDS if name != "validate"}
    assert not loaded & others
    assert not loaded & {"numpy", "pydantic", "rich", "sqlite3", "music21", "concurrent.futures"}
