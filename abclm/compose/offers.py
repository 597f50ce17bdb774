"""Candidates as they would appear in a tune."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from abclm.compose.candidates import Candidate
from abclm.compose.chosen import ChosenTune
from abclm.compose.insertion import Insertion
from abclm.compose.unfinished import unit_at_end
from abclm.errors import InputError
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.tokens import Context
from abclm.notation.write.rescale import in_unit

__all__ = ["Offer", "offer_all", "pick"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate as it would appear in the file.

    Attributes:
        candidate: the candidate.
        lines: its music, for the screen.
        text: the whole tune with it.
    """

    candidate: Candidate
    lines: tuple[str, ...]
    text: str

    def as_dict(self) -> dict[str, Any]:
        """The offer as JSON values; ``draw`` is its number among all draws of the seed."""
        one = self.candidate
        return {
            "music": list(self.lines),
            "bits_per_note": round(one.bits_per_note, 4),
            "bits": round(one.bits, 3),
            "notes": one.notes,
            "why": list(one.reasons.words()),
            "draw": one.number,
        }


def offer_all(
    chosen: ChosenTune,
    insertion: Insertion,
    candidates: Sequence[Candidate],
    unit: Fraction,
    allowed: frozenset[str] = frozenset(),
) -> list[Offer]:
    """Insert the candidates into the tune, and leave out those with new problems.

    Args:
        chosen: the tune.
        insertion: where they go.
        candidates: the candidates, best first.
        unit: the unit note length in which they are written.
        allowed: rules that may be broken because the tune is not finished.

    Raises:
        InputError: none is left.
    """
    own = unit_at_end(chosen.tune)
    old = chosen.problems(chosen.text)
    offers: list[Offer] = []
    for candidate in candidates:
        music = in_unit(lex(candidate.text, Context.BODY), unit, own)
        text = insertion.put(music, chosen)
        new = chosen.problems(text) - old
        if allowed.issuperset(new):
            offers.append(Offer(candidate, tuple(filter(None, music.split("\n"))), text))
    if not offers:
        raise InputError("no candidate could be kept: try another --seed")
    return offers


def pick(offers: Sequence[Offer], number: int) -> Offer:
    """Choose the offer with this number, counted from 1.

    Raises:
        InputError: there is none.
    """
    if not 1 <= number <= len(offers):
        raise InputError(f"--pick {number}: there are candidates 1 to {len(offers)}")
    return offers[number - 1]
