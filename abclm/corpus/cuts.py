"""Where a piece is cut: at changes, at rests of all voices, and where it is too long."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from abclm.corpus.piece_bars import PieceBars
from abclm.corpus.recipe import Filters

__all__ = ["must_be_cut", "runs"]

_LONG_REST: Final = 2
"""Bars of rest in all voices from which the music on both sides is apart."""


def must_be_cut(piece: PieceBars, filters: Filters) -> bool:
    """Whether a piece is too long, or changes key or meter in several voices."""
    if _length(piece) > filters.maximum_characters:
        return True
    changes = any(bar is None or (bar.changes and number) for number, bar in enumerate(piece))
    return filters.voices > 1 and changes


def _length(piece: PieceBars) -> int:
    return sum(bar.characters for bar in piece if bar is not None)


def runs(piece: PieceBars, filters: Filters, dropped: Counter[str]) -> Iterator[tuple[int, int]]:
    """Yield the first bar of each excerpt, and the one after its last; count unusable bars."""
    start = 0
    size = len(piece)
    while start < size:
        if piece[start] is None:
            dropped[_unusable(filters)] += 1
            while start < size and piece[start] is None:
                start += 1
            continue
        end = start + 1
        while end < size and not _is_apart(piece, end):
            end += 1
        first, last = _trimmed(piece, start, end)
        if first < last:
            yield from _short_enough(piece, first, last, filters)
        start = end


def _unusable(filters: Filters) -> str:
    if filters.voices == 1:
        return "a staff with layers that make no chords"
    return f"bars with more than {filters.voices} voices"


def _is_apart(piece: PieceBars, number: int) -> bool:
    """Whether bar ``number`` may not be in one excerpt with the bar before it."""
    here, before = piece[number], piece[number - 1]
    if here is None or before is None or here.changes:
        return True
    if before.row[0].after.style == "|]":
        return True
    silent = (bar is None or bar.silent for bar in piece[number - _LONG_REST : number])
    return number >= _LONG_REST and not here.silent and all(silent)


def _trimmed(piece: PieceBars, start: int, end: int) -> tuple[int, int]:
    """The excerpt without bars of rest at its beginning and end."""
    sounding = [
        number
        for number in range(start, end)
        if (bar := piece[number]) is not None and not bar.silent
    ]
    return (sounding[0], sounding[-1] + 1) if sounding else (start, start)


def _short_enough(
    piece: PieceBars, start: int, end: int, filters: Filters
) -> Iterator[tuple[int, int]]:
    """An excerpt in parts that are not too long."""
    room = filters.maximum_characters - 100  # for the header
    least = filters.minimum_bars
    while _length(piece[start:end]) > room:
        fitting = [
            cut
            for cut in range(start + least, end - least + 1)
            if _length(piece[start:cut]) <= room
        ]
        if not fitting:
            break
        cut = max(fitting, key=lambda number: (_rank(piece, number), number))
        yield start, cut
        start = cut
    yield start, end


def _rank(piece: PieceBars, number: int) -> int:
    """How well a piece can be cut before bar ``number``: 3 at a double bar, 0 within a tie."""
    before, here = piece[number - 1], piece[number]
    if before is None or here is None:
        return 0
    if before.row[0].after.ending or before.row[0].before.ending:
        return 0
    if before.row[0].after.ends_section:
        return 3
    if before.silent or here.silent:
        return 2
    return int(not any(line.events and line.events[-1].tie for line in before.row))
