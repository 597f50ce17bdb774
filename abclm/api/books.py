"""Tunebooks as files: read, appended to and changed; every other byte stays as it was.

``say`` is called with a line to show while another process holds the file.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from abclm.compose.tunebook import append_tunes, next_reference_number
from abclm.errors import ChangedError, InputError, OutputError
from abclm.files import (
    MOST_ABC,
    FileKind,
    check_outputs,
    check_writable,
    is_stream,
    keep_beside,
    keep_somewhere,
    locked,
    read_bytes,
    write_atomically,
)
from abclm.notation.syntax.source import Source, readable

__all__ = [
    "Change",
    "append_to_book",
    "change_in_place",
    "check_output",
    "read_abc",
    "read_or_new",
    "replace_file",
    "where_kept",
]

Change = Callable[[Source], bytes]
"""Returns the new bytes of a file."""
Say = Callable[[str], None]

_MOST_TRIES = 5
"""How often a file is read again because another program changed it before it could be written."""


def read_abc(path: Path) -> Source:
    """Read the ABC file ``path``.

    Raises:
        InputError: it cannot be read, or is not ABC.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give the files in it")
    return Source.decode(read_bytes(path, MOST_ABC), str(path))


def read_or_new(path: Path) -> Source:
    """Read a tunebook; empty if the file does not exist or is a stream.

    Raises:
        InputError: it cannot be read, or is not ABC.
    """
    return Source.of("", str(path)) if is_stream(path) or not path.exists() else read_abc(path)


def append_to_book(path: Path, tunes: Sequence[str], say: Say) -> int:
    """Append tunes to a tunebook, and return the reference number of the first.

    What is already in the book stays byte for byte. A second process waits for the first, and a
    process that is killed leaves the book unchanged.

    Raises:
        InputError: the book cannot be read, or its encoding lacks a character of the tunes.
        OutputError: it cannot be written.
    """
    for _ in range(_MOST_TRIES):
        with locked(path, say):
            try:
                return _append(path, tunes)
            except ChangedError:
                continue
    raise OutputError(f"{path}: not written: another program keeps changing it")


def check_output(file: Path, output: Path | None, *, in_place: bool) -> None:
    """Check that the result made from ``file`` can be written, before any work is done.

    Args:
        file: the tunebook; ``-`` is standard input.
        output: another file to write.
        in_place: whether to write ``file`` itself.

    Raises:
        InputError: ``--in-place`` was combined with ``-o`` or standard input.
        OutputError: it cannot be written, or would damage another file.
    """
    if in_place:
        if output is not None or str(file) == "-":
            raise InputError(
                "--in-place writes FILE: leave out -o, and do not read from standard input"
            )
        check_writable(file)
        if is_stream(file):
            raise InputError(f"{file}: is not a file that can be changed: give - to read it")
        if not os.access(file.parent, os.W_OK):
            raise OutputError(
                f"{file}: its folder is not writable, so {file.name}.bak cannot be written"
            )
    check_outputs((output, FileKind.ABC), inputs=[file])


def change_in_place(file: Path, source: Source, change: Change, say: Say) -> Path | None:
    """Change ``file`` and keep a backup beside it; return the backup, or None if nothing changed.

    If another program has changed the file since ``source`` was read, the change is applied to its
    current content.

    Raises:
        OutputError: it cannot be written, or ``change`` cannot be applied to its current content.
    """
    for _ in range(_MOST_TRIES):
        new = change(source)
        if new == source.data:
            return None
        try:
            return replace_file(file, source.data, new, say)
        except ChangedError:
            source = read_abc(file)
    raise OutputError(f"{file}: not written: another program keeps changing it")


def where_kept(ids: Sequence[int | None], tunes: Sequence[str], book: Path) -> str:
    """Say where to find tunes that could not be written: the history, else a file made for them.

    Args:
        ids: their numbers in the history, None for a tune that has none.
        tunes: their text, without ``X:``.
        book: the file that could not be written.

    Raises:
        OutputError: the file cannot be saved in any folder.
    """
    known = [number for number in ids if number is not None]
    if len(known) == len(tunes):
        shown = f"abclm show {known[0]}" + (f" to {known[-1]}" if len(known) > 1 else "")
        return f"what was written is in the history: {shown}"
    text = append_tunes("", tunes)
    file = keep_somewhere(f"{book.stem}.rejected.abc", text.encode(), book.parent)
    return f"what was written is in {file}"


def replace_file(file: Path, old: bytes, new: bytes, say: Say) -> Path:
    """Replace ``old`` by ``new`` in ``file``, and return the path of the backup of ``old``.

    Raises:
        ChangedError: the file no longer holds ``old``.
        OutputError: it cannot be written; ``file`` is then unchanged.
    """
    with locked(file, say):
        if read_bytes(file) != old:
            raise ChangedError(f"{file}: was changed in the meantime by another program")
        beside = keep_beside(file, old)
        try:
            write_atomically(file, new, instead_of=old)
        except BaseException:
            beside.unlink()
            raise
    return beside


def _append(path: Path, tunes: Sequence[str]) -> int:
    book = read_or_new(path)
    # A title from the command line may hold a byte that does not decode to a character.
    text = append_tunes(book.text, [readable(tune) for tune in tunes])
    write_atomically(path, book.encode(text), instead_of=book.data)
    return next_reference_number(book.text)
