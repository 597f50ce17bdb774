import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.compose.book import LineRange, find_tune, read_part, replace_part, whole
from abclm.errors import InputError
from abclm.notation.syntax.source import Source

BOOK = "%%x\r\n\r\nX:1\r\nT:Caf\u00e9\r\nK:G\r\nG|\r\n\r\nfree text\n\nX: 02\nT:b\nK:D\nD|"
ENCODINGS = [
    (b"", "utf-8"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"", "cp1252"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
]


def test_a_tune_is_found_by_its_number() -> None:
    book = Source.decode(BOOK.encode(), "b.abc")
    assert read_part(book, find_tune(book, 1)) == "X:1\nT:Caf\u00e9\nK:G\nG|\n"
    assert read_part(book, find_tune(book, 2)) == "X: 02\nT:b\nK:D\nD|\n"
    with pytest.raises(InputError, match="no X:3; there are: 1, 02"):
        find_tune(book, 3)


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
    book = Source.decode(data, "b.abc")
    part = find_tune(book, number)
    changed = replace_part(book, part, read_part(book, part).replace(old, new))
    assert changed.data == mark + BOOK.replace(*expected).encode(encoding)
    assert Source.decode(changed.data, "b.abc") == changed


def test_bytes_that_mean_nothing_are_kept() -> None:
    data = b"X:1\nT:\x81\xe9\nK:G\nG|\n"
    book = Source.decode(data, "b.abc")
    part = find_tune(book, 1)
    assert replace_part(book, part, read_part(book, part) + "A|").data == data + b"A|\n"


def test_a_character_that_the_encoding_has_not_is_refused() -> None:
    book = Source.decode("X:1\nT:\u00e9\nK:G\nG|\n".encode("cp1252"), "b.abc")
    with pytest.raises(InputError, match="'♯' cannot be written: the file is in Windows-1252"):
        replace_part(book, whole(book), "X:1\nT:♯\n")


def test_odd_bytes_are_shown_and_kept_between_two_changes_and_in_a_changed_line() -> None:
    data = "X:1\nT:Caf\u00e9 Bar\nK:G\nG|\n".encode() + b"W:caf\xe9 A\nW:B\n"
    book = Source.decode(data, "b.abc")
    text = read_part(book, whole(book))
    assert "W:caf\u00e9 A\n" in text
    changed = replace_part(book, whole(book), text.replace("Bar", "Baz").replace("W:B", "W:C"))
    assert changed.data == data.replace(b"Bar", b"Baz").replace(b"W:B", b"W:C")
    changed = replace_part(book, whole(book), text.replace("A\n", "\u00e1\n"))
    assert changed.data == data.replace(b"A\n", b"\xc3\xa1\n")


LINES = st.lists(st.sampled_from(["", "X:1", "G|", "\u00e9"]), max_size=6)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(
    st.lists(st.tuples(st.sampled_from(["X:1", "G|", "\u00e9"]), ENDS), min_size=1, max_size=8),
    st.data(),
)
def test_only_the_part_changes(lines: list[tuple[str, str]], data: st.DataObject) -> None:
    text = "".join(line + end for line, end in lines)
    book = Source.decode(text.encode(), "b.abc")
    count = whole(book).stop
    start = data.draw(st.integers(0, count))
    part = LineRange(start, data.draw(st.integers(start, count)))
    assert replace_part(book, part, read_part(book, part)) == book
    new = "".join(f"{line}\n" for line in data.draw(LINES))
    changed = replace_part(book, part, new)
    size = part.start + len(new.splitlines())
    assert read_part(changed, LineRange(part.start, size)) == new
    before, after = (
        read_part(book, LineRange(0, part.start)),
        read_part(book, LineRange(part.stop, count)),
    )
    assert read_part(changed, LineRange(0, part.start)) == before
    assert read_part(changed, LineRange(size, whole(changed).stop)) == after
