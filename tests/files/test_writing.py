import errno
import os
import resource
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from abclm.errors import ChangedError, OutputError
from abclm.files import (
    check_writable,
    is_stream,
    keep_beside,
    keep_somewhere,
    leftovers,
    write_atomically,
)

ROOT = os.geteuid() == 0


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_new_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.abc"
    write_atomically(path, "é")
    assert path.read_bytes() == b"\xc3\xa9"
    write_atomically(path, b"b")
    assert path.read_bytes() == b"b"
    assert names(tmp_path) == ["a.abc"]


def test_what_was_changed_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.abc"
    path.write_bytes(b"theirs")
    with pytest.raises(ChangedError):
        write_atomically(path, b"ours", instead_of=b"read")
    with pytest.raises(ChangedError):
        write_atomically(path, b"ours", instead_of=b"")
    write_atomically(path, b"ours", instead_of=b"theirs")
    assert path.read_bytes() == b"ours"
    assert names(tmp_path) == ["a.abc"]


def test_hard_links_stay_one_file(tmp_path: Path) -> None:
    path, other = tmp_path / "a.abc", tmp_path / "b.abc"
    path.write_bytes(b"old and longer")
    other.hardlink_to(path)
    for content in (b"new", b"new and much longer than it was"):
        write_atomically(path, content)
        assert other.read_bytes() == content
    assert path.samefile(other)
    assert names(tmp_path) == ["a.abc", "b.abc"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o2755, 0o4711, 0o1644])
def test_the_mode_stays_with_all_its_bits(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.abc"
    path.write_bytes(b"old")
    path.chmod(mode)
    beside = keep_beside(path, b"old")
    write_atomically(path, b"new")
    for file in (path, beside):
        assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(not ROOT, reason="the superuser alone gives files away")
def test_the_owner_and_the_group_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.abc"
    path.write_bytes(b"old")
    os.chown(path, 1234, 2345)
    path.chmod(0o2640)
    beside = keep_beside(path, b"old")
    write_atomically(path, b"new")
    for file in (path, beside):
        status = file.stat()
        assert (status.st_uid, status.st_gid) == (1234, 2345)
        assert stat.S_IMODE(status.st_mode) == 0o2640


def test_extended_attributes_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.abc"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.source", b"a session")
    except OSError:
        pytest.skip("this file system has none")
    write_atomically(path, b"new")
    assert os.getxattr(path, "user.source") == b"a session"


def test_a_symbolic_link_is_followed_and_stays(tmp_path: Path) -> None:
    path, link = tmp_path / "a.abc", tmp_path / "link.abc"
    link.symlink_to("a.abc")
    write_atomically(link, b"new")
    assert path.read_bytes() == b"new"
    assert link.is_symlink()


def test_links_in_a_circle_are_one_line(tmp_path: Path) -> None:
    link = tmp_path / "a"
    link.symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for work in (check_writable, lambda path: write_atomically(path, b"")):
        with pytest.raises(OutputError, match="cannot be written: too many levels"):
            work(link)


@pytest.mark.parametrize(("name", "reason"), [("", "is a folder"), ("no/a.abc", "no folder")])
def test_where_nothing_can_be_written_it_is_said_before(
    tmp_path: Path, name: str, reason: str
) -> None:
    with pytest.raises(OutputError, match=reason):
        check_writable(tmp_path / name)


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 125 + ".abc")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_pipe_is_written_to_if_somebody_reads_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert is_stream(pipe)
    check_writable(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    content = b"G|" * 100_000
    write_atomically(pipe, content)
    reader.join()
    assert got == [content]


def test_a_pipe_that_nobody_reads_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abclm.files.streams._PATIENCE", 0.1)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="nobody reads from this pipe"):
        write_atomically(pipe, b"new")


def test_a_socket_is_refused_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket has to be short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket")
        with pytest.raises(OutputError, match="socket: cannot be written: is a socket"):
            check_writable(Path("socket"))


def test_devices_are_written_to() -> None:
    write_atomically(Path(os.devnull), b"new")
    if Path("/dev/full").exists():
        with pytest.raises(OutputError, match="/dev/full: cannot be written: no space left"):
            write_atomically(Path("/dev/full"), b"new")


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "-"])
def test_the_descriptors_of_a_shell_are_written_to_where_they_stand(
    tmp_path: Path, name: str
) -> None:
    script = (
        "from pathlib import Path; from abclm.files import write_atomically\n"
        f"write_atomically(Path({name!r}), b'G')"
    )
    out = tmp_path / "out"
    with out.open("wb") as stream:
        for _ in range(2):
            subprocess.run([sys.executable, "-c", script], stdout=stream, check=True, cwd=tmp_path)
    assert out.read_bytes() == b"GG"
    assert names(tmp_path) == ["out"]


def test_on_a_full_disk_nothing_is_lost_and_nothing_left(small_disk: Path) -> None:
    path = small_disk / "a.abc"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match="no space left on device"):
        write_atomically(path, b"n" * 100_000)
    with pytest.raises(OutputError, match=r"a\.abc\.bak: cannot be written: no space left"):
        keep_beside(path, b"n" * 100_000)
    assert names(small_disk) == ["a.abc"]
    assert path.read_bytes() == b"old"


def test_hard_links_on_a_full_disk_are_as_they_were(small_disk: Path) -> None:
    path = small_disk / "a.abc"
    path.write_bytes(b"old" * 5000)
    (small_disk / "b.abc").hardlink_to(path)
    with pytest.raises(OutputError, match="no space left on device"):
        write_atomically(path, b"n" * 60_000)
    assert names(small_disk) == ["a.abc", "b.abc"]
    assert path.read_bytes() == b"old" * 5000


def test_a_file_too_large_for_its_owner_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.abc"
    path.write_bytes(b"old")
    script = (
        "import resource, signal; from pathlib import Path\n"
        "from abclm.files import write_atomically\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (1000, {resource.RLIM_INFINITY}))\n"
        f"write_atomically(Path({str(path)!r}), b'n' * 5000)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert b"OutputError" in done.stderr
    assert b"file too large" in done.stderr
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.abc"]


def test_in_a_folder_that_cannot_be_written_the_file_itself_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "a.abc"
    path.write_bytes(b"old")
    make = tempfile.mkstemp

    # The superuser may write anywhere.
    def refuse(suffix: str, prefix: str, where: Path) -> tuple[int, str]:
        if where == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return make(suffix, prefix, where)

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    monkeypatch.setenv("ABCLM_DATA", str(tmp_path / "data"))
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path / "data" / "kept") == []
    kept = keep_somewhere("a.rejected.abc", b"typed", folder)
    assert kept == tmp_path / "data" / "kept" / "a.rejected.abc"
    assert kept.read_bytes() == b"typed"


def test_copies_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "a.abc"
    path.write_bytes(b"old")
    copies = [keep_beside(path, content) for content in (b"1", b"2", b"3")]
    assert [copy.name for copy in copies] == ["a.abc.bak", "a.abc.bak2", "a.abc.bak3"]
    assert [copy.read_bytes() for copy in copies] == [b"1", b"2", b"3"]


def test_what_a_killed_process_left_goes_with_the_next_writing(tmp_path: Path) -> None:
    path = tmp_path / "a.abc"
    script = (
        "import os, signal; from pathlib import Path\n"
        "from abclm.files.temporary import Temporary\n"
        f"with Temporary(Path({str(path)!r})):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    (left,) = leftovers(path)
    write_atomically(path, b"new")
    assert leftovers(path) == [left]  # perhaps its process is just beginning
    before = time.time() - 60
    os.utime(left, (before, before))
    write_atomically(path, b"newer")
    assert leftovers(path) == []
