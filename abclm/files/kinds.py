"""Kinds of files: their suffixes and first bytes, and which outputs are safe to write."""

import os
import stat
from collections.abc import Sequence
from enum import Enum
from itertools import combinations
from pathlib import Path

from abclm.errors import OutputError
from abclm.files.streams import descriptor_of, is_stream
from abclm.files.writing import check_writable

__all__ = ["FileKind", "check_outputs", "kind_named", "kind_of", "suffixes_of"]


class FileKind(Enum):
    """A kind of file; the value is its name in messages."""

    ABC = "ABC"
    MIDI = "MIDI"
    SVG = "SVG"
    HTML = "HTML"
    WAV = "WAV"
    MUSICXML = "MusicXML"
    MXL = "compressed MusicXML"
    SOUND = "compressed sound"
    PICTURE = "a picture"
    PNG = "PNG"
    PDF = "PDF"
    SCORE = "a score"
    DOCUMENT = "a document"
    DATA = "data"
    ARCHIVE = "an archive"
    PROGRAM = "a program"


_SUFFIXES: dict[FileKind, str] = {
    FileKind.ABC: ".abc .abh .txt",
    FileKind.MIDI: ".mid .midi .kar",
    FileKind.SVG: ".svg",
    FileKind.HTML: ".html .htm .xhtml",
    FileKind.WAV: ".wav .wave",
    FileKind.SOUND: ".mp3 .ogg .oga .opus .flac .m4a .aac .wma .aiff .aif .sf2 .sf3",
    FileKind.PICTURE: ".jpg .jpeg .gif .bmp .tif .tiff .webp .eps .ps .ico",
    FileKind.PNG: ".png",
    FileKind.PDF: ".pdf",
    FileKind.MUSICXML: ".musicxml .xml",
    FileKind.MXL: ".mxl",
    FileKind.SCORE: ".mei .krn .mscz .mscx .ly .sib .mus .musx .nwc .gp .gpx .gp5",
    FileKind.DOCUMENT: ".doc .docx .odt .rtf .xls .xlsx .ods .ppt .pptx .epub .tex .md",
    FileKind.DATA: ".json .jsonl .csv .tsv .toml .yaml .yml .sqlite .db .safetensors .npz .npy .h5 "
    ".keras .pkl",
    FileKind.ARCHIVE: ".zip .gz .tgz .tar .bz2 .xz .7z .rar",
    FileKind.PROGRAM: ".py .sh .exe .bat .js .css .c .so .dll",
}
_KINDS = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
"""The kind of file of each suffix."""

_BEGINNINGS = (
    (b"MThd", FileKind.MIDI),
    (b"RIFF", FileKind.WAV),
    (b"%PDF-", FileKind.PDF),
    (b"%!PS", FileKind.PICTURE),
    (b"<svg", FileKind.SVG),
    (b"<?xml", FileKind.SCORE),
    (b"<!doctype", FileKind.HTML),
    (b"<!DOCTYPE", FileKind.HTML),
    (b"<html", FileKind.HTML),
    (b"{\\rtf", FileKind.DOCUMENT),
    (b"SQLite format 3", FileKind.DATA),
    (b"\x89PNG", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.PICTURE),
    (b"PK\x03\x04", FileKind.ARCHIVE),
    (b"\x1f\x8b", FileKind.ARCHIVE),
    (b"OggS", FileKind.SOUND),
    (b"ID3", FileKind.SOUND),
    (b"fLaC", FileKind.SOUND),
    (b"X:", FileKind.ABC),
    (b"%abc", FileKind.ABC),
)
_CONTENTS = (
    (b"<?xml", b"<svg", FileKind.SVG),
    (b"<?xml", b"<score-partwise", FileKind.MUSICXML),
    (b"<?xml", b"<score-timewise", FileKind.MUSICXML),
    (b"PK\x03\x04", b"META-INF/container.xml", FileKind.MXL),
)
"""A beginning, and what follows in the first bytes of a kind of file that shares it."""
_BINARY = {FileKind.MIDI, FileKind.WAV, FileKind.MXL, FileKind.PDF, FileKind.PICTURE, FileKind.PNG}
"""The kinds of file that abclm writes which are not text."""
_LENGTH = 4096
"""The bytes from the start of a file by which its kind is recognised."""


def kind_of(start: bytes) -> FileKind | None:
    """Return the kind of a file that begins with ``start``; None if that is not certain."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    found = next((kind for begins, kind in _BEGINNINGS if text.startswith(begins)), None)
    for begins, contains, kind in _CONTENTS:
        if text.startswith(begins) and contains in text:
            return kind
    return found


def kind_named(path: Path) -> FileKind | None:
    """Return the kind of file by the suffix of ``path``; None if it is unknown."""
    return _KINDS.get(path.suffix.lower())


def suffixes_of(kind: FileKind) -> list[str]:
    """Return the suffixes of a kind of file, the usual one first."""
    return _SUFFIXES[kind].split()


def check_outputs(*outputs: tuple[Path | None, FileKind], inputs: Sequence[Path] = ()) -> None:
    """Check that outputs can be written and destroy nothing, before any work is done.

    Args:
        outputs: each file, None if it is not requested, and the kind to write to it.
        inputs: the files that are read; ``-`` is standard input.

    Raises:
        OutputError: one cannot be written, is an input, another output, or of another kind.
    """
    asked = [(path, kind) for path, kind in outputs if path is not None]
    for path, kind in asked:
        check_writable(path)
        if is_stream(path):
            _check_terminal(path, kind)
            continue
        _check_name(path, kind)
        for read in inputs:
            if _is_same(path, read):
                raise OutputError(f"{path}: is an input: give another file to write")
        _check_content(path, kind)
    for (path, _), (other, _) in combinations(asked, 2):
        if _is_twice(path, other):
            raise OutputError(f"{other}: would be written twice: give each output its own file")


def _check_terminal(path: Path, kind: FileKind) -> None:
    """Check that what is not text does not go to a terminal."""
    descriptor = descriptor_of(path)
    if kind in _BINARY and descriptor is not None and os.isatty(descriptor):
        raise OutputError(
            f"{path}: {kind.value} is not for a terminal: give a file, or pipe it to a program"
        )


def _check_name(path: Path, kind: FileKind) -> None:
    """Check that the suffix of ``path`` is not another kind's; ABC may have any unknown suffix."""
    suffix, named = path.suffix.lower(), kind_named(path)
    if not suffix or named is kind or (named is None and kind is FileKind.ABC):
        return
    *others, last = suffixes_of(kind)
    allowed = f"{', '.join(others)} or {last}" if others else last
    raise OutputError(
        f"{path}: {kind.value} is not written to a {suffix} file: it goes to {allowed}"
    )


def _check_content(path: Path, kind: FileKind) -> None:
    try:
        with path.open("rb") as stream:
            found = kind_of(stream.read(_LENGTH))
    except OSError:
        return
    if found not in {None, kind}:
        raise OutputError(f"{path}: holds {found.value}, so {kind.value} is not written there")


def _is_same(path: Path, other: Path) -> bool:
    """Return whether two names refer to the same regular file, also by links or another case."""
    try:
        status = path.stat()
        read = os.fstat(0) if str(other) == "-" else other.stat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and os.path.samestat(status, read)


def _is_twice(path: Path, other: Path) -> bool:
    """Return whether two outputs would be mixed, or one would overwrite the other."""
    if is_stream(path):
        return descriptor_of(path) is not None and descriptor_of(path) == descriptor_of(other)
    return _is_same(path, other) or _place(path) == _place(other)


def _place(path: Path) -> str:
    """Return where a file is or will be; names that some systems do not tell apart are equal."""
    return os.path.realpath(path).casefold()
