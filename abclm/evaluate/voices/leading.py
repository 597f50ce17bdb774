"""How voices move against each other: parallels, crossings and gaps, per 100 moves.

A *move* leads from one moment at which any voice strikes a note to the next such moment. The pieces
of Bach that music21 has make .18 parallel fifths, .08 parallel octaves, 2.5 crossings and 1.5 gaps
in 100 moves; a soprano of one chorale over the lower voices of another makes 1.8, 1.8, 13 and 7.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Final, Self

from abclm.evaluate.voices.slices import Slice

__all__ = ["Leading"]

_OCTAVE: Final = 12
_FIFTH: Final = 7
_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Leading:
    """Counts in some pieces.

    Attributes:
        moves: the moves; a piece with ``n`` moments has ``n - 1``.
        fifths: two voices that both strike a new pitch, move in the same direction, and are a fifth
            apart before and after, octaves added or not.
        octaves: the same with unisons and octaves.
        crossings: pairs of voices of which the upper sounds lower, where a move ends.
        gaps: neighbouring voices above the lowest that are more than an octave apart, where a move
            ends.
    """

    moves: int = 0
    fifths: int = 0
    octaves: int = 0
    crossings: int = 0
    gaps: int = 0

    @classmethod
    def of(cls, pieces: Iterable[Sequence[Slice]]) -> Self:
        """Count in ``pieces``."""
        moves = fifths = octaves = crossings = gaps = 0
        for piece in pieces:
            for before, after in pairwise(piece):
                moves += 1
                parallel = _parallels(before, after)
                fifths += parallel.count(_FIFTH)
                octaves += parallel.count(0)
                crossings += _crossings(after)
                gaps += _gaps(after)
        return cls(moves, fifths, octaves, crossings, gaps)

    def per_hundred(self, name: str) -> float | None:
        """The count called ``name`` per 100 moves; None without a move."""
        return _HUNDRED * int(getattr(self, name)) / self.moves if self.moves else None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON, per 100 moves, with the number of moves."""
        names = ("fifths", "octaves", "crossings", "gaps")
        rates = {name: self.per_hundred(name) for name in names}
        return {
            "moves": self.moves,
            **{name: rate if rate is None else round(rate, 4) for name, rate in rates.items()},
        }


def _parallels(before: Slice, after: Slice) -> list[int]:
    """The intervals, 0 or a fifth, in which pairs of voices move in parallel."""
    steps = [_step(before, after, voice) for voice in range(len(after.voices))]
    found = []
    for (one, upper), (other, lower) in combinations(enumerate(steps), 2):
        if not (upper and lower) or (upper > 0) != (lower > 0):
            continue
        first, second = _interval(before, one, other), _interval(after, one, other)
        if first == second and first in {0, _FIFTH}:
            found.append(first)
    return found


def _step(before: Slice, after: Slice, voice: int) -> int:
    """The semitones by which a voice moves to a note that it strikes; 0 if it does not move."""
    sounding = after.voices[voice]
    first, second = before.line(voice), after.line(voice)
    if sounding is None or not sounding.struck or first is None or second is None:
        return 0
    return second - first


def _interval(here: Slice, upper: int, lower: int) -> int | None:
    """The interval between two voices, within an octave."""
    above, below = here.line(upper), here.line(lower)
    return None if above is None or below is None else (above - below) % _OCTAVE


def _crossings(here: Slice) -> int:
    lines = [line for voice in range(len(here.voices)) if (line := here.line(voice)) is not None]
    return sum(upper < lower for upper, lower in combinations(lines, 2))


def _gaps(here: Slice) -> int:
    lines = [here.line(voice) for voice in range(len(here.voices) - 1)]
    return sum(
        upper is not None and lower is not None and upper - lower > _OCTAVE
        for upper, lower in pairwise(lines)
    )
