"""A part of a tunebook, shown as plain text and replaced by what the user typed.

Unchanged lines keep their bytes, such as odd characters and line ends, even between changed lines.
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
"""The number of lines searched for the end of a change."""
_ALIKE = 3
"""The number of equal lines that mark the end of a change."""

Line = tuple[str, str]
"""A line's text and its line end."""


@dataclass(frozen=True, slots=True)
class LineRange:
    """Lines of a book, from index ``start``, counted from 0, up to but not including ``stop``."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Mended:
    """A book after safe repairs, and the problems that were repaired, in order of position."""

    book: Source
    changes: tuple[Problem, ...]


def mend(book: Source) -> Mended:
    """Repair what can safely be repaired in ``book``; every other line keeps its bytes."""
    part = whole(book)
    fixed = fix(read_part(book, part))
    return Mended(replace_part(book, part, fixed.text), fixed.changes)


def whole(book: Source) -> LineRange:
    """All lines of ``book``."""
    return LineRange(0, len(_lines(book.text)))


def find_tune(book: Source, number: int) -> LineRange:
    """Find the lines of the tune whose ``X:`` is ``number``.

    Raises:
        InputError: there is none; the message lists the numbers that exist.
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
    """The text of ``part`` with plain line ends, also after the last line."""
    lines = _lines(book.text)[part.start : part.stop]
    return readable("".join(f"{line}\n" for line, _ in lines))


def replace_part(book: Source, part: LineRange, text: str) -> Source:
    """Replace ``part`` of the book by ``text``.

    Equal lines stay as they are; new ones get the line end of the book.

    Raises:
        InputError: a character cannot be written in the book's encoding.
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
    """The lines of ``text`` without line ends; a line end at its end starts no further line."""
    return [line for line, _ in _lines(text)]


def _lines(text: str) -> list[Line]:
    return [match.groups() for match in _LINE.finditer(text) if match.group()]  # type: ignore[misc]


def _changed(old: list[Line], new: list[str], end: str) -> Iterator[Line]:
    """Yield the lines ``new``; those that are also in ``old`` are taken from there."""
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
    """Where ``old`` and ``new`` next have equal lines, or their ends if that is too far."""
    for distance in range(1, _FAR):
        for skipped in range(distance + 1):
            at, place = start[0] + skipped, start[1] + distance - skipped
            if at > ends[0] or place > ends[1]:
                continue
            if old[at : at + _ALIKE] == new[place : place + _ALIKE]:
                return at, place
    return ends


def _typed(line: str, typed: str) -> str:
    """``typed`` with the odd bytes of ``line`` at its start and its end, where the texts agree."""
    start, rest = _same(list(readable(line)), list(typed))
    return line[:start] + typed[start : len(typed) - rest] + line[len(line) - rest :]


def _same(old: list[str], new: list[str]) -> tuple[int, int]:
    """The number of equal elements at the start, and of further equal elements at the end."""
    pairs = zip(old, new, strict=False)
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    rest = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    return start, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest))
