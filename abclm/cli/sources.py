"""An ABC file read so that what a command leaves alone keeps its bytes when it is written again."""

import codecs
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["AbcSource", "read_abc_bytes"]

_WINDOWS_1252 = "".join(bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(256))
"""The character of each byte; the five that Windows-1252 leaves undefined are kept as they are."""


@dataclass(frozen=True, slots=True)
class AbcSource:
    """A file's bytes and its text.

    Attributes:
        name: what it is called in messages.
        data: its bytes.
        mark: its byte order mark, or nothing.
        encoding: how the rest of ``data`` is encoded.
        text: the rest of ``data`` as text.
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
        if self.encoding == "cp1252":
            return codecs.charmap_encode(text, "strict", codecs.charmap_build(_WINDOWS_1252))[0]
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
        text = codecs.charmap_decode(data, "strict", _WINDOWS_1252)[0]
        return AbcSource(name, data, b"", book.encoding, text)
    return AbcSource(name, data, book.mark, book.encoding, book.text)
