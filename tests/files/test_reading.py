import io
import os
import threading
from pathlib import Path

import pytest

from abclm.errors import InputError
from abclm.files import read_bytes, read_stream


@pytest.mark.parametrize(("name", "reason"), [("", "is a folder"), ("a.abc", "no such file")])
def test_what_cannot_be_read_is_one_line(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(InputError, match=f"cannot be read: {reason}"):
        read_bytes(tmp_path / name)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "/dev/urandom"])
def test_a_device_without_an_end_is_refused(device: str) -> None:
    if not Path(device).exists():
        pytest.skip("this system has none")
    with pytest.raises(InputError, match="is a device"):
        read_bytes(Path(device))


def test_nothing_is_read_from_the_null_device() -> None:
    assert read_bytes(Path(os.devnull)) == b""


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = b"G|" * 100_000
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    assert read_bytes(pipe) == content
    writer.join()


def test_a_pipe_that_nobody_writes_to_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abclm.files.streams._PATIENCE", 0.1)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="nobody writes to this pipe"):
        read_bytes(pipe)


def test_a_descriptor_of_the_shell_is_read_as_bash_hands_it_over() -> None:
    read, write = os.pipe()
    os.write(write, b"G|")
    os.close(write)
    try:
        assert read_bytes(Path(f"/dev/fd/{read}")) == b"G|"
    finally:
        os.close(read)


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.abc"
    with path.open("wb") as stream:
        stream.truncate(3 * 2**20)
    assert len(read_bytes(path)) == 3 * 2**20
    with pytest.raises(InputError, match=r"a\.abc: larger than 2 MiB"):
        read_bytes(path, 2 * 2**20)
    with pytest.raises(InputError, match="<stdin>: larger than 2 MiB"):
        read_stream(io.BytesIO(bytes(3 * 2**20)), "<stdin>", 2 * 2**20)


def test_links_in_a_circle_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(InputError, match="too many levels"):
        read_bytes(tmp_path / "a")
