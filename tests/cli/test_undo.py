"""``abclm undo``: the old version put back, and that taken back."""

from pathlib import Path

import pytest

import abclm
from tests.cli.conftest import Run

OLD = b"% \xe9\r\nX:1\r\nT:One\r\nM:2/4\r\nL:1/8\r\nK:G\r\nGABc|d4|]\r\n"


@pytest.fixture
def book(folder: Path) -> Path:
    path = folder / "book.abc"
    path.write_bytes(OLD)
    path.chmod(0o640)
    return path


def test_the_old_version_comes_back_and_the_new_one_too(run: Run, book: Path) -> None:
    assert run("transpose", book, "--key", "A", "--in-place").exit_code == 0
    new, backup = book.read_bytes(), book.with_name("book.abc.bak")
    assert new != OLD
    for here, there in ((OLD, new), (new, OLD), (OLD, new)):
        done = run("undo", book)
        assert done.exit_code == 0
        assert (book.read_bytes(), backup.read_bytes()) == (here, there)
    assert book.stat().st_mode & 0o777 == backup.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in book.parent.iterdir()) == ["book.abc", "book.abc.bak"]


def test_the_newest_of_several_old_versions_comes_back(run: Run, book: Path) -> None:
    run("transpose", book, "--key", "A", "--in-place")
    second = book.read_bytes()
    run("transpose", book, "--key", "D", "--in-place")
    assert run("undo", book).exit_code == 0
    assert book.read_bytes() == second
    assert book.with_name("book.abc.bak").read_bytes() == OLD


def test_a_file_that_was_deleted_comes_back(run: Run, book: Path) -> None:
    run("transpose", book, "--key", "A", "--in-place")
    book.unlink()
    assert run("undo", book).exit_code == 0
    assert book.read_bytes() == OLD


def test_a_book_is_read_again(run: Run, book: Path) -> None:
    read = abclm.read(book)
    read.transpose("A")
    read.save()
    read.undo()
    assert read.text == abclm.read(book).text
    assert book.read_bytes() == OLD


@pytest.mark.parametrize("name", ["book.abc", "missing.abc", "-"])
def test_without_an_old_version_there_is_one_line(run: Run, book: Path, name: str) -> None:
    done = run("undo", name)
    assert done.exit_code == 2
    assert "no old version" in done.stderr
    assert book.read_bytes() == OLD
