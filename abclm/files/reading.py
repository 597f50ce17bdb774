"""Reading files, with one clear line for every failure."""

import os
from pathlib import Path
from typing import BinaryIO

from abclm.errors import InputError
from abclm.files.streams import open_to_read

__all__ = ["MOST_ABC", "read_bytes", "read_stream", "reason"]

MOST_ABC = 256 * 2**20
"""The size in bytes of the largest ABC file that is read."""

_CHUNK = 2**20
"""A stream is read by the mebibyte, so that one without an end is noticed before memory is full."""


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """Read ``path``: a file, a pipe with a writer, or a descriptor from the shell.

    Args:
        path: what to read.
        most: the most bytes to read; None for no limit.

    Raises:
        InputError: it is missing, a folder, a device, unreadable or too large.
    """
    try:
        descriptor, begun = open_to_read(path)
        with os.fdopen(descriptor, "rb") as stream:
            size = os.fstat(descriptor).st_size
            if most is not None and size > most:
                raise _too_large(str(path), most)
            return begun + read_stream(stream, str(path), most)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {reason(error)}") from error


def read_stream(stream: BinaryIO, name: str, most: int | None = None) -> bytes:
    """Read all bytes of ``stream``; ``name`` is its name in messages.

    Raises:
        InputError: there are more than ``most``.
    """
    if most is None:
        return stream.read()
    data = bytearray()
    while chunk := stream.read(_CHUNK):
        data += chunk
        if len(data) > most:
            raise _too_large(name, most)
    return bytes(data)


def reason(error: OSError) -> str:
    """Return the reason of a system error, to end a line with."""
    return (error.strerror or str(error)).lower()


def _too_large(name: str, most: int) -> InputError:
    return InputError(f"{name}: larger than {most >> 20} MiB, the most that is read")
