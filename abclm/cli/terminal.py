"""Safe output to the terminal: control characters in printed text are made visible.

A title, a file name or a checkpoint may hold escape sequences that rename the window, write the
clipboard or hide text. Everything printed to a terminal goes through `TerminalStream`; our own
colours and progress bars bypass it in `abclm.cli.console`. Pipes and files get the text as it is.
"""

import codecs
import io
import re
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = [
    "TerminalStream",
    "fitted",
    "guard_streams",
    "one_line",
    "say",
    "say_written",
    "tell",
    "visible",
]

_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 except tab and line end, DEL, C1
    "\u2028\u2029"  # line and paragraph separator
    "\u202a-\u202e\u2066-\u2069"  # characters that change the direction of writing
    "\ud800-\udfff]"  # bytes of a file name that are not UTF-8, and other lone surrogates
)
_ESCAPED_BYTES: Final = range(0xDC80, 0xDD00)
"""The surrogates to which Python decodes bytes that are not UTF-8 (PEP 383)."""
_PLAIN: Final = "abclm.plain"
_SPELLED: Final = {
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{EN DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
}
"""Characters of our own messages, as a terminal that lacks them gets them."""
_KEEP_BYTES: Final = "abclm.keep-bytes"


def say(line: str) -> None:
    """Print a line for the user to standard error; standard output is for results."""
    print(fitted(line, sys.stderr), file=sys.stderr)


def tell(line: str) -> None:
    """Print a line of a result to standard output."""
    print(fitted(line, sys.stdout))


def fitted(line: str, stream: TextIO) -> str:
    """Return ``line`` for ``stream``: broken between words where a terminal is too narrow for it.

    Further lines are indented; a word that is longer than the screen stays whole.
    """
    if not stream.isatty():
        return line
    width = shutil.get_terminal_size().columns
    if len(line) <= width:
        return line
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(
        line,
        max(width, 2 * len(indent)),
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )


def say_written(path: Path, note: str = "") -> None:
    """Say that ``path`` was written, unless it is standard output."""
    if str(path) != "-":
        say(f"written: {path}{note}")


def one_line(text: str) -> str:
    """Return ``text`` with spaces for line ends, so that a title cannot pose as other lines."""
    return text.replace("\n", " ")


def visible(text: str) -> str:
    r"""Return ``text`` with its control characters written as ``\x1b`` or ``\u202e``."""
    return _CONTROLS.sub(_escape, text.replace("\r\n", "\n"))


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code in _ESCAPED_BYTES:
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class TerminalStream(io.TextIOBase):
    """A text stream that makes control characters visible on the way to a terminal.

    Args:
        terminal: the stream of the terminal.

    Attributes:
        terminal: that stream, for output that may move the cursor.
        buffer: takes bytes, decodes them as UTF-8, and makes their control characters visible.
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
        """How characters missing from the terminal's encoding are handled."""
        return self.terminal.errors

    def write(self, text: str) -> int:
        """Write ``text`` with its control characters visible."""
        self.terminal.write(visible(text))
        return len(text)

    def flush(self) -> None:
        """Send buffered text to the terminal."""
        self.terminal.flush()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self.terminal.isatty()

    def fileno(self) -> int:
        """Return the file descriptor of the terminal."""
        return self.terminal.fileno()

    def writable(self) -> bool:
        """Return true: it can be written."""
        return True

    def close(self) -> None:
        """Do nothing: the terminal stays open for others."""


class _TerminalBytes(io.RawIOBase):
    """Takes the bytes of a file for a terminal; every kind of line end becomes one."""

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
        """Do nothing."""


def guard_streams() -> None:
    """Guard stdout and stderr: terminals get visible controls, and nothing fails to encode.

    A terminal shows a character that it lacks as an escape. A pipe or a file gets UTF-8 whatever
    the locale, because ABC and JSON are read as UTF-8, and undecodable bytes as they were.
    """
    sys.stdout = _guarded(sys.stdout)
    sys.stderr = _guarded(sys.stderr)


def _guarded(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if stream.isatty():
        codecs.register_error(_PLAIN, _plain)
        stream.reconfigure(errors=_PLAIN)
        return TerminalStream(stream)  # type: ignore[return-value]  # has all that is used
    codecs.register_error(_KEEP_BYTES, _keep_bytes)
    stream.reconfigure(encoding="utf-8", errors=_KEEP_BYTES)
    return stream


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """Encode a character that a terminal lacks in plain ones, or as an escape."""
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] in _SPELLED:
        return _SPELLED[error.object[error.start]], error.start + 1
    return codecs.backslashreplace_errors(error)


def _keep_bytes(error: UnicodeError) -> tuple[bytes, int]:
    """Encode undecodable bytes of a file name as they were, and lone surrogates as escapes."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    code = ord(error.object[error.start])
    kept = bytes([code - 0xDC00]) if code in _ESCAPED_BYTES else f"\\u{code:04x}".encode()
    return kept, error.start + 1
