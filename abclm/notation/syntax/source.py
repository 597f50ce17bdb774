"""From the bytes of a file to its text and back, with the encodings found in real tunebooks."""

import codecs
import re
from dataclasses import dataclass

from abclm.errors import InputError
from abclm.files.kinds import FileKind, kind_of

__all__ = ["Source", "decode_source", "line_end_of", "readable", "unescape_text"]

_MARKS = (
    # UTF-32 first: the mark of UTF-16 is the beginning of its mark.
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_NAMES = (("CP", "Windows-"), ("ISO8859", "ISO-8859"), ("-LE", ""), ("-BE", ""))
"""Parts of Python's names for encodings, in capitals, and their usual spellings."""
_DECLARED = re.compile(
    rb"^(?:%%|I:[ \t]*)abc-charset[ \t]+([\w.:-]+)", re.MULTILINE | re.IGNORECASE
)
_CHARSETS = re.compile(
    r"utf-?8|(?:us-?)?ascii|(?:iso-?)?8859-?(?:[1-9]|1[0-6])|latin-?(?:[1-9]|10)"
    r"|(?:windows-?|cp)125[0-8]|koi8-[ru]",
    re.IGNORECASE,
)
"""Names accepted in ``%%abc-charset``, all of encodings that extend ASCII."""
_SPELT = (("^8859", "iso8859"), ("^latin-", "latin"), ("^windows-?", "cp"))
"""Patterns in those names, and Python's spellings."""
_SEQUENCE = re.compile("[^\x00-\x7f\udc80-\udcff]")
_ODD_BYTE = re.compile("[\udc80-\udcff]")
_SHOWN = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte)
    for byte in range(0x80, 0x100)
}
_TUNE = re.compile(r"(?:^|[\r\n])X:")
"""What a web page with tunes as text contains."""
_LINE_END = re.compile(r"\r\n|\r|\n")

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


@dataclass(frozen=True, slots=True)
class Source:
    """An ABC file: its bytes, and its text, which can be edited without changing other bytes.

    A byte that is invalid in the encoding becomes a lone surrogate in ``text`` (Python's
    ``surrogateescape``), which is encoded to the same byte again.

    Attributes:
        name: the name of the file in messages.
        data: its bytes.
        mark: its byte order mark, or empty.
        encoding: how the rest of ``data`` is encoded.
        text: the rest of ``data`` decoded, line ends unchanged.
    """

    name: str
    data: bytes
    mark: bytes
    encoding: str
    text: str

    @classmethod
    def of(cls, text: str, name: str) -> "Source":
        """Return a source for text that does not come from a file."""
        return cls(name, text.encode(), b"", "utf-8", text)

    @classmethod
    def decode(cls, data: bytes, name: str) -> "Source":
        """Return the source of a file called ``name`` with these bytes.

        The encoding is that of the byte order mark, else that of ``%%abc-charset``, else UTF-8, or
        Windows-1252 if more of the non-ASCII bytes are invalid UTF-8 than form valid characters.

        Raises:
            InputError: the bytes are not text, or are invalid in the encoding of their mark.
        """
        mark, encoding = next((one for one in _MARKS if data.startswith(one[0])), (b"", ""))
        encoding = encoding or _declared(data) or _likely(data)
        try:
            text = data[len(mark) :].decode(encoding, _errors(encoding))
        except UnicodeDecodeError as error:
            place = f"{_name(encoding)} at byte {len(mark) + error.start}"
            raise InputError(f"{name}: not valid {place}: save it as UTF-8") from error
        if problem := _other_kind(data, text):
            raise InputError(f"{name}: {problem}")
        return cls(name, data, mark, encoding, text)

    @property
    def readable(self) -> str:
        """The text for reading only, see `readable`; positions are the same as in ``text``."""
        return readable(self.text)

    @property
    def line_end(self) -> str:
        """The line end for new lines in this file, see `line_end_of`."""
        return line_end_of(self.text)

    def encode(self, text: str) -> bytes:
        """Return the bytes of the file with ``text`` as its text.

        Raises:
            InputError: a character does not exist in the encoding of the file.
        """
        try:
            return self.mark + text.encode(self.encoding, _errors(self.encoding))
        except UnicodeEncodeError as error:
            message = f"{text[error.start]!r} cannot be written: the file is in"
            mend = "leave it out, or save the file as UTF-8"
            raise InputError(f"{self.name}: {message} {_name(self.encoding)}: {mend}") from error


def decode_source(data: bytes, name: str = "input") -> str:
    """Return the text of an ABC file, for reading only; see `Source.decode`.

    Line ends are unchanged, so that positions are those in the file.

    Raises:
        InputError: the bytes are not text.
    """
    return Source.decode(data, name).readable


def readable(text: str) -> str:
    """Return the text of a `Source` with its invalid bytes shown as Windows-1252 characters."""
    return text.translate(_SHOWN) if _ODD_BYTE.search(text) else text


def line_end_of(text: str) -> str:
    r"""Return the line end for new lines: the most common in ``text``, ``\n`` if it has none.

    If both ``\r`` and ``\n`` end lines by themselves, it is ``\r\n``: either of the two could merge
    with a neighbour into one line end.
    """
    ends = _LINE_END.findall(text)
    pairs, returns, feeds = (ends.count(end) for end in ("\r\n", "\r", "\n"))
    if returns:
        return "\r\n" if feeds or pairs > returns else "\r"
    return "\r\n" if pairs > feeds else "\n"


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


def _declared(data: bytes) -> str | None:
    """The encoding that the file itself declares, or None if it is unknown or missing."""
    found = _DECLARED.search(data.replace(b"\r", b"\n"))
    name = found[1].decode("latin-1").lower() if found is not None else ""
    if not _CHARSETS.fullmatch(name):
        return None
    for pattern, spelt in _SPELT:
        name = re.sub(pattern, spelt, name)
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        return None
    # These bytes are control characters in ISO-8859-1: the text is Windows-1252, as on the web.
    if encoding == "iso8859-1" and re.search(rb"[\x80-\x9f]", data):
        return "cp1252"
    return encoding


def _likely(data: bytes) -> str:
    # UTF-8 is the standard's default; older tunebooks are in Windows-1252.
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
        return "utf-8" if _count(_SEQUENCE, text) >= _count(_ODD_BYTE, text) else "cp1252"
    return "utf-8"


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _errors(encoding: str) -> str:
    """The error handler for invalid bytes; wide encodings cannot keep single ones."""
    return "strict" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"


def _name(encoding: str) -> str:
    name = encoding.upper()
    for part, known in _NAMES:
        name = name.replace(part, known)
    return name


def _other_kind(data: bytes, text: str) -> str:
    """What a file is if it is not ABC, else an empty string."""
    start = text[:4096]
    halves = [{*start[::2]}, {*start[1::2]}]
    if {"\0"} in halves and any(map(str.isalpha, start)):
        return "UTF-16 without a byte order mark: save it as UTF-8"
    kind = kind_of(data[:4096])
    if kind not in {None, FileKind.ABC} and not (kind is FileKind.HTML and _TUNE.search(text)):
        return f"not a text file of ABC but {kind.value}"
    controls = sum(one < " " and one not in "\t\n\r\f\x1a\x1b" for one in start)
    return "not a text file, so not ABC" if "\0" in text or controls * 10 > len(start) else ""
