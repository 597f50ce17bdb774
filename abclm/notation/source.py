"""From the bytes of a file to its text: encodings as they occur in real tunebooks."""

import re

from abclm.errors import InputError

__all__ = ["decode_source", "unescape_text"]

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_MNEMONIC = re.compile(r"\\([`'^~\"ucv/])([A-Za-z])|\\(AA|aa|AE|ae|OE|oe|ss|DH|dh|TH|th)")
_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    '"': "\u0308",
    "u": "\u0306",
    "v": "\u030c",
    "c": "\u0327",
}
_LIGATURES = dict(
    zip(
        ("AA", "aa", "AE", "ae", "OE", "oe", "ss", "DH", "dh", "TH", "th"),
        "ÅåÆæŒœßÐðÞþ",
        strict=True,
    )
)


def decode_source(data: bytes, name: str = "input") -> str:
    r"""The text of an ABC file: UTF-8 or UTF-16 by its byte order mark, UTF-8, else Windows-1252.

    Line ends are left as they are, so that positions and `--fix` see the real file.

    Raises:
        InputError: the bytes are no text (NUL or mostly control characters).
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if _is_binary(data):
        raise InputError(f"{name}: not a text file, so not ABC")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # UTF-8 is the standard's default; older tunebooks are Latin-1 as Windows has it.
        return data.decode("cp1252", errors="replace")


def unescape_text(text: str) -> str:
    r"""Resolve the accent mnemonics of ABC 2.1 section 8.2, such as ``\'e`` for é, and ``\%``."""
    import unicodedata  # noqa: PLC0415 - needed for a few titles only

    def resolve(match: re.Match[str]) -> str:
        accent, letter, ligature = match.groups()
        if ligature:
            return _LIGATURES[ligature]
        if accent == "/":
            return {"o": "ø", "O": "Ø"}.get(letter, letter)
        return unicodedata.normalize("NFC", letter + _COMBINING[accent])

    return _MNEMONIC.sub(resolve, text).replace("\\%", "%") if "\\" in text else text


def _is_binary(data: bytes) -> bool:
    head = data[:4096]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1a\x1b" for byte in head)
    return b"\x00" in head or controls * 10 > len(head)
