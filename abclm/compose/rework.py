"""Writes some bars of a tune anew, in metre, and judges them by what stands around them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from abclm.compose.automaton import Walk
from abclm.compose.bar_guide import BarGuide, BarPlan
from abclm.compose.candidates import Candidate, count_notes, ranked
from abclm.compose.excerpt import Excerpt, cut_out
from abclm.compose.grammar import Lexis, Position
from abclm.compose.melody import Melody
from abclm.compose.place import Place, to_ticks
from abclm.compose.sampling import Sampling
from abclm.compose.workshop import Workshop
from abclm.errors import InputError
from abclm.notation.bars import Bar
from abclm.notation.music import Tune

__all__ = ["Redone", "redo"]

_MOST_ROUNDS: Final = 4
"""So many times as many candidates are drawn as were asked for, where they turn out the same."""

_CHARACTERS_IN_BAR: Final = 120
"""What is longer has run wild with ornaments."""


@dataclass(frozen=True, slots=True)
class Redone:
    """Some bars of a tune, written anew.

    Attributes:
        before: what stands there now.
        candidates: all different from it and from each other, the likeliest first.
    """

    before: Candidate
    candidates: tuple[Candidate, ...]


def redo(
    workshop: Workshop,
    tune: Tune,
    first: int,
    last: int,
    *,
    sampling: Sampling | None = None,
    seed: int = 0,
    count: int = 6,
) -> Redone:
    """Write the bars with the indices ``first`` to ``last`` anew.

    Each lasts as long as the one it stands for. All are judged from both sides: by how likely they
    are after what stands before them, and how likely they make what comes behind them.

    Args:
        workshop: the network.
        tune: simplified as for the model.
        first: from 0.
        last: likewise, included.
        sampling: how characters are drawn.
        seed: the random seed, 0 or more.
        count: how many candidates; there may be fewer where few are different.

    Raises:
        InputError: the bars cannot be written in metre.
    """
    excerpt = cut_out(tune, first, last, workshop.known)
    plans = [
        BarPlan(_walk(workshop, bar, tune.unit, tied=excerpt.tied and not at), excerpt.after[at])
        for at, bar in enumerate(excerpt.bars)
    ]
    melody = Melody().read(excerpt.before.rpartition("\n")[2])
    found: dict[tuple[str, ...], int] = {}
    for start in range(0, _MOST_ROUNDS * count, count):
        guides = [BarGuide(excerpt.before, plans, workshop.masks, melody) for _ in range(count)]
        _write(workshop, guides, sampling or Sampling(), seed, start)
        for number, guide in enumerate(guides, start):
            if guide.done and guide.written != excerpt.texts and len(found) < count:
                found.setdefault(guide.written, number)
        if len(found) == count:
            break
    before, *judged = _judged(workshop, tune, excerpt, {excerpt.texts: -1, **found})
    return Redone(before, tuple(ranked(judged)))


def _walk(workshop: Workshop, bar: Bar, unit: Fraction, *, tied: bool) -> Walk:
    """Where a bar begins that is to last as long as ``bar``."""
    target = to_ticks(bar.duration / unit)
    for finest in (4, 8):
        if target is None:
            break
        automaton = workshop.automaton(bar.meter, unit, finest)
        place = Place(first=False, tied=tied, target=target)
        if automaton.grammar.metre.takes_sound(place):
            return automaton.walk(Position(Lexis.FRESH, place))
    raise InputError(f"no notes that the model can write fill a bar that lasts {bar.duration}")


def _write(
    workshop: Workshop, guides: list[BarGuide], sampling: Sampling, seed: int, first: int
) -> None:
    opening, plans = guides[0].opening, len(guides[0].plans)
    workshop.write(
        guides,
        seed=seed,
        first=first,
        sampling=sampling,
        max_characters=len(opening) + _CHARACTERS_IN_BAR * plans,
    )


def _judged(
    workshop: Workshop, tune: Tune, excerpt: Excerpt, found: dict[tuple[str, ...], int]
) -> Iterator[Candidate]:
    """Each of the texts ``found`` with its likelihood, from both sides."""
    behind = excerpt.after[-1]
    whole = [excerpt.joined(texts) for texts in found]
    likelihoods = workshop.likelihood(excerpt.before).bits(whole)
    after_notes = count_notes(behind, tune.meter, tune.unit)
    for (texts, number), text, bits in zip(found.items(), whole, likelihoods, strict=True):
        own = len(text) - len(behind)
        yield Candidate(
            number=number,
            text=text[:own],
            bits=float(bits[:own].sum()),
            notes=count_notes(text[:own], tune.meter, tune.unit),
            bars=texts,
            after_bits=float(bits[own:].sum()),
            after_notes=after_notes,
        )
