"""Tunebooks as text: the next free reference number, and tunes one after another."""

import re
from collections.abc import Sequence

from abclm import __version__
from abclm.notation.syntax.source import line_end_of

__all__ = [
    "append_tunes",
    "by_itself",
    "next_reference_number",
    "title_of",
    "with_mark",
    "with_note",
    "with_reference_number",
    "with_title",
]

_REFERENCE = re.compile(r"^X:[ \t]*([0-9]{1,9})", re.MULTILINE)
_KEY = re.compile(r"^K:", re.MULTILINE)
_ADDED_UP = ("I:", "U:", "m:", "%%")
"""Fields and directives of which several can apply at once."""


def next_reference_number(text: str) -> int:
    """The first reference number above all those in the tunebook ``text``; 1 if it has none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return max((int(number) for number in _REFERENCE.findall(lines)), default=0) + 1


def with_reference_number(tune: str, number: int) -> str:
    """Put ``X:`` before the text of a tune, and end it with one line end."""
    return f"X:{number}\n{tune.rstrip()}\n"


def by_itself(tune: str, file_fields: Sequence[str] = ()) -> str:
    """The text of a tune without ``X:``, with plain line ends, one of them at its end.

    Args:
        tune: its text.
        file_fields: the fields of its file's header, which it inherits unless it has its own.
    """
    text = tune.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("X:"):
        text = text.partition("\n")[2]
    header, rest = _header(text)
    own = {line[:2] for line in header} - {*_ADDED_UP}
    place = next((at for at, line in enumerate(header) if not line.startswith("T:")), len(header))
    header[place:place] = [field for field in file_fields if field[:2] not in own]
    return _joined(header, rest).rstrip() + "\n"


def title_of(tune: str) -> str:
    """The first title in a tune's text without ``X:``, or an empty string."""
    titles = (line[2:].strip() for line in tune.split("\n") if line.startswith("T:"))
    return next(titles, "")


def with_title(tune: str, title: str) -> str:
    """Replace the first title of a tune's text without ``X:``, or add one."""
    header, rest = _header(tune)
    place = next((at for at, line in enumerate(header) if line.startswith("T:")), None)
    header[slice(0, 0) if place is None else slice(place, place + 1)] = [f"T:{title}"]
    return _joined(header, rest)


def with_mark(tune: str, how: str) -> str:
    """Say in a ``%%abclm`` line at the end of a tune's header that abclm wrote it, and how."""
    header, rest = _header(tune)
    return _joined([*header, f"%%abclm {__version__} {how}"], rest)


def with_note(tune: str, note: str) -> str:
    """Add ``note`` in an ``N:`` field at the end of a tune's header."""
    header, rest = _header(tune)
    return _joined([*header, f"N:{note}"], rest)


def _header(tune: str) -> tuple[list[str], str]:
    """The lines before the first ``K:``, and the text from there on."""
    key = _KEY.search(tune)
    start = key.start() if key else len(tune)
    header = tune[:start].removesuffix("\n")
    return header.split("\n") if header else [], tune[start:]


def _joined(header: Sequence[str], rest: str) -> str:
    return "".join(f"{line}\n" for line in header) + rest


def append_tunes(book: str, tunes: Sequence[str]) -> str:
    """Append ``tunes`` to the tunebook ``book``, with an empty line between them.

    The text of the book stays as it is; its line end is used for the new text.

    Args:
        book: the text of a tunebook, or an empty string.
        tunes: texts without ``X:``; each gets the next free reference number.
    """
    first = next_reference_number(book)
    numbered = [with_reference_number(tune, first + i) for i, tune in enumerate(tunes)]
    added = "\n".join(numbered)
    return book + (_gap(book) + added).replace("\n", line_end_of(book))


def _gap(book: str) -> str:
    """The line ends missing for an empty line after ``book``."""
    if not book.strip("\ufeff\r\n\t "):
        return ""
    lines = book.replace("\r\n", "\n").replace("\r", "\n")
    if re.search(r"\n[ \t]*\n[ \t]*\Z", lines):
        return ""
    return "\n" if lines.endswith("\n") else "\n\n"
