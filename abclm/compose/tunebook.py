"""Tunebooks as text: the next free reference number, and tunes set one after another."""

import re
from collections.abc import Mapping, Sequence

__all__ = ["append_tunes", "next_reference_number", "with_fields", "with_reference_number"]

_REFERENCE = re.compile(r"^X:[ \t]*([0-9]{1,9})", re.MULTILINE)


def next_reference_number(text: str) -> int:
    """The first reference number above all that the tunebook ``text`` has; 1 if it has none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return max((int(number) for number in _REFERENCE.findall(lines)), default=0) + 1


def with_reference_number(tune: str, number: int) -> str:
    """The text of a tune without ``X:``, with one in front and one line end at its end."""
    return f"X:{number}\n{tune.rstrip()}\n"


def with_fields(tune: str, values: Mapping[str, str]) -> str:
    """A tune's text with header fields set: each in its old place, or else before ``K:``."""
    header, key, body = tune.partition("\nK:")
    lines = header.split("\n")
    for name, value in values.items():
        field = f"{name}:{value}"
        places = [place for place, line in enumerate(lines) if line.startswith(f"{name}:")]
        if places:
            lines[places[0]] = field
        else:
            lines.append(field)
    return "\n".join(lines) + key + body


def append_tunes(book: str, tunes: Sequence[str]) -> str:
    """The tunebook ``book`` with ``tunes`` at its end, an empty line between them.

    What was in the book stays as it is; its line ends (LF or CRLF) are used for what is added.

    Args:
        book: the text of a tunebook, or an empty text.
        tunes: texts without ``X:``; each takes the next free reference number.
    """
    first = next_reference_number(book)
    numbered = [with_reference_number(tune, first + i) for i, tune in enumerate(tunes)]
    added = "\n".join(numbered)
    end = "\r\n" if "\r\n" in book else "\n"
    return book + (_gap(book) + added).replace("\n", end)


def _gap(book: str) -> str:
    """The line ends that are missing for an empty line after ``book``."""
    if not book.strip("\ufeff\r\n\t "):
        return ""
    lines = book.replace("\r\n", "\n").replace("\r", "\n")
    if re.search(r"\n[ \t]*\n[ \t]*\Z", lines):
        return ""
    return "\n" if lines.endswith("\n") else "\n\n"
