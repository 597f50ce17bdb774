"""What a musician hears in a tune: where it ends, what answers what, and what rhymes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.hearing import endings_agree, final_tonic, question_and_answer, rhyme
from abclm.notation.tune.line import melodic_line

__all__ = ["Reasons"]

_ENOUGH: Final = 0.7
"""Answers and rhymes above this likeness score no higher: in real tunes it is about .6."""
_FINAL, _AGREE, _RHYME, _ANSWER = 1.0, 0.3, 0.4, 0.4
"""Weights of an ending on the tonic, endings that agree, a rhyme and an answer.

The first, which is heard at once, outweighs the others together: they reach 0.86.
"""
_HEARD_FROM: Final = 0.5
"""An answer or a rhyme is named from this likeness on: half of the time on the same pitch."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What is heard in a tune; None for what the tune is too short to have.

    Attributes:
        tonic: its name, such as ``G``; empty without a key.
        final: whether the last note is the tonic.
        agree: whether all sections end on the same note.
        answer: how similar bars 5 and 6 of the sections are to bars 1 and 2.
        rhyme: how similar the last bars of the later sections are to those of the first.
    """

    tonic: str = ""
    final: bool = False
    agree: bool | None = None
    answer: float | None = None
    rhyme: float | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """Analyse the first tune of ``text``, with or without ``X:``."""
        parsed = parse_tunebook(text if text.startswith("X:") else f"X:1\n{text}")
        line = melodic_line(parsed[0].tune) if parsed else None
        if line is None or not parsed[0].tune.key:
            return cls()
        agree = endings_agree(line)
        return cls(
            parsed[0].tune.key.tonic,
            bool(final_tonic(line)),
            None if agree is None else bool(agree),
            question_and_answer(line),
            rhyme(line),
        )

    @property
    def score(self) -> float:
        """The overall score; higher is better."""
        return (
            _FINAL * self.final
            + _AGREE * bool(self.agree)
            + _RHYME * min(self.rhyme or 0.0, _ENOUGH)
            + _ANSWER * min(self.answer or 0.0, _ENOUGH)
        )

    def words(self) -> Iterator[str]:
        """The reasons as text for the user."""
        if self.tonic:
            yield f"ends on {self.tonic}" if self.final else f"does not end on {self.tonic}"
        if self.answer is not None and self.answer >= _HEARD_FROM:
            yield "bars 5-6 answer bars 1-2"
        if self.rhyme is not None and self.rhyme >= _HEARD_FROM:
            yield "its parts rhyme"
        if self.agree is False:
            yield "its parts end on different notes"
