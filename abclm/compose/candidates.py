"""A text written for one position of a tune, and its score."""

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
"""The cost of a bit per note, relative to `Reasons.score`."""
_JUDGED: Final = 0.1
"""The value, relative to `Reasons.score`, of phrases that are e times as likely in real tunes."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that could go in one position of a tune.

    Attributes:
        number: the number of the draw, from 0; -1 for the existing text.
        text: the text in the model's form.
        bits: minus log2 of the probability of the tune with it.
        notes: the number of notes that those bits cover.
        bars: the music of each bar, if bars were asked for.
        reasons: what is heard in the tune with it.
        judged: the judge's answer for the phrases that contain it; 0 without a judge.
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
        """Bits over notes."""
        return self.bits / max(1, self.notes)

    @property
    def score(self) -> float:
        """The overall score; higher is better."""
        return self.reasons.score - _LIKELY * self.bits_per_note + _JUDGED * self.judged


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Sort the candidates, best first, and equals by their number."""
    return sorted(candidates, key=lambda one: (-round(one.score, 6), one.number))


def count_notes(text: str, meter: Meter, unit: Fraction) -> int:
    """The number of notes in a part of a body, counting every note of a chord."""
    return count_of_tune(parse_body(text, meter, unit).tune)
