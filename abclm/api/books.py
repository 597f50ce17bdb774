"""Tunebooks as files: read, added to and changed, all else in them byte for byte as it was.

``say`` is given a line to show while another process writes the file.
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
"""The bytes of a file after what is done to it."""
Say = Callable[[str], None]

_MOST_TRIES = 5


def read_abc(path: Path) -> Source:
    """The ABC file ``path``.

    Raises:
        InputError: it cannot be read, or is not ABC.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give the files in it")
    return Source.decode(read_bytes(path, MOST_ABC), str(path))


def read_or_new(path: Path) -> Source:
    """A tunebook, empty where there is none yet or nothing that could be read.

    Raises:
        InputError: it cannot be read, or is not ABC.
    """
    return Source.of("", str(path)) if is_stream(path) or not path.exists() else read_abc(path)


def append_to_book(path: Path, tunes: Sequence[str], say: Say) -> int:
    """Put tunes at the end of a tunebook; the reference number of the first.

    What is in the book stays byte for byte. Two processes wait for each other, and one that is
    killed leaves the book as it was.

    Raises:
        InputError: the book cannot be read, or has no such characters.
        OutputError: it cannot be written.
    """
    for _ in range(_MOST_TRIES):
        with locked(path, say):
            try:
                return _append(path, tunes)
            except ChangedError:
                continue
    raise OutputError(f"{path}: not written: something else keeps changing it")


def check_output(file: Path, output: Path | None, *, in_place: bool) -> None:
    """See that what is made of ``file`` can go where it is asked for, before work is spent on it.

    Args:
        file: the tunebook; ``-`` is standard input.
        output: another file to write.
        in_place: whether ``file`` itself is to be written.

    Raises:
        InputError: ``--in-place`` goes with neither ``-o`` nor standard input.
        OutputError: it cannot be written, or not without harm to another file.
    """
    if in_place:
        if output is not None or str(file) == "-":
            raise InputError("--in-place writes FILE: it goes with neither -o nor stdin")
        check_writable(file)
        if is_stream(file):
            raise InputError(f"{file}: is not a file that could be changed: give - to read it")
        if not os.access(file.parent, os.W_OK):
            raise OutputError(
                f"{file}: its folder cannot be written, so not {file.name}.bak either"
            )
    check_outputs((output, FileKind.ABC), inputs=[file])


def change_in_place(file: Path, source: Source, change: Change, say: Say) -> Path | None:
    """Change ``file``, and keep what it was beside it; where that is, or None if nothing changed.

    Where something else has changed it since ``source`` was read, the change is made to what
    stands there now.

    Raises:
        OutputError: it cannot be written, or ``change`` cannot be made to what stands there now.
    """
    for _ in range(_MOST_TRIES):
        new = change(source)
        if new == source.data:
            return None
        try:
            return replace_file(file, source.data, new, say)
        except ChangedError:
            source = read_abc(file)
    raise OutputError(f"{file}: not written: something else keeps changing it")


def where_kept(ids: Sequence[int | None], tunes: Sequence[str], book: Path) -> str:
    """Where tunes are that could not be written: in the history, else in a file made for them.

    Args:
        ids: their numbers in the history, None where they have none.
        tunes: their texts, without ``X:``.
        book: the file that they were to be written to.

    Raises:
        OutputError: no folder takes the file.
    """
    known = [number for number in ids if number is not None]
    if len(known) == len(tunes):
        shown = f"abclm show {known[0]}" + (f" to {known[-1]}" if len(known) > 1 else "")
        return f"what was written is in the history: {shown}"
    text = append_tunes("", tunes)
    file = keep_somewhere(f"{book.stem}.rejected.abc", text.encode(), book.parent)
    return f"what was written is in {file}"


def replace_file(file: Path, old: bytes, new: bytes, say: Say) -> Path:
    """Put ``new`` in ``file`` in place of ``old``, which is kept beside it; where that is.

    Raises:
        ChangedError: something else than ``old`` is there.
        OutputError: it cannot be written; ``file`` is then as it was.
    """
    with locked(file, say):
        if read_bytes(file) != old:
            raise ChangedError(f"{file}: was changed meanwhile by something else")
        beside = keep_beside(file, old)
        try:
            write_atomically(file, new, instead_of=old)
        except BaseException:
            beside.unlink()
            raise
    return beside


def _append(path: Path, tunes: Sequence[str]) -> int:
    book = read_or_new(path)
    # A title from the command line may hold a byte that is no character there.
    text = append_tunes(book.text, [readable(tune) for tune in tunes])
    write_atomically(path, book.encode(text), instead_of=book.data)
    return next_reference_number(book.text)
