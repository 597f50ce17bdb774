"""A part of a tunebook, shown as plain text and exchanged for what the user typed.

What was not changed keeps its bytes: odd ones, line ends, lines between two that were changed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from abclm.compose.chosen import listed
from abclm.errors import InputError
from abclm.notation.check.fix import fix
from abclm.notation.parse.tunebook import split_tunes
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.source import Source, readable

__all__ = [
    "LineRange",
    "Mended",
    "find_tune",
    "lines_of",
    "mend",
    "read_part",
    "replace_part",
    "whole",
]

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")

_FAR = 300
"""Lines within which it is looked for where a text goes on as it was behind a change."""
_ALIKE = 3
"""So many lines that are the same say that it does."""

Line = tuple[str, str]
"""A line and its end."""


@dataclass(frozen=True, slots=True)
class LineRange:
    """Some lines of a book: from line ``start``, 0-based, up to ``stop``."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Mended:
    """A book with what is safe to mend mended, and what that was, by place."""

    book: Source
    changes: tuple[Problem, ...]


def mend(book: Source) -> Mended:
    """``book`` with what is safe to mend mended; every other line keeps its bytes."""
    part = whole(book)
    fixed = fix(read_part(book, part))
    return Mended(replace_part(book, part, fixed.text), fixed.changes)


def whole(book: Source) -> LineRange:
    """All lines of ``book``."""
    return LineRange(0, len(_lines(book.text)))


def find_tune(book: Source, number: int) -> LineRange:
    """The lines of the tune whose ``X:`` is ``number``.

    Raises:
        InputError: there is none; the message lists those that there are.
    """
    numbers: list[str] = []
    for tune in split_tunes(book.text):
        first, last = tune.tokens[0], tune.tokens[-1]
        written = first.value if first.text.startswith("X:") else ""
        if written.isdecimal() and int(written[:9]) == number:
            return LineRange(first.line - 1, last.line)
        numbers.append(written or "?")
    raise InputError(f"{book.name}: no X:{number}; there are: {listed(numbers) or 'none'}")


def read_part(book: Source, part: LineRange) -> str:
    """The text of ``part`` with plain line ends, the last line ended too."""
    lines = _lines(book.text)[part.start : part.stop]
    return readable("".join(f"{line}\n" for line, _ in lines))


def replace_part(book: Source, part: LineRange, text: str) -> Source:
    """The book with ``text`` in the place of ``part``.

    Lines that are the same stay as they are; new ones get the line end of the book.

    Raises:
        InputError: the encoding of the book has no such character.
    """
    lines = _lines(book.text)
    end = book.line_end
    changed = list(_changed(lines[part.start : part.stop], lines_of(text), end))
    result = [*lines[: part.start], *changed, *lines[part.stop :]]
    result[:-1] = [(line, own or end) for line, own in result[:-1]]
    if result and result[-1] not in lines and not book.text.endswith(("\r", "\n")):
        result[-1] = (result[-1][0], "")
    new = "".join(line + own for line, own in result)
    return replace(book, data=book.encode(new), text=new)


def lines_of(text: str) -> list[str]:
    """The lines of ``text`` without their ends; a line end at the end of the text opens none."""
    return [line for line, _ in _lines(text)]


def _lines(text: str) -> list[Line]:
    return [match.groups() for match in _LINE.finditer(text) if match.group()]  # type: ignore[misc]


def _changed(old: list[Line], new: list[str], end: str) -> Iterator[Line]:
    """The lines ``new``; those that are also in ``old`` are taken from there."""
    shown = [readable(line) for line, _ in old]
    first, last = _same(shown, new)
    ends = len(old) - last, len(new) - last
    at = place = first
    yield from old[:first]
    while (at, place) != ends:
        if at < ends[0] and place < ends[1] and shown[at] == new[place]:
            yield old[at]
            at, place = at + 1, place + 1
            continue
        next_at, next_place = _next_same(shown, new, (at, place), ends)
        before = [line for line, _ in old[at:next_at]] + [""] * (next_place - place)
        for line, typed in zip(before, new[place:next_place], strict=False):
            yield _typed(line, typed), end
        at, place = next_at, next_place
    yield from old[ends[0] :]


def _next_same(
    old: list[str], new: list[str], start: tuple[int, int], ends: tuple[int, int]
) -> tuple[int, int]:
    """Where ``old`` and ``new`` next agree for some lines, or their ends where that is far."""
    for distance in range(1, _FAR):
        for skipped in range(distance + 1):
            at, place = start[0] + skipped, start[1] + distance - skipped
            if at > ends[0] or place > ends[1]:
                continue
            if old[at : at + _ALIKE] == new[place : place + _ALIKE]:
                return at, place
    return ends


def _typed(line: str, typed: str) -> str:
    """``typed`` with the odd bytes of ``line`` at its start and its end, as far as they agree."""
    start, rest = _same(list(readable(line)), list(typed))
    return line[:start] + typed[start : len(typed) - rest] + line[len(line) - rest :]


def _same(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many elements are the same at the start, and how many of the others at the end."""
    pairs = zip(old, new, strict=False)
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    rest = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    return start, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest))
