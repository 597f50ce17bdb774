"""Where new tunes are saved: at the end of a tunebook, and as MIDI."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.notation.syntax.source import Source

__all__ = ["append_to_book", "read_book", "where_kept", "write_midi"]

_MOST_TRIES = 5


def append_to_book(path: Path, tunes: Sequence[str]) -> int:
    """Put tunes at the end of a tunebook; the reference number of the first.

    What is in the book stays byte for byte. Two processes wait for each other, and one that is
    killed leaves the book as it was.

    Raises:
        InputError: the book cannot be read, or has no such characters.
        OutputError: it cannot be written.
    """
    from abclm.cli.outputs import say_waiting
    from abclm.errors import ChangedError, OutputError
    from abclm.files import locked

    for _ in range(_MOST_TRIES):
        with locked(path, say_waiting):
            try:
                return _append(path, tunes)
            except ChangedError:
                continue
    raise OutputError(f"{path}: not written: something else keeps changing it")


def read_book(path: Path) -> "Source":
    """A tunebook, empty where there is none yet or nothing that could be read.

    Raises:
        InputError: it cannot be read, or is not ABC.
    """
    from abclm.cli.inputs import read_abc
    from abclm.files import is_stream
    from abclm.notation.syntax.source import Source

    return Source.of("", str(path)) if is_stream(path) or not path.exists() else read_abc(path)


def where_kept(ids: Sequence[int | None], tunes: Sequence[str], book: Path) -> str:
    """Where tunes are that could not be written: in the history, else in a file made for them.

    Args:
        ids: their numbers in the history, None where they have none.
        tunes: their texts, without ``X:``.
        book: the file that they were to be written to.

    Raises:
        OutputError: no folder takes the file.
    """
    from abclm.compose.tunebook import append_tunes
    from abclm.files import keep_somewhere

    known = [number for number in ids if number is not None]
    if len(known) == len(tunes):
        shown = f"abclm show {known[0]}" + (f" to {known[-1]}" if len(known) > 1 else "")
        return f"what was written is in the history: {shown}"
    text = append_tunes("", tunes)
    file = keep_somewhere(f"{book.stem}.rejected.abc", text.encode(), book.parent)
    return f"what was written is in {file}"


def write_midi(path: Path, tunes: Sequence[str]) -> None:
    """Write each tune as MIDI; of several, each file gets a number."""
    from abclm.compose.tunebook import with_reference_number
    from abclm.files import write_atomically
    from abclm.notation.parse.parser import parse_tunebook
    from abclm.render.midi.midi import midi_bytes

    for number, text in enumerate(tunes, 1):
        target = path if len(tunes) == 1 else path.with_stem(f"{path.stem}-{number}")
        parsed = parse_tunebook(with_reference_number(text, number))
        write_atomically(target, midi_bytes(parsed[0].tune))
        print(f"written: {target}", file=sys.stderr)


def _append(path: Path, tunes: Sequence[str]) -> int:
    from abclm.compose.tunebook import append_tunes, next_reference_number
    from abclm.files import write_atomically
    from abclm.notation.syntax.source import readable

    book = read_book(path)
    # A title from the command line may hold a byte that is no character there.
    text = append_tunes(book.text, [readable(tune) for tune in tunes])
    write_atomically(path, book.encode(text), instead_of=book.data)
    return next_reference_number(book.text)
