"""How well a model predicts tunes: bits per character, and bits per note of the body."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.compose.generation import Composer
from abclm.decoding.likelihood import Likelihood
from abclm.model.text import plan_start
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.hearing import count_notes

__all__ = [
    "Bits",
    "BitsRow",
    "Costs",
    "count_notes",
    "network_costs",
    "total_bits",
]

Costs = NDArray[np.float64]
"""Minus log2 of the probability of each character of a text, and of the end of the tune after it,
shape ``(len(text) + 1,)``."""


@dataclass(frozen=True, slots=True)
class Bits:
    """The bits that a model assigns to some tunes.

    Attributes:
        bits: bits of the whole tunes, header and end of tune included.
        characters: number of characters; the end of a tune counts as one.
        body_bits: bits of the bodies, which follow the header's ``K:`` line; end of tune included.
        notes: number of notes in the bodies (`count_notes`).
    """

    bits: float
    characters: int
    body_bits: float
    notes: int

    @property
    def per_character(self) -> float:
        """Total bits divided by total characters; 0 without any."""
        return self.bits / self.characters if self.characters else 0.0

    @property
    def per_note(self) -> float:
        """Bits of the bodies divided by their notes; 0 without any.

        It makes two notations of the same notes comparable: the longer one has more characters,
        each easier to predict, but as many notes.
        """
        return self.body_bits / self.notes if self.notes else 0.0


@dataclass(frozen=True, slots=True)
class BitsRow:
    """The bits of one model on each split, by the split's name."""

    name: str
    bits: dict[str, Bits]

    def as_dict(self) -> dict[str, Any]:
        """Return the row for JSON."""
        return {
            "name": self.name,
            **{
                split: {
                    "bits_per_character": round(found.per_character, 4),
                    "bits_per_note": round(found.per_note, 4),
                    "characters": found.characters,
                    "notes": found.notes,
                }
                for split, found in self.bits.items()
            },
        }


def total_bits(texts: Sequence[str], read: Sequence[str], costs: Iterable[Costs]) -> Bits:
    """Sum the bits of several tunes.

    Args:
        texts: the canonical text of each tune, whose notes are counted.
        read: each tune as the model reads it.
        costs: the cost of each character of ``read``. A plan counts as part of the body, because
            it gives away part of it.
    """
    bits = body_bits = 0.0
    notes = 0
    for text, reading, cost in zip(texts, read, costs, strict=True):
        bits += float(cost.sum())
        body_bits += float(cost[plan_start(reading) :].sum())
        notes += sum(count_notes(parsed.tune) for parsed in parse_tunebook(f"X:1\n{text}")[:1])
    return Bits(bits, sum(len(reading) + 1 for reading in read), body_bits, notes)


def network_costs(composer: Composer, texts: Sequence[str]) -> list[Costs]:
    """Return the cost of each character of ``texts``, each tune read from a zero state.

    Args:
        composer: the network.
        texts: each tune as the network reads it.

    Raises:
        UnknownCharacterError: the vocabulary lacks a character.
    """
    likelihood = Likelihood(composer.decoder, composer.vocabulary, "")
    # A batch takes as long as its longest text, so texts of similar length are batched together.
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    found = likelihood.bits([texts[index] for index in order])
    costs = dict(zip(order, found, strict=True))
    return [costs[index] for index in range(len(texts))]
