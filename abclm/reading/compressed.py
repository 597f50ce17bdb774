"""Compressed MusicXML: the score inside an ``.mxl`` archive. Nothing is extracted to disk."""

import zlib
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from abclm.errors import InputError
from abclm.reading.xml_tree import MOST_BYTES, parse_xml

__all__ = ["is_compressed", "uncompressed"]

_CONTAINER: Final = "META-INF/container.xml"
_MOST_ENTRIES: Final = 1000
_MOST_CONTAINER: Final = 2**20
_SUFFIXES: Final = (".musicxml", ".xml")
_ENCRYPTED: Final = 1


def is_compressed(data: bytes) -> bool:
    """Whether a file is a zip archive."""
    return data.startswith(b"PK")


def uncompressed(data: bytes, name: str) -> bytes:
    """Return the score in an archive: the one that its container names, else the first.

    Raises:
        InputError: it is damaged, too large when unpacked, or holds no score.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            if len(archive.infolist()) > _MOST_ENTRIES:
                raise InputError(f"{name}: has more than {_MOST_ENTRIES:,} entries")
            return _read(archive, _score_in(archive, name), name, MOST_BYTES)
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{name}: is a damaged archive: {error or 'cut off'}") from error


def _score_in(archive: ZipFile, name: str) -> str:
    names = archive.namelist()
    if _CONTAINER in names:
        container = parse_xml(_read(archive, _CONTAINER, name, _MOST_CONTAINER), name)
        for root in container.iter("rootfile"):
            path = root.get("full-path", "")
            kind = root.get("media-type", "")
            if path in names and ("musicxml" in kind or not kind):
                return path
    for path in names:
        if path.lower().endswith(_SUFFIXES) and not path.startswith(("META-INF/", "__MACOSX/")):
            return path
    raise InputError(f"{name}: holds no MusicXML score")


def _read(archive: ZipFile, path: str, name: str, most: int) -> bytes:
    info = archive.getinfo(path)
    if info.flag_bits & _ENCRYPTED or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise InputError(f"{name}: is encrypted or compressed in a way that MusicXML does not use")
    if info.file_size > most:
        raise InputError(f"{name}: unpacks to more than {most >> 20} MiB")
    # What the directory says of the size may be wrong.
    with archive.open(info) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise InputError(f"{name}: unpacks to more than {most >> 20} MiB")
    return content
