"""What speaks for a tune, to a musician's ear: where it ends, what it answers, what rhymes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.hearing import endings_agree, final_tonic, question_and_answer, rhyme
from abclm.notation.tune.line import melodic_line

__all__ = ["Reasons"]

_ENOUGH: Final = 0.7
"""Answers and rhymes more alike than this are no better for it: real tunes have .6 or so."""
_FINAL, _AGREE, _RHYME, _ANSWER = 1.0, 0.3, 0.4, 0.4
"""What an ending on the tonic, endings that agree, a rhyme and an answer are worth."""
_HEARD_FROM: Final = 0.5


@dataclass(frozen=True, slots=True)
class Reasons:
    """What is heard in a tune; None where it has nothing to hear it by.

    Attributes:
        tonic: its name, such as ``G``; empty without a key.
        final: whether its last note is the tonic.
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
        """What is heard in the first tune of ``text``, which may lack its ``X:``."""
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
        """All of it in one number; the higher the better."""
        return (
            _FINAL * self.final
            + _AGREE * bool(self.agree)
            + _RHYME * min(self.rhyme or 0.0, _ENOUGH)
            + _ANSWER * min(self.answer or 0.0, _ENOUGH)
        )

    def words(self) -> Iterator[str]:
        """The reasons, for a person."""
        if self.tonic:
            yield f"ends on {self.tonic}" if self.final else f"does not end on {self.tonic}"
        if self.answer is not None and self.answer >= _HEARD_FROM:
            yield "bars 5-6 answer bars 1-2"
        if self.rhyme is not None and self.rhyme >= _HEARD_FROM:
            yield "its parts rhyme"
        if self.agree is False:
            yield "its parts end on different notes"
