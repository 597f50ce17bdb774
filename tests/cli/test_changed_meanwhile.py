"""A book that something else changes while a command works on it: nothing of either is lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from abclm.api import books
from tests.cli.conftest import Run

MODEL = ("--checkpoint", "spelling", "--seed", "1")
ONE = b"X:1\nT:One\nM:2/4\nL:1/8\nK:G Major\nBAGA|d2d2|B2A2|G4|]\n"
TWO = b"\nX:2\nT:Two\nM:2/4\nL:1/8\nK:G\nGABc|d2\n"
BOOK = b"% mine\n\n" + ONE + TWO
MORE = b"\nX:3\nT:Three \xe9\nM:2/4\nL:1/8\nK:D\nD4|D4|]\n"
WAYS = {
    "redo": ("redo", "book.abc", "--tune", "1", "--bars", "3-4", "--pick", "1", *MODEL),
    "continue": ("continue", "book.abc", "--tune", "2", *MODEL),
    "second part": ("second-part", "book.abc", "--tune", "1", "-n", "1", *MODEL),
    "transpose": ("transpose", "book.abc", "--tune", "1", "--key", "A"),
    "fix": ("validate", "--fix", "book.abc"),
}


@pytest.fixture
def book(folder: Path, spelling: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))
    path = folder / "book.abc"
    path.write_bytes(BOOK)
    return path


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Has something happen once a command has done its work and is about to write."""

    def happens(what: Callable[[], object]) -> None:
        replace = books.replace_file

        def late(file: Path, old: bytes, new: bytes, say: Callable[[str], None]) -> Path:
            monkeypatch.setattr(books, "replace_file", replace)
            what()
            return replace(file, old, new, say)

        monkeypatch.setattr(books, "replace_file", late)

    return happens


def in_place(way: str) -> tuple[str, ...]:
    return WAYS[way] if way == "fix" else (*WAYS[way], "--in-place")


@pytest.mark.parametrize("way", WAYS)
def test_a_tune_added_before_or_after_stays(
    run: Run, book: Path, meanwhile: Callable[..., None], way: str
) -> None:
    assert run(*in_place(way)).exit_code in {0, 1}
    alone = book.read_bytes()
    book.write_bytes(BOOK)
    Path("book.abc.bak").unlink()
    theirs = b"% theirs\n\n" + ONE.replace(b"X:1", b"X:9").replace(b" Major", b"") + b"\n"
    changed = theirs + BOOK + MORE
    meanwhile(lambda: book.write_bytes(changed))
    done = run(*in_place(way))
    assert done.exit_code in {0, 1}, done.stderr
    assert book.read_bytes() == theirs + alone + MORE
    assert Path("book.abc.bak").read_bytes() == changed
    assert not Path("book.abc.bak2").exists()


@pytest.mark.parametrize(
    ("way", "change"),
    [
        ("redo", (b"BAGA|", b"GAGA|")),
        ("redo", (ONE, b"")),
        ("second part", (b"% mine\n", b"L:1/16\n")),
        ("continue", (b"GABc|d2\n", b"GABc|d2 d2|\n")),
    ],
)
def test_a_change_of_the_tune_itself_or_its_header_is_not_overwritten(
    run: Run, book: Path, meanwhile: Callable[..., None], way: str, change: tuple[bytes, bytes]
) -> None:
    changed = BOOK.replace(*change)
    assert changed != BOOK
    meanwhile(lambda: book.write_bytes(changed))
    done = run(*in_place(way))
    assert done.exit_code == 2
    assert "was changed in the meantime by another program" in done.stderr
    assert "what was written is in the history: abclm show 1" in done.stderr
    assert book.read_bytes() == changed
    assert not Path("book.abc.bak").exists()
    assert run("show", "1").exit_code == 0


GONE: dict[str, Callable[[Path], object]] = {
    "cannot be read: no such file or directory": Path.unlink,
    "not a text file of ABC but MIDI": lambda book: book.write_bytes(b"MThd"),
}


@pytest.mark.parametrize("where", ["in the history: abclm show 1", "in book.rejected.abc"])
@pytest.mark.parametrize("why", GONE)
def test_where_the_book_is_gone_it_is_said_where_the_work_is(
    run: Run, book: Path, meanwhile: Callable[..., None], why: str, where: str
) -> None:
    if "history" not in where:
        Path("data").write_bytes(b"")
    for way in ("redo", "continue", "second part"):
        book.write_bytes(BOOK)
        meanwhile(lambda: GONE[why](book))
        done = run(*in_place(way))
        assert done.exit_code == 2
        last = done.stderr.splitlines()[-1]
        assert last.startswith(f"abclm: book.abc: {why}; what was written is {where[:14]}")
        assert "history" not in where or run("show", "1").exit_code == 0


def test_without_a_history_what_was_written_is_in_a_file(
    run: Run, book: Path, meanwhile: Callable[..., None]
) -> None:
    Path("data").write_bytes(b"")  # no folder for a history
    meanwhile(lambda: book.write_bytes(MORE))
    done = run(*in_place("redo"))
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].endswith("what was written is in book.rejected.abc")
    assert Path("book.rejected.abc").read_text(encoding="utf-8").startswith("X:1\nT:One\n")
    assert book.read_bytes() == MORE


def test_a_book_that_keeps_changing_is_given_up(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = books.replace_file

    def restless(file: Path, old: bytes, new: bytes, say: Callable[[str], None]) -> Path:
        book.write_bytes(book.read_bytes() + b"% again\n")
        return replace(file, old, new, say)

    monkeypatch.setattr(books, "replace_file", restless)
    done = run(*in_place("fix"))
    assert done.exit_code == 2
    assert done.stderr == "abclm: book.abc: not written: another program keeps changing it\n"
    assert book.read_bytes().startswith(BOOK)


def test_in_a_folder_that_is_deleted_one_line_says_so(
    run: Run, book: Path, meanwhile: Callable[..., None]
) -> None:
    meanwhile(lambda: shutil.rmtree(book.parent))
    done = run(*in_place("fix"))
    assert done.exit_code == 2
    assert done.stderr == "abclm: the current folder has been deleted: change to another one\n"
