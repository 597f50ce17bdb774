import os
import shutil
import signal
from pathlib import Path

import pytest

from abclm.editor.program import EditorProgram, find_editor, words_at
from abclm.errors import InputError


def test_visual_comes_before_editor_and_is_split_into_words() -> None:
    assert find_editor({"VISUAL": "sh -c 'a b'", "EDITOR": "cat"}) == ["sh", "-c", "a b"]
    assert find_editor({"VISUAL": " ", "EDITOR": "cat"}) == ["cat"]


@pytest.mark.parametrize(
    ("value", "message"),
    [("no-such-editor --wait", "no program no-such-editor"), ("'open", "is not a command")],
)
def test_a_variable_that_names_no_editor_is_an_error(value: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_editor({"EDITOR": value})


def test_without_a_variable_a_usual_editor_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/vi" if name == "vi" else None)
    assert find_editor({}) == ["vi"]
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(InputError, match=r"set \$VISUAL or \$EDITOR"):
        find_editor({})


def test_the_text_comes_back_as_it_was_saved() -> None:
    program = EditorProgram(["sh", "-c", 'printf "%s" "A|" >> "$0"'], "t.abc")
    assert program.edit("caf\u00e9\n") == "caf\u00e9\nA|"
    assert program.path.name == "t.abc"
    program.close()
    assert not program.path.parent.exists()


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 3", "exit code 3"),
        ('rm "$0"', "without leaving a file"),
        ('printf "\\000\\001" > "$0"', "not a text"),
    ],
)
def test_an_editor_that_fails_is_one_error(script: str, message: str) -> None:
    program = EditorProgram(["sh", "-c", script], "t.abc")
    with pytest.raises(InputError, match=message):
        program.edit("G|\n")
    program.close()


def test_an_editor_that_cannot_be_started(tmp_path: Path) -> None:
    program = EditorProgram([str(tmp_path)], "t.abc")
    with pytest.raises(InputError, match="cannot be started"):
        program.edit("G|\n")
    program.close()


def test_an_interrupt_while_the_editor_runs_does_not_end_us() -> None:
    program = EditorProgram(["sh", "-c", f"kill -INT {os.getpid()}; echo A >> $0"], "t.abc")
    before = signal.getsignal(signal.SIGINT)
    assert program.edit("G|\n") == "G|\nA\n"
    assert signal.getsignal(signal.SIGINT) is before
    program.close()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("/usr/bin/vi", ["+7", "t.abc"]),
        ("nvim", ["+7", "t.abc"]),
        ("nano", ["+7", "t.abc"]),
        ("emacs", ["+7", "t.abc"]),
        ("micro", ["+7", "t.abc"]),
        ("code", ["-g", "t.abc:7"]),
        ("hx", ["t.abc:7"]),
        ("ed", ["t.abc"]),
    ],
)
def test_a_known_editor_opens_at_a_line(program: str, words: list[str]) -> None:
    assert words_at(program, Path("t.abc"), 7) == words
    assert words_at(program, Path("t.abc"), None) == ["t.abc"]
