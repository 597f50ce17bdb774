"""An ABC file read so that what a command leaves alone keeps its bytes when it is written again."""

import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["AbcSource", "read_abc_bytes"]


@dataclass(frozen=True, slots=True)
class AbcSource:
    """A file's bytes and its text.

    Attributes:
        name: what it is called in messages.
        data: its bytes.
        mark: its byte order mark, or nothing.
        encoding: one in which ``text`` encodes to the rest of ``data``.
        text: ABC is ASCII, so a title may show other characters than its author saw.
    """

    name: str
    data: bytes
    mark: bytes
    encoding: str
    text: str

    @classmethod
    def of(cls, text: str, name: str) -> "AbcSource":
        """A text that is in no file."""
        return cls(name, text.encode(), b"", "utf-8", text)

    def encode(self, text: str) -> bytes:
        """The bytes of a changed text."""
        return self.mark + text.encode(self.encoding)


def read_abc_bytes(path: Path) -> AbcSource:
    """The ABC file ``path``, or standard input for ``-``.

    Raises:
        InputError: it cannot be read, or is no text.
    """
    from abclm.cli.inputs import source_name
    from abclm.editor.book import read_book
    from abclm.files import read_bytes

    name = source_name(path)
    data = sys.stdin.buffer.read() if str(path) == "-" else read_bytes(path)
    book = read_book(data, name)
    if book.encoding == "cp1252":
        # Windows-1252 leaves bytes undefined; Latin-1 gives every byte a character and back.
        return AbcSource(name, data, b"", "latin-1", data.decode("latin-1"))
    return AbcSource(name, data, book.mark, book.encoding, book.text)
