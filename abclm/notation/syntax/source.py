"""From the bytes of a file to its text and back: encodings as they occur in real tunebooks."""

import codecs
import re
from dataclasses import dataclass

from abclm.errors import InputError
from abclm.files.kinds import FileKind, kind_of

__all__ = ["Source", "decode_source", "line_end_of", "readable", "unescape_text"]

_MARKS = (
    # The mark of UTF-16 is the start of that of UTF-32.
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_NAMES = (("CP", "Windows-"), ("ISO8859", "ISO-8859"), ("-LE", ""), ("-BE", ""))
"""Parts of Python's names for encodings, in capitals, and what users know them as."""
_DECLARED = re.compile(
    rb"^(?:%%|I:[ \t]*)abc-charset[ \t]+([\w.:-]+)", re.MULTILINE | re.IGNORECASE
)
_CHARSETS = re.compile(
    r"utf-?8|(?:us-?)?ascii|(?:iso-?)?8859-?(?:[1-9]|1[0-6])|latin-?(?:[1-9]|10)"
    r"|(?:windows-?|cp)125[0-8]|koi8-[ru]",
    re.IGNORECASE,
)
"""Names in ``%%abc-charset`` that are known, all of encodings in which ASCII is itself."""
_SPELT = (("^8859", "iso8859"), ("^latin-", "latin"), ("^windows-?", "cp"))
"""Patterns in those names, and what Python has instead."""
_SEQUENCE = re.compile("[^\x00-\x7f\udc80-\udcff]")
_ODD_BYTE = re.compile("[\udc80-\udcff]")
_SHOWN = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte)
    for byte in range(0x80, 0x100)
}
_TUNE = re.compile(r"(?:^|[\r\n])X:")
"""What a page has on which tunes stand as text."""
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
    """An ABC file: its bytes, and a text that can be changed without harm to the rest of them.

    A byte that means nothing in the encoding is a lone surrogate in ``text``, as Python's
    ``surrogateescape`` has it, so that it is the same byte again when the text is encoded.

    Attributes:
        name: what the file is called in messages.
        data: its bytes.
        mark: its byte order mark, or nothing.
        encoding: how the rest of ``data`` is encoded.
        text: the rest of ``data`` as text, its line ends as they are.
    """

    name: str
    data: bytes
    mark: bytes
    encoding: str
    text: str

    @classmethod
    def of(cls, text: str, name: str) -> "Source":
        """A text that is in no file."""
        return cls(name, text.encode(), b"", "utf-8", text)

    @classmethod
    def decode(cls, data: bytes, name: str) -> "Source":
        """The file called ``name`` that has these bytes.

        Its encoding is that of its byte order mark, else of its ``%%abc-charset``, else UTF-8, or
        Windows-1252 if more of its bytes beyond ASCII are no UTF-8 than are.

        Raises:
            InputError: the bytes are not a text, or not one in the encoding of their mark.
        """
        mark, encoding = next((one for one in _MARKS if data.startswith(one[0])), (b"", ""))
        encoding = encoding or _declared(data) or _likely(data)
        try:
            text = data[len(mark) :].decode(encoding, _errors(encoding))
        except UnicodeDecodeError as error:
            place = f"{_name(encoding)} at byte {len(mark) + error.start}"
            raise InputError(f"{name}: not valid {place}: save it as UTF-8") from error
        if problem := _what_else(data, text):
            raise InputError(f"{name}: {problem}")
        return cls(name, data, mark, encoding, text)

    @property
    def readable(self) -> str:
        """The text for reading only, see `readable`; places in it are places in ``text``."""
        return readable(self.text)

    @property
    def line_end(self) -> str:
        """What ends a new line in this file, see `line_end_of`."""
        return line_end_of(self.text)

    def encode(self, text: str) -> bytes:
        """The bytes of the file with ``text`` as its text.

        Raises:
            InputError: its encoding has no such character.
        """
        try:
            return self.mark + text.encode(self.encoding, _errors(self.encoding))
        except UnicodeEncodeError as error:
            message = f"{text[error.start]!r} cannot be written: the file is in"
            mend = "leave it out, or save the file as UTF-8"
            raise InputError(f"{self.name}: {message} {_name(self.encoding)}: {mend}") from error


def decode_source(data: bytes, name: str = "input") -> str:
    """The text of an ABC file, for reading only; see `Source.decode`.

    Line ends are left as they are, so that positions are those of the real file.

    Raises:
        InputError: the bytes are not a text.
    """
    return Source.decode(data, name).readable


def readable(text: str) -> str:
    """The text of a `Source` with its odd bytes as the characters of Windows-1252."""
    return text.translate(_SHOWN) if _ODD_BYTE.search(text) else text


def line_end_of(text: str) -> str:
    r"""What ends a new line in ``text``: the commonest of its line ends, ``\n`` if it has none.

    Where single ``\r`` and ``\n`` both end lines it is ``\r\n``: another one could join with its
    neighbour to one line end.
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
    """The encoding that the file names itself, if it is known."""
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
    # A text in ISO-8859-1 has no control characters: it is Windows-1252, as on the web.
    if encoding == "iso8859-1" and re.search(rb"[\x80-\x9f]", data):
        return "cp1252"
    return encoding


def _likely(data: bytes) -> str:
    # UTF-8 is the standard's default; older tunebooks are Latin-1 as Windows has it.
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
        return "utf-8" if _count(_SEQUENCE, text) >= _count(_ODD_BYTE, text) else "cp1252"
    return "utf-8"


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _errors(encoding: str) -> str:
    """How bytes are kept that mean nothing; wide encodings have none that could be kept singly."""
    return "strict" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"


def _name(encoding: str) -> str:
    name = encoding.upper()
    for part, known in _NAMES:
        name = name.replace(part, known)
    return name


def _what_else(data: bytes, text: str) -> str:
    """What a file is that is not ABC, or nothing."""
    start = text[:4096]
    halves = [{*start[::2]}, {*start[1::2]}]
    if {"\0"} in halves and any(map(str.isalpha, start)):
        return "UTF-16 without a byte order mark: save it as UTF-8"
    kind = kind_of(data[:4096])
    if kind not in {None, FileKind.ABC} and not (kind is FileKind.HTML and _TUNE.search(text)):
        return f"not an ABC text file but {kind.value}"
    controls = sum(one < " " and one not in "\t\n\r\f\x1a\x1b" for one in start)
    return "not a text file, so not ABC" if "\0" in text or controls * 10 > len(start) else ""
