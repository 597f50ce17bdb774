"""The mark by which files say that abclm wrote them: written into them, and read from any file."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from abclm import __version__
from abclm.files import FileKind
from abclm.notation.parse.tunebook import split_tunes

__all__ = ["MARK", "html_with_mark", "marks_in", "svg_with_mark", "wav_with_mark"]

MARK: Final = f"abclm {__version__}"
"""The program and its version, as software is named in metadata."""

_NAMED: Final = rb"(abclm \d[\w.+-]{0,40})"
_PATTERNS: Final = {
    FileKind.MIDI: re.compile(rb"\xff\x01." + _NAMED, re.DOTALL),
    FileKind.SVG: re.compile(rb"<metadata>" + _NAMED + rb"</metadata>"),
    FileKind.HTML: re.compile(rb'<meta name="generator" content="' + _NAMED + rb'"'),
    FileKind.MUSICXML: re.compile(rb"<software>" + _NAMED + rb"</software>"),
    FileKind.WAV: re.compile(rb"ISFT.{4}" + _NAMED, re.DOTALL),
    FileKind.PDF: re.compile(rb"/(?:Creator|Producer) ?\(" + _NAMED + rb"\)"),
    FileKind.PNG: re.compile(rb"Software\x00" + _NAMED),
}
"""By the kind of file: where the mark stands."""
_LINE: Final = re.compile(r"%%(abclm .*)")
_MOST: Final = 64 * 2**20
"""Bytes of the largest score in a compressed file that is read."""


def svg_with_mark(picture: str) -> str:
    """Return an SVG file with the mark in its metadata."""
    return re.sub(r"(<svg\b[^>]*>)", rf"\1<metadata>{MARK}</metadata>", picture, count=1)


def html_with_mark(page: str, *, mark: bool) -> str:
    """Return an HTML page with the mark as its generator, or without a generator."""
    named = f'<meta name="generator" content="{MARK}">\n' if mark else ""
    return page.replace('<meta name="generator" content="abclm">\n', named, 1)


def wav_with_mark(sound: bytes) -> bytes:
    """Return a WAV file with the mark as the software in its ``INFO`` list (RIFF)."""
    text = MARK.encode("ascii") + b"\0"
    text += b"\0" * (len(text) % 2)
    info = b"INFOISFT" + len(text).to_bytes(4, "little") + text
    data = sound + b"LIST" + len(info).to_bytes(4, "little") + info
    return data[:4] + (len(data) - 8).to_bytes(4, "little") + data[8:]


def marks_in(data: bytes, kind: FileKind | None, text: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the marks in a file: reference number and title of a tune of ABC, else empty; the mark.

    Args:
        data: the content of the file.
        kind: its kind; None for an unknown one.
        text: the text of an ABC file.
    """
    if kind is FileKind.ABC:
        for tune in split_tunes(text):
            lines = "".join(token.text for token in tune.tokens).splitlines()
            fields = {line[:2]: line[2:].strip() for line in reversed(lines)}
            for match in filter(None, map(_LINE.fullmatch, lines)):
                yield fields.get("X:", ""), fields.get("T:", ""), match[1].strip()
        return
    if kind is FileKind.MXL:
        data, kind = _score_in(data), FileKind.MUSICXML
    pattern = None if kind is None else _PATTERNS.get(kind)
    found = None if pattern is None else pattern.search(data)
    if found is not None:
        yield "", "", found[1].decode("ascii")


def _score_in(data: bytes) -> bytes:
    """Return the beginning of the score in a compressed file; nothing if there is none."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if not name.startswith("META-INF")]
            for name in names[:1]:
                with archive.open(name) as stream:
                    return stream.read(_MOST)
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        pass
    return b""
