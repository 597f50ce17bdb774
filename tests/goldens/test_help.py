"""Every help text, a file for each command."""

import pytest

from tests.goldens import golden, subject

COMMANDS = subject.commands()
FOLDER = "help"


def name(words: tuple[str, ...]) -> str:
    return "-".join(("abclm", *words))


@pytest.mark.parametrize("words", COMMANDS, ids=name)
def test_the_help_of_a_command_is_what_it_was(words: tuple[str, ...]) -> None:
    done = subject.run_command([*words, "--help"])
    assert (done.exit_code, done.stderr) == (0, "")
    golden.check_text(f"{FOLDER}/{name(words)}.txt", done.stdout)


def test_no_help_text_is_left_over() -> None:
    files = {path.stem for path in (golden.GOLDENS / FOLDER).iterdir()}
    assert files == {name(words) for words in COMMANDS}
