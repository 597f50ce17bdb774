"""The surprisal of texts that continue the same start."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.decoding.decoder import Array, Decoder, DecoderState
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

__all__ = ["Likelihood"]

_AT_ONCE: Final = 64
"""The most texts in a batch, as many as `abclm.decoding.batch.Batch` has tunes."""


class Likelihood:
    """The network after it has read the start of a tune.

    Args:
        decoder: the network.
        vocabulary: its characters.
        start: the text from the tune's first character on; all its characters are known.
    """

    def __init__(self, decoder: Decoder, vocabulary: Vocabulary, start: str) -> None:
        self._decoder = decoder
        self._vocabulary = vocabulary
        ids = [END_OF_TUNE, *vocabulary.encode(start)]
        self._logits, self._state = decoder.feed(np.array(ids), decoder.start(1))

    def bits(self, texts: Sequence[str]) -> list[NDArray[np.float64]]:
        """Compute the bits of each character of each text, and of the end after it.

        Returns:
            For each text an array of shape ``(len(text) + 1,)``: minus log2 of p.
        """
        rows = [np.append(self._vocabulary.encode(text), END_OF_TUNE) for text in texts]
        found: list[NDArray[np.float64]] = []
        for first in range(0, len(rows), _AT_ONCE):
            found += self._read(rows[first : first + _AT_ONCE])
        return found

    def _read(self, rows: Sequence[Array]) -> list[NDArray[np.float64]]:
        """Read all ``rows`` in step, the shorter ones padded at the end."""
        lengths = [len(row) for row in rows]
        ids = np.full((len(rows), max(lengths)), END_OF_TUNE)
        for row, target in zip(rows, ids, strict=True):
            target[: len(row)] = row
        bits = np.empty(ids.shape)
        logits = np.repeat(self._logits, len(rows), axis=0)
        state: DecoderState = self._state.select([0] * len(rows))
        for time, column in enumerate(ids.T):
            bits[:, time] = _bits(logits, column)
            if time + 1 < ids.shape[1]:
                logits, state = self._decoder.step(column, state)
        return [row[:length] for row, length in zip(bits, lengths, strict=True)]


def _bits(logits: Array, ids: Array) -> NDArray[np.float64]:
    """Minus log2 of the probability of each of ``ids``, shape ``(batch,)``."""
    wide: NDArray[np.float64] = logits.astype(np.float64)
    wide -= wide.max(axis=1, keepdims=True)
    total: NDArray[np.float64] = np.log(np.exp(wide).sum(axis=1))
    bits: NDArray[np.float64] = (total - wide[np.arange(len(ids)), ids]) / np.log(2)
    return bits
