"""A voice cut at bar lines: what is written in each measure, rests between the notes included."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from abclm.reading.lengths import GRID
from abclm.reading.score import Measure, Note, ScoreVoice

__all__ = ["Piece", "pieces_by_measure"]


class Piece(NamedTuple):
    """A note or rest, or the part of one that lies in a measure.

    Attributes:
        start: ticks from the start of the measure.
        length: in ticks.
        note: None for a rest that fills a gap.
        begins: whether the note begins here, and does not go on from before.
        continues: whether the note continues after it.
    """

    start: int
    length: int
    note: Note | None = None
    begins: bool = True
    continues: bool = False


def pieces_by_measure(voice: ScoreVoice, measures: Sequence[Measure]) -> Iterator[list[Piece]]:
    """Yield the pieces of each measure; together they fill it.

    A note is also cut where a chord symbol stands over it. Of notes that overlap, the later one is
    shortened or left out.
    """
    notes = voice.notes
    chords = [chord.start for chord in voice.chords]
    place = chord = 0
    for measure in measures:
        begin, end = measure.start, measure.end
        pieces: list[Piece] = []
        now = begin
        while place < len(notes) and (note := notes[place]).start < end:
            until = note.end
            start = max(now, note.start)
            if until > start:
                if start > now:
                    pieces.append(Piece(now - begin, start - now))
                now = min(end, until)
                pieces.append(
                    Piece(start - begin, now - start, note, note.start >= start, until > end)
                )
            if until > end:
                break
            place += 1
        if now < end:
            pieces.append(Piece(now - begin, end - now))
        if chord < len(chords):
            first = chord
            while chord < len(chords) and chords[chord] < end:
                chord += 1
            if chord > first:
                pieces = _cut(pieces, [start - begin for start in chords[first:chord]])
        yield pieces


def _cut(pieces: Sequence[Piece], places: Sequence[int]) -> list[Piece]:
    """Cut pieces at ``places``, where both parts can be written without a tuplet."""
    cut: list[Piece] = []
    for piece in pieces:
        for place in places:
            before = place - piece.start
            if not 0 < before < piece.length:
                continue
            if before % GRID or piece.start % GRID or piece.length % GRID:
                continue
            cut.append(piece._replace(length=before, continues=piece.note is not None))
            piece = piece._replace(  # noqa: PLW2901 - what is left of it
                start=place, length=piece.length - before, begins=False
            )
        cut.append(piece)
    return cut
