import os
import pty
import sys
import tty
from pathlib import Path

import pytest

from abclm.cli.keys import LEFT, RIGHT, pressed_keys, split_keys


def test_arrows_are_known_as_terminals_and_windows_send_them() -> None:
    assert split_keys("\x1b[C\x1bOC\xe0M\x00M") == [RIGHT] * 4
    assert split_keys("\x1b[D\x1bOD\xe0K\x00K") == [LEFT] * 4


def test_keys_typed_together_come_one_by_one() -> None:
    assert split_keys("+ \x1b[Dq") == ["+", " ", LEFT, "q"]


def test_other_sequences_do_nothing() -> None:
    assert split_keys("\x1b[15~") == []
    assert split_keys("+\x1b") == ["+"]


def test_a_terminal_gives_keys_at_once_and_is_as_before_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    termios = pytest.importorskip("termios")
    ours, theirs = pty.openpty()
    tty.setcbreak(ours)
    with Path(f"/dev/fd/{theirs}").open(encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        before = termios.tcgetattr(theirs)
        with pressed_keys() as keys:
            assert keys.read(0.01) == []
            os.write(ours, b"+\x1b[C")
            assert keys.read(1.0) == ["+", RIGHT]
        assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pressed_keys() as keys:
        assert keys.read(0.0) == []
