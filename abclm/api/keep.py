"""Keep a tune from the history in a tunebook, with a title and a note of how it was made."""

from collections.abc import Callable
from pathlib import Path

from abclm import __version__
from abclm.api.books import append_to_book
from abclm.compose.tunebook import with_note, with_title
from abclm.constraint.header import Header
from abclm.files import FileKind, check_outputs
from abclm.ledger.history import opened
from abclm.ledger.row import Entry

__all__ = ["keep"]


def keep(tune: int, title: str, book: Path, say: Callable[[str], None]) -> None:
    """Append the logged ``tune`` to ``book``, and record that in the history.

    Args:
        tune: its number in the history.
        title: its title in the book.
        book: the tunebook, created if it is missing.
        say: called with a line when it is written.

    Raises:
        InputError: there is no such tune, or the title is not valid.
        OutputError: the book cannot be written.
    """
    check_outputs((book, FileKind.ABC))
    name = Header(title=title).title or ""
    with opened(say) as ledger:
        entry = ledger.get(tune).entry
        append_to_book(book, [with_note(with_title(entry.text, name), _note(entry))], say)
        say(f"written: {book}")
        ledger.keep(tune, name, book)


def _note(entry: Entry) -> str:
    note = (
        f"abclm {__version__}, {entry.settings.get('checkpoint', '')} {entry.checkpoint[:12]}, "
        f"{entry.as_typed(with_file=False)}, seed {entry.seed} number {entry.number}"
    )
    return " ".join(note.split())
