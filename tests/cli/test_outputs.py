"""What may be written where, seen before work is spent on it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

BOOK = b"X:1\nT:t\nM:2/4\nL:1/8\nK:G Major\nGABc|d4|]\n"


@pytest.fixture
def book(folder: Path, spelling: Path) -> Path:
    path = folder / "f.abc"
    path.write_bytes(BOOK)
    return path


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ("render f.abc --midi f.abc", "MIDI is not written to a .abc file"),
        ("render f.abc --svg f.abc", "SVG is not written to a .abc file"),
        ("render f.abc --wav x.mp3", "WAV is not written to a .mp3 file"),
        ("render f.abc --html x.mid", "HTML is not written to a .mid file"),
        ("render f --midi f", "is an input"),
        ("generate -o y.pdf", "ABC is not written to a .pdf file"),
        ("generate -o new.mid", "ABC is not written to a .mid file"),
        ("generate -o new.abc --midi new.abc", "MIDI is not written to a .abc file"),
        ("generate -o same --midi same", "same: would be written twice"),
        ("keep 1 Title -o y.pdf", "ABC is not written to a .pdf file"),
        ("transpose f.abc --key D -o f.abc", "f.abc: is an input"),
        ("transpose f.abc --key D -o link.abc", "link.abc: is an input"),
        ("redo f.abc --bars 1 --pick 1 -o hard.abc", "hard.abc: is an input"),
        ("continue f.abc -o f.svg", "ABC is not written to a .svg file"),
        ("second-part f.abc --in-place -o g.abc", "--in-place writes FILE"),
        ("evaluate --html x.abc", "HTML is not written to a .abc file"),
        ("validate --fix pipe", "pipe: is not a file that can be changed"),
        ("transpose pipe --key D --in-place", "pipe: is not a file that can be changed"),
        ("edit pipe", "pipe: is not a file that can be edited"),
        ("edit loop", "loop: cannot be written: too many levels of symbolic links"),
        ("generate -o loop", "loop: cannot be written: too many levels of symbolic links"),
        ("validate loop", "loop: cannot be read: too many levels of symbolic links"),
        ("corpus build f corpora/f/train.abc", "give the corpus another name"),
    ],
)
def test_an_output_that_would_do_harm_is_one_line(
    run: Run, folder: Path, book: Path, args: str, message: str
) -> None:
    (folder / "f").write_bytes(BOOK)
    (folder / "link.abc").symlink_to(book)
    (folder / "hard.abc").hardlink_to(book)
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe")
    (folder / "corpora" / "f").mkdir(parents=True)
    (folder / "corpora" / "f" / "train.abc").write_bytes(BOOK)
    before = sorted(folder.rglob("*"))
    done = run(*args.split())
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert sorted(folder.rglob("*")) == before
    assert book.read_bytes() == BOOK


def test_a_pipe_gets_all_tunes_at_once(run: Run, folder: Path, spelling: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as cat:
        done = run("generate", "--checkpoint", "spelling", "-n", "3", "-o", pipe)
        assert done.exit_code == 0
        assert cat.stdout is not None
        assert cat.stdout.read().count(b"X:") == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("args", [["show", "1"], ["transpose", "f.abc", "--key", "D"]])
def test_standard_output_that_is_full_is_one_line(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    monkeypatch.setenv("ABCLM_DATA", str(book.parent / "data"))
    assert run("generate", "--checkpoint", "spelling").exit_code == 0
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "abclm", *args], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert b"standard output: cannot be written: no space left on device\n" in done.stderr
    assert b"Traceback" not in done.stderr
