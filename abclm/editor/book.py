"""A tunebook file as bytes and text, and one part of it exchanged for what the user typed.

What was not changed keeps its bytes: encoding, byte order mark and line ends.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from abclm.errors import InputError
from abclm.notation.source import decode_source
from abclm.notation.tunebook import split_tunes

__all__ = ["Book", "Part", "lines_of", "read_book"]

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
_NAMES = {"utf-8": "UTF-8", "cp1252": "Windows-1252"}


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a book: from line ``start``, 0-based, up to ``stop``."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Book:
    """A file of tunes.

    Attributes:
        data: its bytes.
        mark: its byte order mark, or nothing.
        encoding: how the rest is encoded.
        text: the rest as text.
    """

    data: bytes
    mark: bytes
    encoding: str
    text: str

    @property
    def whole(self) -> Part:
        """All lines."""
        return Part(0, len(_lines(self.text)))

    def tune(self, number: int) -> Part:
        """The lines of the tune whose ``X:`` is ``number``.

        Raises:
            InputError: there is none; the message lists those that there are.
        """
        numbers: list[str] = []
        for tune in split_tunes(self.text):
            first, last = tune.tokens[0], tune.tokens[-1]
            written = first.value if first.text.startswith("X:") else ""
            if written.isdecimal() and int(written[:9]) == number:
                return Part(first.line - 1, last.line)
            numbers.append(written or "?")
        raise InputError(f"no X:{number}; there are: {_listed(numbers)}")

    def read(self, part: Part) -> str:
        """The text of ``part`` with plain line ends, the last line ended too."""
        return "".join(f"{line}\n" for line, _ in _lines(self.text)[part.start : part.stop])

    def replace(self, part: Part, text: str) -> "Book":
        """The book with ``text`` in the place of ``part``.

        Lines that are the same at the start and the end of ``part`` stay as they are; those
        between get the line end of the book.

        Raises:
            InputError: the encoding of the book has no such character.
        """
        old = _lines(self.text)
        new = lines_of(text)
        same = _same([line for line, _ in old[part.start : part.stop]], new)
        start, stop = part.start + same[0], part.stop - same[1]
        changed = new[same[0] : len(new) - same[1]]
        end = self._line_end()
        middle = "".join(line + end for line in changed)
        before = "".join(line + own for line, own in old[:start])
        after = "".join(line + own for line, own in old[stop:])
        if before and not before.endswith(("\r", "\n")) and (middle or after):
            middle = end + middle
        if not after and middle and not self.text.endswith(("\r", "\n")):
            middle = middle.removesuffix(end)
        return self._joined(before, middle, after)

    def _joined(self, before: str, middle: str, after: str) -> "Book":
        try:
            added = middle.encode(self.encoding)
        except UnicodeEncodeError as error:
            character = middle[error.start]
            name = _NAMES.get(self.encoding, self.encoding)
            message = f"{character!r} cannot be written: the file is in {name}"
            raise InputError(message) from error
        body = self.data[len(self.mark) :]
        head = body[: self._size(before)]
        tail = body[len(body) - self._size(after) :]
        return Book(
            self.mark + head + added + tail, self.mark, self.encoding, before + middle + after
        )

    def _size(self, text: str) -> int:
        # Windows-1252 leaves five bytes undefined, which the text has as one character each.
        return len(text) if self.encoding == "cp1252" else len(text.encode(self.encoding))

    def _line_end(self) -> str:
        # Where both stand, a single one could join with its neighbour to one line end.
        return "".join(end for end in "\r\n" if end in self.text) or "\n"


def read_book(data: bytes, name: str) -> Book:
    """The book in the bytes of a file called ``name``.

    Raises:
        InputError: the bytes are no text.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            try:
                return Book(data, mark, encoding, data[len(mark) :].decode(encoding))
            except UnicodeDecodeError as error:
                raise InputError(f"{name}: not valid {encoding.upper()}") from error
    text = decode_source(data, name)
    encoding = "utf-8" if text.encode("utf-8", errors="replace") == data else "cp1252"
    return Book(data, b"", encoding, text)


def lines_of(text: str) -> list[str]:
    """The lines of ``text`` without their ends; a line end at the end of the text opens none."""
    return [line for line, _ in _lines(text)]


def _lines(text: str) -> list[tuple[str, str]]:
    return [match.groups() for match in _LINE.finditer(text) if match.group()]  # type: ignore[misc]


def _same(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines are the same at the start, and how many of the others at the end."""
    pairs = zip(old, new, strict=False)
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    rest = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    return start, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest))


def _listed(numbers: list[str], most: int = 12) -> str:
    shown = ", ".join(numbers[:most])
    return f"{shown}, … up to {numbers[-1]}" if len(numbers) > most else shown or "none"
