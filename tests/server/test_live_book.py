"""A page follows its file, and stays as it was while the file cannot be read."""

from pathlib import Path

import pytest

from abclm.errors import InputError
from abclm.server.live_book import LiveBook

TUNE = "X:1\nT:One\nK:G\nG4|]\n"


def shown(path: Path, lines: list[str]) -> LiveBook:
    return LiveBook(path, lambda book, version: f"{version} {book.text}", lines.append)


def test_a_page_is_made_anew_when_the_text_has_changed(tmp_path: Path) -> None:
    path, lines = tmp_path / "book.abc", list[str]()
    path.write_text(TUNE, encoding="utf-8")
    book = shown(path, lines)
    first = book.version
    assert book.page == f"{first} {TUNE}"
    path.write_text(TUNE + "\n" + TUNE.replace("One", "Two"), encoding="utf-8")
    assert book.version != first
    assert "T:Two" in book.page
    assert len(lines) == 1


def test_a_file_that_cannot_be_read_leaves_the_page(tmp_path: Path) -> None:
    path, lines = tmp_path / "book.abc", list[str]()
    path.write_text(TUNE, encoding="utf-8")
    book = shown(path, lines)
    page = book.page
    path.unlink()
    assert book.page == page
    assert [line for line in lines if "stays as it was" in line]
    path.write_text(TUNE, encoding="utf-8")
    assert book.page == page


def test_a_book_that_cannot_be_read_at_first_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        shown(tmp_path / "none.abc", [])
