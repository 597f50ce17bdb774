"""Tuplets found from the times of notes.

ABC writes a tuplet as ``(p:q:r``: the next r notes last q/p of what is written. Any stretch between
two times that are whole 256th notes can be one, whichever beats it crosses.
"""

from collections.abc import Iterator, Sequence
from math import gcd, lcm
from typing import Final, NamedTuple

from abclm.reading.lengths import GRID, single_lengths
from abclm.reading.pieces import Piece
from abclm.reading.score import QUARTER

__all__ = ["Span", "spans"]

_ODD: Final = GRID // (GRID & -GRID)
"""The odd factors of the ticks: 9 times 5 times 7."""
_TIMES: Final = {
    3: (2, 4),
    5: (4, 3, 2, 6, 8),
    7: (4, 8, 6, 3, 2),
    9: (8, 4, 6, 2, 16),
    15: (8, 16, 12, 4),
}
"""For p, the usual values of q, the most usual one first."""
_MOST_NOTES: Final = 99
_COARSE: Final = QUARTER // 16
_TRIPLET: Final = QUARTER // 12


class Span(NamedTuple):
    """A stretch of a measure that is written with one ratio.

    Attributes:
        notes, times: the written notes and how many of them it lasts; 1 and 1 outside tuplets.
        pieces: what stands in it.
        written: for each piece, the lengths of its tied notes before scaling, in ticks.
        moved: whether its times had to be moved to be writable.
    """

    notes: int
    times: int
    pieces: Sequence[Piece]
    written: Sequence[Sequence[int]]
    moved: bool = False

    @property
    def size(self) -> int:
        """How many notes are written."""
        return sum(map(len, self.written))


def spans(pieces: Sequence[Piece]) -> list[Span]:
    """Return the spans of a measure, whose pieces fill it."""
    for piece in pieces:
        if piece.length % GRID or (piece.note is not None and piece.note.tuplet != (1, 1)):
            return list(_spans(pieces))
    return [_plain(pieces)]


def _plain(pieces: Sequence[Piece], *, moved: bool = False) -> Span:
    written = [
        (piece.length,)
        if piece.note is None and len(pieces) == 1
        else single_lengths(piece.length, piece.start)
        for piece in pieces
    ]
    return Span(1, 1, pieces, written, moved)


def _spans(pieces: Sequence[Piece]) -> Iterator[Span]:
    place = 0
    while place < len(pieces):
        end = _region_end(pieces, place)
        if end is None:
            yield from _moved(pieces[place:])
            return
        region = pieces[place:end]
        span = _tuplet(region)
        if span is not None:
            yield span
        else:
            yield from _moved(region)
        place = end


def _region_end(pieces: Sequence[Piece], place: int) -> int | None:
    """The index behind the shortest region from ``place`` on; None if none ends in the measure.

    Plain pieces form one region, and so do those of a written duplet or quadruplet.
    """
    if not pieces[place].length % GRID:
        given = _given(pieces[place])
        while place < len(pieces) and not pieces[place].length % GRID:
            if _given(pieces[place]) != given:
                break
            place += 1
        return place
    for index in range(place, len(pieces)):
        if not (pieces[index].start + pieces[index].length) % GRID:
            return index + 1
    return None


def _given(piece: Piece) -> tuple[int, int]:
    """The written tuplet of a piece whose times do not show it, such as a duplet in 6/8."""
    if piece.note is None or piece.note.tuplet[0] & (piece.note.tuplet[0] - 1):
        return (1, 1)
    return piece.note.tuplet


def _tuplet(region: Sequence[Piece]) -> Span | None:
    """The span of a region, None if it cannot be written exactly."""
    if all(not piece.length % GRID for piece in region):
        given = _given(region[0])
        return (_scaled(region, *given) if given != (1, 1) else None) or _plain(region)
    known = {piece.note.tuplet for piece in region if piece.note is not None} - {(1, 1)}
    notes = lcm(*(_ODD // gcd(piece.length, _ODD) for piece in region))
    candidates = [(notes, times) for times in _TIMES.get(notes, (_below(notes), 2 * _below(notes)))]
    if len(known) == 1:
        ratio = known.pop()
        candidates = [ratio] + [one for one in candidates if one != ratio]
    found = [span for ratio in candidates if (span := _scaled(region, *ratio)) is not None]
    return min(found, key=lambda span: span.size, default=None)


def _below(notes: int) -> int:
    return 1 << (notes - 1).bit_length() - 1 if notes > 1 else 1


def _scaled(region: Sequence[Piece], notes: int, times: int) -> Span | None:
    """The region as one tuplet, None if its lengths cannot be written so."""
    if not 1 < notes <= _MOST_NOTES or not 0 < times <= _MOST_NOTES:
        return None
    written: list[tuple[int, ...]] = []
    total = 0
    # The notes of a tuplet of eleven are not whole ticks: the nearest length is meant.
    tolerance = 0 if _ODD % (notes // (notes & -notes)) == 0 else notes
    for piece in region:
        units = (piece.length * notes + times * GRID // 2) // (times * GRID)
        if not units or abs(units * times * GRID - piece.length * notes) > tolerance * times:
            return None
        total += units
        written.append(single_lengths(units * GRID, 0))
    if total * times * GRID != notes * sum(piece.length for piece in region):
        return None
    span = Span(notes, times, region, written)
    return span if span.size <= _MOST_NOTES else None


def _moved(pieces: Sequence[Piece]) -> Iterator[Span]:
    """The pieces with their times moved to 64ths and triplets of 32nds, else to 64ths alone."""
    for grids in ((_COARSE, _TRIPLET), (_COARSE,)):
        moved = _snapped(pieces, grids)
        if moved is None:
            continue
        place = 0
        found: list[Span] = []
        while place < len(moved):
            end = _region_end(moved, place)
            span = _tuplet(moved[place:end]) if end is not None else None
            if span is None or end is None:
                break
            found.append(span._replace(moved=True))
            place = end
        else:
            yield from found
            return
    # More notes than 64ths: only the first of them fit.
    first, last = pieces[0], pieces[-1]
    length = max(GRID, _nearest(last.start + last.length, (GRID,)) - first.start)
    yield _plain([first._replace(length=length)], moved=True)


def _snapped(pieces: Sequence[Piece], grids: Sequence[int]) -> list[Piece] | None:
    first, last = pieces[0], pieces[-1]
    end = _nearest(last.start + last.length, (GRID,))
    snapped: list[Piece] = []
    now = first.start
    for index, piece in enumerate(pieces):
        room = _COARSE * (len(pieces) - 1 - index)
        until = min(end - room, max(now + _COARSE, _nearest(piece.start + piece.length, grids)))
        if piece is last:
            until = end
        if until <= now:
            return None
        snapped.append(piece._replace(start=now, length=until - now))
        now = until
    return snapped


def _nearest(time: int, grids: Sequence[int]) -> int:
    return min(((time + grid // 2) // grid * grid for grid in grids), key=lambda at: abs(at - time))
