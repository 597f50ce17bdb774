"""What was written for one place of a tune, and what speaks for the tune with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from abclm.compose.reasons import Reasons
from abclm.notation.parse.parser import parse_body
from abclm.notation.syntax.meter import Meter
from abclm.notation.tune.hearing import count_notes as count_of_tune

__all__ = ["Candidate", "count_notes", "ranked"]

_LIKELY: Final = 0.1
"""What a bit per note costs beside what is heard."""
_JUDGED: Final = 0.1
"""What it is worth, beside what is heard, that phrases are e times as likely in real tunes."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could stand at a place of a tune.

    Attributes:
        number: which draw of the seed it is, from 0; -1 for what stands there now.
        text: in the model's form.
        bits: minus log2 of the probability of the tune with it.
        notes: the notes that those bits are for.
        bars: the music of each bar, where bars were asked for.
        reasons: what is heard in the tune with it.
        judged: the judge's answer for the phrases it stands in; 0 without one.
    """

    number: int
    text: str
    bits: float
    notes: int
    bars: tuple[str, ...] = ()
    reasons: Reasons = field(default_factory=Reasons)
    judged: float = 0.0

    @property
    def bits_per_note(self) -> float:
        """Its bits over its notes."""
        return self.bits / max(1, self.notes)

    @property
    def score(self) -> float:
        """How good it is; the higher the better."""
        return self.reasons.score - _LIKELY * self.bits_per_note + _JUDGED * self.judged


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, the best first; of equally good ones the one drawn first."""
    return sorted(candidates, key=lambda one: (-round(one.score, 6), one.number))


def count_notes(text: str, meter: Meter, unit: Fraction) -> int:
    """The notes of a piece of a body, chord by chord."""
    return count_of_tune(parse_body(text, meter, unit).tune)
