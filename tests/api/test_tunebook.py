"""A tunebook: tunes by their numbers, changed without harm to any other byte."""

from pathlib import Path

import pytest

import abclm
from abclm.errors import ChangedError, InputError, OutputError

BOOK = (
    b"%abc-2.1\r\nM:4/4\r\n\r\nX:7\r\nT:Caf\xe9\r\nL:1/8\r\nK:G\r\nGABc dedB|c2ec B2dB|]\r\n"
    b"\r\nfree text \x81\r\n\r\nX: 03 % three\nT:b\nL:1/8\nK:D\nDEFG ABcd|]"
)


@pytest.fixture
def book(folder: Path) -> abclm.Tunebook:
    (folder / "book.abc").write_bytes(BOOK)
    return abclm.read("book.abc")


def saved() -> bytes:
    return Path("book.abc").read_bytes()


def test_tunes_are_found_by_their_numbers(book: abclm.Tunebook) -> None:
    assert len(book) == 2
    assert [tune.number for tune in book] == [7, 3]
    assert book[3].title == "b"
    assert 7 in book
    assert 1 not in book
    with pytest.raises(InputError, match=r"no X:1; there are: 7, 3"):
        _ = book[1]


def test_a_tune_of_it_is_whole(book: abclm.Tunebook) -> None:
    assert book[7].abc == "X:7\nT:Café\nM:4/4\nL:1/8\nK:G\nGABc dedB|c2ec B2dB|]\n"


def test_what_was_not_changed_keeps_its_bytes(book: abclm.Tunebook) -> None:
    book[3] = book[3].transpose("G")
    book.save()
    changed = BOOK.replace(b"K:D\nDEFG ABcd|]", b"K:G\r\nGABc defg|]")
    assert saved() == changed
    assert Path("book.abc.bak").read_bytes() == BOOK


def test_nothing_is_written_where_nothing_changed(book: abclm.Tunebook) -> None:
    book.save()
    assert saved() == BOOK
    assert not Path("book.abc.bak").exists()


def test_a_tune_is_appended_with_the_next_number(book: abclm.Tunebook) -> None:
    tune = abclm.Tune("X:1\nT:new\nM:3/4\nL:1/8\nK:C\nCDEFGA|]\n")
    assert book.append(tune) == 8
    assert book[8].abc == tune.abc.replace("X:1", "X:8")
    book.save()
    assert saved() == BOOK + b"\r\n\r\nX:8\r\nT:new\r\nM:3/4\r\nL:1/8\r\nK:C\r\nCDEFGA|]\r\n"


def test_a_tune_of_elsewhere_takes_the_number_of_the_one_it_stands_for(
    book: abclm.Tunebook,
) -> None:
    book[3] = abclm.Tune("X:1\nT:new\nM:3/4\nL:1/8\nK:C\nCDEFGA|]\n")
    assert book[3].abc == "X:3\nT:new\nM:3/4\nL:1/8\nK:C\nCDEFGA|]\n"
    assert "X: 03 % three\n" in book.text
    assert book[7].title == "Café"


def test_a_character_that_the_file_cannot_hold_is_refused(book: abclm.Tunebook) -> None:
    with pytest.raises(InputError, match="cannot be written: the file is in Windows-1252"):
        book[3] = abclm.Tune("X:1\nT:ř\nM:3/4\nL:1/8\nK:C\nCDEFGA|]\n")


def test_what_somebody_else_wrote_meanwhile_is_not_lost(book: abclm.Tunebook) -> None:
    Path("book.abc").write_bytes(BOOK + b"\n% more\n")
    book.append(book[3])
    with pytest.raises(ChangedError):
        book.save()
    assert saved() == BOOK + b"\n% more\n"


def test_it_goes_to_another_file_by_its_name(book: abclm.Tunebook) -> None:
    book.save("other.abc")
    assert Path("other.abc").read_bytes() == BOOK
    book.save("page.html")
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.count("<article") == 2
    with pytest.raises(OutputError, match="save the tunes one by one"):
        book.save("book.mid")


def test_a_book_in_no_file_wants_a_path() -> None:
    book = abclm.Tunebook()
    book.append(abclm.Tune("X:1\nT:a\nM:3/4\nL:1/8\nK:C\nCDEFGA|]\n"))
    with pytest.raises(OutputError, match="give save"):
        book.save()
    book.save("new.abc")
    assert abclm.read("new.abc")[1].title == "a"


def test_a_missing_file_is_one_clear_line() -> None:
    with pytest.raises(InputError, match=r"none\.abc: cannot be read"):
        abclm.read("none.abc")
