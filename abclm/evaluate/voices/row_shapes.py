"""Copying between pieces of several voices: bars of all voices together, in any key."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction

from abclm.evaluate.voices.slices import Slices
from abclm.originality.comparison import Figures, figures

__all__ = ["RowIndex", "row_shapes"]


def row_shapes(piece: Slices) -> frozenset[Hashable]:
    """Return the shapes of the full bars of a piece.

    Two bars have one shape if their notes have the same onsets and durations in the same voices,
    and each note the same interval to the lowest one. A note held over a bar line counts in both.
    """
    found: list[Hashable] = []
    ends = [start for start, _ in piece.bars][1:]
    ends.append(piece.bars[-1][0] + piece.bars[-1][1].duration if piece.bars else Fraction(0))
    for (start, bar), end in zip(piece.bars, ends, strict=False):
        if bar.meter.bar is None or bar.duration < bar.meter.bar:
            continue
        notes = [
            (voice, max(note.onset, start) - start, min(ended, end) - start, pitch)
            for voice, line in enumerate(piece.notes)
            for note in line
            if (ended := note.onset + note.duration) > start and note.onset < end
            for pitch in note.pitches
        ]
        if notes:
            lowest = min(note[-1] for note in notes)
            found.append(tuple((*note[:-1], note[-1] - lowest) for note in notes))
    return frozenset(found)


class RowIndex:
    """Finds the training piece that shares most bars with a piece.

    Args:
        pieces: the training pieces.
    """

    def __init__(self, pieces: Sequence[Slices]) -> None:
        self._shapes = list(map(row_shapes, pieces))
        self._pieces: dict[Hashable, list[int]] = {}
        for number, shapes in enumerate(self._shapes):
            for shape in shapes:
                self._pieces.setdefault(shape, []).append(number)

    def share(self, shapes: frozenset[Hashable], *, without: int | None = None) -> float:
        """Return the largest share of ``shapes`` that is found in one training piece.

        Args:
            shapes: one or more shapes.
            without: the number of a training piece that is not searched.
        """
        counts = Counter(number for shape in shapes for number in self._pieces.get(shape, ()))
        if without is not None:
            del counts[without]
        return max(counts.values(), default=0) / len(shapes)

    def copying(self, pieces: Iterable[Slices]) -> Figures:
        """Return the copying of pieces that are not training pieces."""
        return figures([self.share(shapes) for shapes in map(row_shapes, pieces) if shapes])

    def leave_one_out(self) -> Figures:
        """Return the copying of the training pieces, each from all others."""
        return figures(
            [
                self.share(shapes, without=number)
                for number, shapes in enumerate(self._shapes)
                if shapes
            ]
        )
