"""The gate in front of the terminal: control characters of what is printed are made visible.

A title, a file name or a checkpoint may hold escape sequences that rename the window, write the
clipboard or hide text. Everything printed to a terminal goes through `TerminalStream`; colours and
progress bars of our own pass it by `abclm.cli.console`. Pipes and files get the text as it is.
"""

import codecs
import io
import re
import sys
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["TerminalStream", "guard_streams", "one_line", "say", "visible"]

_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but for tab and line end, DEL, C1
    "\u2028\u2029"  # line and paragraph separator
    "\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    "\ud800-\udfff]"  # bytes of a file name that are not UTF-8, and other halves of a character
)
_ESCAPED_BYTES: Final = range(0xDC80, 0xDD00)
"""How Python decodes bytes that are not UTF-8 (PEP 383)."""
_KEEP_BYTES: Final = "abclm.keep-bytes"


def say(line: str) -> None:
    """Say something to the user on standard error, whatever standard output is for."""
    print(line, file=sys.stderr)


def one_line(text: str) -> str:
    """``text`` without line ends, with which a title could pass for a tune of its own."""
    return text.replace("\n", " ")


def visible(text: str) -> str:
    r"""``text`` with its control characters written as ``\x1b`` or ``\u202e``."""
    return _CONTROLS.sub(_escape, text.replace("\r\n", "\n"))


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code in _ESCAPED_BYTES:
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class TerminalStream(io.TextIOBase):
    """A text stream that makes control characters visible on the way to a terminal.

    Args:
        terminal: where the text goes.

    Attributes:
        terminal: the same, for what may move the cursor.
        buffer: takes bytes, which are read as UTF-8 and pass the same gate.
    """

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal
        self.buffer = _TerminalBytes(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the terminal."""
        return self.terminal.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """What becomes of characters that the terminal's encoding has not."""
        return self.terminal.errors

    def write(self, text: str) -> int:
        """Write ``text`` with its control characters visible."""
        self.terminal.write(visible(text))
        return len(text)

    def flush(self) -> None:
        """Send what is waiting to the terminal."""
        self.terminal.flush()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self.terminal.isatty()

    def fileno(self) -> int:
        """The file descriptor of the terminal."""
        return self.terminal.fileno()

    def writable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Leave the terminal open: it is not ours to close."""


class _TerminalBytes(io.RawIOBase):
    """The bytes of a file on their way to a terminal; any line end is one there."""

    def __init__(self, stream: TerminalStream) -> None:
        self._stream = stream
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)

    def write(self, data: "ReadableBuffer") -> int:
        content = bytes(data)
        self._stream.write(self._decoder.decode(content))
        return len(content)

    def flush(self) -> None:
        self._stream.flush()

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        """Leave the terminal open."""


def guard_streams() -> None:
    """Put the gate before every terminal that is printed to; nothing printed can fail to encode.

    A terminal shows a character that it does not have as its escape. A pipe or a file gets UTF-8
    whatever the locale, since that is what ABC and JSON are read as, and odd bytes as they were.
    """
    sys.stdout = _guarded(sys.stdout)
    sys.stderr = _guarded(sys.stderr)


def _guarded(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if stream.isatty():
        stream.reconfigure(errors="backslashreplace")
        return TerminalStream(stream)  # type: ignore[return-value]  # all of it that is used
    codecs.register_error(_KEEP_BYTES, _keep_bytes)
    stream.reconfigure(encoding="utf-8", errors=_KEEP_BYTES)
    return stream


def _keep_bytes(error: UnicodeError) -> tuple[bytes, int]:
    """Encode the bytes of a file name as they were, and half a character as its escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    code = ord(error.object[error.start])
    kept = bytes([code - 0xDC00]) if code in _ESCAPED_BYTES else f"\\u{code:04x}".encode()
    return kept, error.start + 1
