import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from abclm.errors import OutputError
from abclm.files import claimed, locked
from abclm.files.folders import lock_folder

HOLD = (
    "import sys; from pathlib import Path; from abclm.files import locked\n"
    "with locked(Path(sys.argv[1])):\n"
    "    print('held', flush=True); sys.stdin.read()\n"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder / "abclm" / "locks"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.abc"
    path.write_bytes(b"X:1\n")
    return path


def other(path: Path) -> "subprocess.Popen[bytes]":
    """Another process that holds the lock on ``path`` until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_lock_lies_in_a_folder_of_the_user_alone(book: Path, home: Path) -> None:
    with locked(book):
        (lock,) = home.iterdir()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_waiting_is_said_and_given_up(book: Path) -> None:
    said: list[str] = []
    with other(book) as process:
        with (
            pytest.raises(
                OutputError, match=r"book\.abc: another abclm process has been writing it"
            ),
            locked(book, said.append, patience=1.2),
        ):
            pass
        process.communicate(b"")
    assert said == [f"waiting for another abclm process that is writing {book}"]
    with locked(book, said.append, patience=0):
        pass


def _link(lock: Path, target: Path) -> None:
    lock.symlink_to(target)


def _folder(lock: Path, _: Path) -> None:
    lock.mkdir()


def _pipe(lock: Path, _: Path) -> None:
    os.mkfifo(lock)


@pytest.mark.parametrize("planted", [_link, _folder, _pipe])
def test_what_is_planted_in_the_place_of_a_lock_does_no_harm(
    book: Path, home: Path, tmp_path: Path, planted: Callable[[Path, Path], None]
) -> None:
    with locked(book):
        (lock,) = home.iterdir()
    lock.unlink()
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    planted(lock, precious)
    with other(book) as process:
        with pytest.raises(OutputError), locked(book, patience=0):
            pass
        process.communicate(b"")
    assert precious.read_bytes() == b"mine"


def test_a_lock_with_something_in_it_is_not_emptied(book: Path, home: Path) -> None:
    with locked(book):
        (lock,) = home.iterdir()
    lock.write_bytes(b"mine")
    with locked(book):
        assert lock.read_bytes() == b"mine"


def test_a_lock_folder_that_is_a_link_is_not_used(book: Path, home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    home.parent.mkdir(parents=True)
    home.symlink_to(elsewhere)
    assert lock_folder() is None
    with locked(book):
        assert list(elsewhere.iterdir()) == []


def test_a_folder_that_others_may_write_is_closed_to_them(home: Path) -> None:
    home.mkdir(parents=True)
    home.chmod(0o777)
    assert lock_folder() == home
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_without_a_folder_of_ones_own_there_are_locks_all_the_same(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with other(book) as process:
        with pytest.raises(OutputError), locked(book, patience=0):
            pass
        process.communicate(b"")


def test_a_folder_is_claimed_by_one_at_a_time(tmp_path: Path) -> None:
    with claimed(tmp_path) as first, claimed(tmp_path) as second:
        assert (first, second) == (True, False)
    with claimed(tmp_path) as again:
        assert again
