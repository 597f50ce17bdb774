"""Decides the draws that float32 cannot, so that a tune is the same on every machine.

The rounding of a matrix product depends on the machine, on its number of threads and on how many
tunes share a batch: two float32 decoders differ by some 1e-6 in a logit, and the drawn character
changes where the random number falls that close to the border between two. Ways to make every sum
exact were measured: float64, with weights and state on a fixed grid, takes 2 to 3.5 times as long
for one tune and twice as long for a batch, and float32 cannot both be exact and stay within 1e-4
of the Keras model. Rounding logits or probabilities only moves the borders.

So float32 does the work and flags the draws that it cannot decide. `LOGIT_TOLERANCE` bounds the
rounding error; `sampling.choose` finds the draws that errors of that size could change, and those
few (some 4 in 10,000) are decided by a `Referee`: the same network in float64, over the whole tune
so far. Its own rounding error, some 1e-14, could still flip one in 10^9 of those: one character in
10^13.
"""

from collections.abc import Sequence

import numpy as np

from abclm.decoding.decoder import Array, Decoder, DecoderState
from abclm.model.vocabulary import END_OF_TUNE

__all__ = ["LOGIT_TOLERANCE", "Referee"]

LOGIT_TOLERANCE = 1e-5
"""The most that float32 may differ from float64 in a logit, after removing any common offset.

Three times the largest difference seen with the shipped weights.
"""


class Referee:
    """The logits of one tune in float64, always computed alone, from its first character on.

    Args:
        decoder: a `Decoder` in float64.
    """

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._known: list[int] = []
        self._logits, self._state = self._begin()

    def logits(self, ids: Sequence[int]) -> Array:
        """Compute the logits after ``ids``, which leave out the first `END_OF_TUNE`.

        If ``ids`` continue those of the last call, only the new ones are read.

        Returns:
            Shape ``(1, vocabulary)``.
        """
        if self._known != list(ids[: len(self._known)]):
            self._known = []
            self._logits, self._state = self._begin()
        new = ids[len(self._known) :]
        if len(new):
            self._logits, self._state = self._decoder.feed(np.asarray(new), self._state)
            self._known = list(ids)
        return self._logits

    def _begin(self) -> tuple[Array, DecoderState]:
        return self._decoder.step(np.array([END_OF_TUNE]), self._decoder.start(1))
