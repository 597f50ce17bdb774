"""Where new tunes are saved: at the end of a tunebook, and as MIDI."""

import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["append_to_book", "book_text", "write_midi"]


def append_to_book(path: Path, tunes: Sequence[str], *, say: bool = True) -> int:
    """Put tunes at the end of a tunebook; the reference number of the first.

    Two processes wait for each other, and one that is killed leaves the book as it was.
    """
    from abclm.compose.tunebook import append_tunes, next_reference_number
    from abclm.files import locked, write_atomically

    with locked(path):
        book = book_text(path)
        write_atomically(path, append_tunes(book, tunes))
    if say:
        print(f"written: {path}", file=sys.stderr)
    return next_reference_number(book)


def book_text(path: Path) -> str:
    """The text of a tunebook, empty where there is none yet."""
    from abclm.cli.inputs import read_source

    return read_source(path) if path.exists() else ""


def write_midi(path: Path, tunes: Sequence[str]) -> None:
    """Write each tune as MIDI; of several, each file gets a number."""
    from abclm.compose.tunebook import with_reference_number
    from abclm.files import write_atomically
    from abclm.notation.parser import parse_tunebook
    from abclm.render.midi import midi_bytes

    for number, text in enumerate(tunes, 1):
        target = path if len(tunes) == 1 else path.with_stem(f"{path.stem}-{number}")
        parsed = parse_tunebook(with_reference_number(text, number))
        write_atomically(target, midi_bytes(parsed[0].tune))
        print(f"written: {target}", file=sys.stderr)
