"""Narrow terminals, terminals without colours or without characters, and work that takes long."""

import io
import re
import sys
import time
from pathlib import Path

import pytest

from abclm.cli.busy import busy
from abclm.cli.terminal import fitted
from tests.cli.pseudo_terminal import at_terminal

BOOK = "".join(
    f"X:{n}\nT:{title}\nR:jig\nM:6/8\nL:1/8\nK:{key}\nDFA dfa|{end}|]\n\n"
    for n, title, key, end in (
        (1, "The Extraordinarily Long-Winded Washerwoman of Ballinasloe", "D", "agf d3"),
        (2, "The Incomparable Fisherman's Farewell to Tobermory", "G", "gfe d3"),
        (3, "Contentment at Last", "A", "a3 a3"),
    )
)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_break_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert fitted("a line of some words here", Screen()) == "a line of some words\n  here"
    assert fitted("  indented by two columns", Screen()) == "  indented by two\n    columns"
    long = "/a/path/that-is-longer/than-the-screen.abc"
    assert fitted(f"written: {long}", Screen()).split() == ["written:", long]
    assert fitted("a line of some words here", io.StringIO()) == "a line of some words here"


def words(text: str) -> set[str]:
    return set(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).split())


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"LANG": "C", "LC_ALL": "C"}])
def test_no_word_is_broken_on_sixty_columns(folder: Path, environment: dict[str, str]) -> None:
    (folder / "book.abc").write_text(BOOK, encoding="utf-8")
    commands = [
        [],
        ["-h"],
        ["generate", "-h"],
        ["suggest-set", "book.abc"],
        ["render", "book.abc", "--midi", "book.wav"],
        ["redo", "book.abc", "--bars", "1"],
        ["checkpoint", "list"],
        ["config", "show"],
        ["diff", "book.abc"],
    ]
    variables = {"ABCLM_DATA": str(folder / "data"), "PYTHONUTF8": "0"} | environment
    wide = at_terminal(commands, folder, variables | {"COLUMNS": "1000"}).decode("utf-8", "replace")
    narrow = at_terminal(commands, folder, variables | {"COLUMNS": "60"}).decode("utf-8", "replace")
    assert "\x1b[3" not in narrow if "NO_COLOR" in environment else True
    assert "\\u" not in narrow
    strange = {word for word in words(narrow) - words(wide) if not word.endswith("...")}
    assert not strange
    lines = [line for line in narrow.splitlines() if not line.startswith("$ abclm")]
    too_long = [line for line in lines if len(line) > 60 and " " in line.strip()]
    assert not too_long


def test_what_takes_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with busy("counting", after=0.05):
        time.sleep(0.4)
    assert "counting" in screen.getvalue()
    shown = screen.getvalue()
    with busy("never shown", after=5):
        pass
    assert screen.getvalue() == shown


def test_off_a_terminal_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with busy("counting", after=0.0):
        time.sleep(0.05)
    assert stream.getvalue() == ""
