"""What was written for one place of a tune, and how likely the model finds it there."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from abclm.notation.meter import Meter
from abclm.notation.parser import parse_body

__all__ = ["Candidate", "count_notes", "ranked"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could stand at a place of a tune.

    Attributes:
        number: which draw of the seed it is, from 0; -1 for what stands there now.
        text: in the model's form.
        bits: minus log2 of its probability, given what stands before it.
        notes: its notes, chords and rests.
        bars: the music of each bar, where bars were asked for.
        after_bits: the same of all that comes behind it, given both; 0 where nothing does.
        after_notes: the notes behind it.
    """

    number: int
    text: str
    bits: float
    notes: int
    bars: tuple[str, ...] = ()
    after_bits: float = 0.0
    after_notes: int = 0

    @property
    def bits_per_note(self) -> float:
        """Bits of it and of what comes behind it, over the notes of both."""
        return (self.bits + self.after_bits) / max(1, self.notes + self.after_notes)


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, the likeliest first; of the same likelihood the one drawn first."""
    return sorted(candidates, key=lambda one: (round(one.bits_per_note, 6), one.number))


def count_notes(text: str, meter: Meter, unit: Fraction) -> int:
    """The notes, chords and rests in a piece of a body."""
    return len(parse_body(text, meter, unit).tune.sounds)
