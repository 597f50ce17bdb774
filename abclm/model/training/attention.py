"""The layer of attention over the last outputs, in Keras; `abclm.decoding.attention` explains it.

Imported only by `network`, after Keras. Names: `batch` rows, `time` steps, `span` outputs in reach,
`units` features, shared by the heads.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import keras
import numpy as np
from keras import ops

__all__ = ["OutputAttention"]

Tensor: TypeAlias = Any

_FORBIDDEN = -1e9
"""The score of what lies ahead, or further back than the span."""


class OutputAttention(keras.layers.Layer):  # type: ignore[misc]
    """Adds to each output what the heads find among the last ``span`` outputs.

    Time is cut into blocks of one span, and each block looks at itself and the block before it: the
    scores have shape `(batch, blocks, heads, span, 2 * span)`, whatever the length of a tune.
    At first it adds nothing, because the output kernel starts at zero.

    Args:
        heads: number of heads; it divides the units.
        span: number of outputs that a head sees, the present one included.
        stateful: whether a batch continues the previous one, whose last outputs it then sees.
        seeds: of the initial weights of queries, keys and values.
        options: those of every layer: ``name``, ``dtype``.
    """

    def __init__(
        self, heads: int, span: int, seeds: Sequence[int], *, stateful: bool = False, **options: Any
    ) -> None:
        super().__init__(**options)
        self.heads, self.span, self.stateful, self.seeds = heads, span, stateful, seeds
        self.states: tuple[Any, ...] = ()
        """The outputs before this batch, shape `(batch, span, units)`, and how many there are."""

    def build(self, shape: Sequence[Any]) -> None:
        """Create the weights for values of ``shape``."""
        batch, _, units = shape
        first = {
            name: keras.initializers.GlorotUniform(seed=seed)
            for name, seed in zip(("query", "key", "value"), self.seeds, strict=True)
        }
        self._kernels = {
            name: self.add_weight(
                name=name, shape=(units, units), initializer=first.get(name, "zeros")
            )
            for name in ("query", "key", "value", "output")
        }
        self._distance = self.add_weight(
            name="distance", shape=(self.heads, self.span), initializer="zeros"
        )
        if self.stateful:
            self.states = (
                self.add_weight(
                    name="before",
                    shape=(batch, self.span, units),
                    initializer="zeros",
                    trainable=False,
                ),
                self.add_weight(
                    name="known", shape=(), dtype="int32", initializer="zeros", trainable=False
                ),
            )

    def reset_state(self) -> None:
        """Forget the outputs of earlier batches."""
        for state in self.states:
            state.assign(ops.zeros_like(state))

    def call(self, values: Tensor) -> Tensor:
        """Return ``values``, shape `(batch, time, units)`, with what was found added."""
        before, known = self._before(values)
        seen = ops.concatenate([before, values], axis=1)
        found = self._attend(values, seen, known)
        if self.stateful:
            self.states[0].assign(ops.cast(seen[:, -self.span :], self.states[0].dtype))
            self.states[1].assign(ops.minimum(self.span, known + ops.shape(values)[1]))
        return values + found

    def _before(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """The outputs before ``values``, and how many of them, the last ones, there are."""
        if self.stateful:
            before, known = self.states
            return ops.cast(before, values.dtype), ops.convert_to_tensor(known)
        shape = ops.shape(values)
        return ops.zeros((shape[0], self.span, shape[2]), values.dtype), ops.cast(0, "int32")

    def _attend(self, values: Tensor, seen: Tensor, known: Tensor) -> Tensor:
        """What is found for ``values`` among ``seen``, which are ``span`` more."""
        batch, time, units = ops.shape(values)
        size = values.shape[2] // self.heads
        blocks = -(-time // self.span)
        missing = blocks * self.span - time

        def in_blocks(rows: Tensor, name: str, number: Tensor) -> Tensor:
            product = ops.matmul(rows, ops.cast(self._kernels[name], rows.dtype))
            padded = ops.pad(product, ((0, 0), (0, missing), (0, 0)))
            return ops.reshape(padded, (batch, number, self.span, self.heads, size))

        query = in_blocks(values, "query", blocks) / size**0.5
        # Each block of queries reads its own block and the one before it.
        key, value = (
            ops.concatenate([parts[:, :-1], parts[:, 1:]], axis=2)
            for parts in (in_blocks(seen, name, blocks + 1) for name in ("key", "value"))
        )
        scores = ops.cast(ops.einsum("bnqhd,bnkhd->bnhqk", query, key), "float32")
        weights = ops.softmax(scores + self._allowed(blocks, known))
        found = ops.einsum("bnhqk,bnkhd->bnqhd", ops.cast(weights, values.dtype), value)
        found = ops.reshape(found, (batch, blocks * self.span, units))[:, :time]
        return ops.matmul(found, ops.cast(self._kernels["output"], values.dtype))

    def _allowed(self, blocks: Tensor, known: Tensor) -> Tensor:
        """The term of each distance, very low out of reach; `(blocks, heads, span, 2 * span)`.

        Args:
            blocks: the number of blocks.
            known: how many of the outputs before the first block there are.
        """
        span = self.span
        distance = np.arange(span)[:, None] + span - np.arange(2 * span)
        inside = (distance >= 0) & (distance < span)
        terms = ops.take(self._distance, np.clip(distance, 0, span - 1).ravel(), axis=1)
        terms = ops.cast(ops.reshape(terms, (self.heads, span, 2 * span)), "float32")
        place = ops.arange(2 * span) + span * ops.arange(blocks)[:, None]
        exists = (place >= span - known)[:, None, None, :]
        return ops.where(ops.logical_and(exists, inside), terms, _FORBIDDEN)
