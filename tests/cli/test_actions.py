"""What can be done with a tune that was edited, beyond rendering it: go on, write bars anew."""

import io
from pathlib import Path

import pytest

from abclm.cli.actions import ACTIONS, Target
from abclm.errors import InputError
from abclm.notation.check.validate import validate

HEADER = b"X:1\nT:t\nM:2/4\nL:1/8\nK:G\n"
RUN = {action.key: action.run for action in ACTIONS}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stdin", terminal)
    return terminal


def test_every_action_has_a_key_of_its_own() -> None:
    keys = [action.key for action in ACTIONS]
    assert len(set(keys)) == len(keys)
    assert not {"e", "q"}.intersection(keys)
    assert all(f"[{action.key}]" in action.label for action in ACTIONS)


def test_go_on_with_the_tune(folder: Path, typed: io.StringIO) -> None:
    path = folder / "tune.abc"
    path.write_bytes(HEADER + b"GABc|d2B")
    typed.write("1\n")
    typed.seek(0)
    assert RUN["c"](Target(path, 1)) == ""
    assert path.read_bytes().startswith(HEADER + b"GABc|d2B")
    assert path.with_name("tune.abc.bak").read_bytes() == HEADER + b"GABc|d2B"
    assert not validate(path.read_text(encoding="utf-8"))
    with pytest.raises(InputError, match="is finished"):
        RUN["c"](Target(path, 1))


def test_write_bars_anew(folder: Path, typed: io.StringIO) -> None:
    old = HEADER + b"GABc|d2B2|ABcA|G4|]\n"
    path = folder / "tune.abc"
    path.write_bytes(old)
    typed.write("2-3\n2\n\n")
    typed.seek(0)
    assert RUN["r"](Target(path, 1)) == ""
    new = path.read_bytes()
    assert new != old
    assert new.startswith(HEADER + b"GABc|")
    assert new.endswith(b"|G4|]\n")
    assert RUN["r"](Target(path, 1)) == ""
    assert path.read_bytes() == new
