"""Candidates for a place of a tune as they would stand there."""

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.cli.candidates import Offer
    from abclm.cli.insertion import Insertion
    from abclm.cli.reading import ChosenTune
    from abclm.compose.candidates import Candidate

__all__ = ["offer_all"]


def offer_all(
    chosen: "ChosenTune",
    insertion: "Insertion",
    candidates: "list[Candidate]",
    unit: Fraction,
    allowed: frozenset[str] = frozenset(),
) -> "list[Offer]":
    """The candidates as they would stand in the tune, without those that have new problems.

    Args:
        chosen: the tune.
        insertion: where they go.
        candidates: the likeliest first.
        unit: the unit note length that they are written in.
        allowed: rules that may be broken, because the tune is not at its end.

    Raises:
        InputError: none is left.
    """
    from abclm.cli.candidates import Offer
    from abclm.compose.unfinished import unit_at_end
    from abclm.errors import InputError
    from abclm.notation.syntax.lexer import Context, lex
    from abclm.notation.write.rescale import in_unit

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
        raise InputError("nothing came out that could be kept: take another --seed")
    return offers
