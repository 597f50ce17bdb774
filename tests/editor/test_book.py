import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.editor.book import Part, read_book
from abclm.errors import InputError

BOOK = "%%x\r\n\r\nX:1\r\nT:Caf\u00e9\r\nK:G\r\nG|\r\n\r\nfree text\n\nX: 02\nT:b\nK:D\nD|"
ENCODINGS = [
    (b"", "utf-8"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"", "cp1252"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
]


def test_a_tune_is_found_by_its_number() -> None:
    book = read_book(BOOK.encode(), "b.abc")
    assert book.read(book.tune(1)) == "X:1\nT:Caf\u00e9\nK:G\nG|\n"
    assert book.read(book.tune(2)) == "X: 02\nT:b\nK:D\nD|\n"
    with pytest.raises(InputError, match="no X:3; there are: 1, 02"):
        book.tune(3)


@pytest.mark.parametrize("form", ENCODINGS)
@pytest.mark.parametrize(
    ("number", "old", "new", "expected"),
    [
        (1, "G|\n", "G2|\n", ("G|\r\n", "G2|\r\n")),
        (1, "T:Caf\u00e9\n", "T:Caf\u00e9\nT:more\n", ("\u00e9\r\n", "\u00e9\r\nT:more\r\n")),
        (1, "G|\n", "", ("G|\r\n", "")),
        (2, "D|\n", "D|\nE|\n", ("D|", "D|\r\nE|")),
        (2, "D|\n", "D2|", ("D|", "D2|")),
        (2, "K:D\nD|\n", "K:D", ("K:D\nD|", "K:D\n")),
    ],
)
def test_what_is_not_changed_keeps_its_bytes(
    form: tuple[bytes, str], number: int, old: str, new: str, expected: tuple[str, str]
) -> None:
    mark, encoding = form
    data = mark + BOOK.encode(encoding)
    book = read_book(data, "b.abc")
    part = book.tune(number)
    changed = book.replace(part, book.read(part).replace(old, new))
    assert changed.data == mark + BOOK.replace(*expected).encode(encoding)
    assert read_book(changed.data, "b.abc") == changed


def test_bytes_that_mean_nothing_are_kept() -> None:
    data = b"X:1\nT:\x81\xe9\nK:G\nG|\n"
    book = read_book(data, "b.abc")
    assert book.replace(book.tune(1), book.read(book.tune(1)) + "A|").data == data + b"A|\n"


def test_a_character_that_the_encoding_has_not_is_refused() -> None:
    book = read_book("X:1\nT:\u00e9\nK:G\nG|\n".encode("cp1252"), "b.abc")
    with pytest.raises(InputError, match="'♯' cannot be written: the file is in Windows-1252"):
        book.replace(book.whole, "X:1\nT:♯\n")


LINES = st.lists(st.sampled_from(["", "X:1", "G|", "\u00e9"]), max_size=6)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(
    st.lists(st.tuples(st.sampled_from(["X:1", "G|", "\u00e9"]), ENDS), min_size=1, max_size=8),
    st.data(),
)
def test_only_the_part_changes(lines: list[tuple[str, str]], data: st.DataObject) -> None:
    text = "".join(line + end for line, end in lines)
    book = read_book(text.encode(), "b.abc")
    count = book.whole.stop
    start = data.draw(st.integers(0, count))
    part = Part(start, data.draw(st.integers(start, count)))
    assert book.replace(part, book.read(part)) == book
    new = "".join(f"{line}\n" for line in data.draw(LINES))
    changed = book.replace(part, new)
    size = part.start + len(new.splitlines())
    assert changed.read(Part(part.start, size)) == new
    before, after = book.read(Part(0, part.start)), book.read(Part(part.stop, count))
    assert changed.read(Part(0, part.start)) == before
    assert changed.read(Part(size, changed.whole.stop)) == after
