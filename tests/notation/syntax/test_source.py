"""Bytes to text and back: each byte that is not changed is the same byte again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import InputError
from abclm.notation.syntax.source import Source, decode_source, line_end_of

DECLARED = [
    *(f"iso-8859-{number}" for number in (*range(1, 12), *range(13, 17))),
    *(f"windows-125{number}" for number in range(9)),
    "utf-8",
    "us-ascii",
    "latin1",
    "koi8-r",
    "no-such-charset",
]
CHUNKS = st.one_of(
    st.binary(max_size=6), st.sampled_from(["X:1\n", "é", "♯", "\r\n"]).map(str.encode)
)


@given(st.lists(CHUNKS, max_size=12).map(b"".join), st.sampled_from(["", *DECLARED]))
def test_every_byte_comes_back(data: bytes, charset: str) -> None:
    if charset:
        data = f"%%abc-charset {charset}\n".encode() + data
    try:
        source = Source.decode(data, "b.abc")
    except InputError:
        return
    assert source.encode(source.text) == data
    assert len(source.readable) == len(source.text)
    assert "\ufffd" not in source.readable or "\ufffd" in source.text
    source.readable.encode("utf-8", "strict" if source.encoding != "utf-16-le" else "ignore")


@pytest.mark.parametrize("charset", DECLARED)
def test_all_bytes_of_a_declared_charset_come_back(charset: str) -> None:
    data = f"I:abc-charset {charset}\n".encode() + bytes(range(0x80, 0x100)) + b"\n"
    source = Source.decode(data, "b.abc")
    assert source.encode(source.text) == data


@pytest.mark.parametrize(
    ("data", "encoding", "shown"),
    [
        ("é".encode() + b"\xe9", "utf-8", "éé"),
        (b"\xe9\xe8" + "é".encode(), "cp1252", "éèÃ©"),
        (b"\xef\xbb\xbf\xe9\xe8", "utf-8", "éè"),
        (b"%%abc-charset iso-8859-2\n\xf5", "iso8859-2", "%%abc-charset iso-8859-2\nő"),
        (b"%%abc-charset latin1\n\x93\xe9", "cp1252", "%%abc-charset latin1\n“é"),
        (b"%%abc-charset utf-8\n\xe9\xe9", "utf-8", "%%abc-charset utf-8\néé"),
        ("\ufeffé".encode("utf-32-be"), "utf-32-be", "é"),
    ],
)
def test_a_text_is_shown_as_it_was_meant(data: bytes, encoding: str, shown: str) -> None:
    source = Source.decode(data, "b.abc")
    assert (source.encoding, source.readable) == (encoding, shown)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("", "\n"),
        ("a\nb\nc\r\n", "\n"),
        ("a\r\nb\r\nc\n", "\r\n"),
        ("a\rb\r", "\r"),
        ("a\rb\n", "\r\n"),
    ],
)
def test_a_new_line_ends_as_the_others_do(text: str, end: str) -> None:
    assert line_end_of(text) == end


def test_a_page_with_a_tune_on_it_is_read_and_another_page_is_refused() -> None:
    page = b"<html><body><pre>\nX:1\nT:t\nK:C\nCDEF|]\n</pre></body></html>\n"
    assert decode_source(page) == page.decode()
    with pytest.raises(InputError, match="not a text file of ABC but HTML"):
        decode_source(b"<html><body>No tune here</body></html>\n")
