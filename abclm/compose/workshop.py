"""A network made ready to work on tunes that are there already."""

from collections.abc import Callable, Sequence

import numpy as np

from abclm.compose.excerpt import model_form
from abclm.compose.network import Network
from abclm.compose.rivals import write_by_phrases
from abclm.decoding.batch import Batch
from abclm.decoding.constraint import Constraint
from abclm.decoding.likelihood import Likelihood
from abclm.decoding.sampling import Sampling
from abclm.decoding.tune_in_progress import TuneInProgress
from abclm.errors import InputError
from abclm.notation.tune.music import Tune

__all__ = ["Workshop"]


class Workshop(Network):
    """A network that works on tunes that are there already."""

    def write(
        self,
        constraints: Sequence[Constraint],
        *,
        seed: int,
        first: int,
        sampling: Sampling,
        max_characters: int,
        present: Callable[[str], str] = str,
        on_character: Callable[[str], None] | None = None,
        rivals: int = 1,
    ) -> list[TuneInProgress]:
        """Write what ``constraints`` allow.

        Args:
            constraints: one for each candidate.
            seed: the random seed.
            first: the number of the first candidate; each draws from a generator of its own.
            sampling: how characters are drawn.
            max_characters: what is longer is cut.
            present: makes what a user sees of the model's text, or of the start of it.
            on_character: called with each piece of the only candidate as it comes, as a user sees
                it.
            rivals: how many there are for each of its phrases, among which the checkpoint's judge
                draws, where it has one.
        """
        if seed < 0:
            raise InputError(f"seed must be 0 or more, not {seed}")
        tunes = [
            TuneInProgress(
                rng=np.random.Generator(np.random.PCG64([seed, number])),
                constraint=constraint,
                vocabulary=self.vocabulary,
                present=present,
                on_character=on_character,
            )
            for number, constraint in enumerate(constraints, first)
        ]
        batch = Batch(self.decoder, self.referee, sampling, max_characters)
        if rivals > 1 and self.judge is not None:
            seeds = [[seed, number] for number in range(first, first + len(tunes))]
            return write_by_phrases(batch, tunes, seeds, self.judge, rivals=rivals)
        batch.write(tunes)
        return tunes

    def read_tune(self, tune: Tune) -> str:
        """The text of a simplified tune as the network reads it.

        Raises:
            InputError: the network cannot read it.
        """
        return self.read(model_form(tune, self.known))

    def likelihood(self, start: str) -> Likelihood:
        """The network after it has read ``start``."""
        return Likelihood(self.decoder, self.vocabulary, start)
