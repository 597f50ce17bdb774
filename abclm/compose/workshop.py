"""A network made ready to work on tunes that are there already."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np

from abclm.compose.automata import Automata
from abclm.compose.automaton import Automaton
from abclm.compose.batch import Batch, TuneInProgress
from abclm.compose.decoder import Decoder
from abclm.compose.grammar import Grammar
from abclm.compose.guide import Guide, Masks
from abclm.compose.likelihood import Likelihood
from abclm.compose.metre import Metre
from abclm.compose.referee import Referee
from abclm.compose.sampling import Sampling
from abclm.errors import InputError
from abclm.model.checkpoint import Checkpoint
from abclm.notation.meter import Meter

__all__ = ["Workshop"]


class Workshop:
    """The network of a checkpoint, and what is made of it once.

    Args:
        checkpoint: a trained network.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.vocabulary = checkpoint.vocabulary
        self.known = frozenset(checkpoint.vocabulary.characters)
        self._decoder = Decoder.of(checkpoint)
        self._checkpoint = checkpoint
        self._automatons: dict[tuple[Meter, Fraction, int], Automaton] = {}

    def write(
        self,
        guides: Sequence[Guide],
        *,
        seed: int,
        first: int,
        sampling: Sampling,
        max_characters: int,
        on_character: Callable[[str], None] | None = None,
    ) -> list[TuneInProgress]:
        """Write what ``guides``, which all have the same opening, let through.

        Args:
            guides: one for each candidate.
            seed: the random seed.
            first: the number of the first candidate; each draws from a generator of its own.
            sampling: how characters are drawn.
            max_characters: what is longer is cut.
            on_character: called with each piece of the only candidate as it comes, its opening
                first.
        """
        if seed < 0:
            raise InputError(f"seed must be 0 or more, not {seed}")
        tunes = [
            TuneInProgress(
                rng=np.random.Generator(np.random.PCG64([seed, number])),
                guide=guide,
                vocabulary=self.vocabulary,
                on_character=on_character,
            )
            for number, guide in enumerate(guides, first)
        ]
        Batch(self._decoder, lambda: Referee(self._exact), sampling, max_characters).write(tunes)
        return tunes

    def likelihood(self, start: str) -> Likelihood:
        """The network after it has read ``start``."""
        return Likelihood(self._decoder, self.vocabulary, start)

    def automaton(self, meter: Meter, unit: Fraction, finest: int) -> Automaton:
        """What may be written in a meter with a unit divided into ``finest`` parts at most."""
        key = (meter, unit, finest)
        if key not in self._automatons:
            metre = Metre(meter=meter, unit=unit, characters=self.known, finest=finest)
            self._automatons[key] = Automaton(Grammar(metre), self.vocabulary)
        return self._automatons[key]

    @cached_property
    def automata(self) -> Automata:
        """Those of whole tunes."""
        return Automata(self.vocabulary)

    @cached_property
    def masks(self) -> Masks:
        """Over the vocabulary."""
        return Masks(self.vocabulary)

    @cached_property
    def _exact(self) -> Decoder:
        """The network in float64, made when it is first needed."""
        return Decoder.of(self._checkpoint, np.float64)
