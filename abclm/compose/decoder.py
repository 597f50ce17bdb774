"""The network in numpy: one character in, the logits of the next one out.

How a draw stays the same everywhere
------------------------------------
A matrix product rounds in an order that depends on the machine, on its number of threads and on
how many tunes share a batch: two float32 decoders differ by some 1e-6 in a logit, and the
character drawn changes where the random number falls that close to the border between two. Two
ways were measured to make every sum exact (float64 with weights and state on a fixed grid; the
state split over several float32 products): both cost 2 to 3.5 times the time of one tune, and
float32 alone cannot be exact and within 1e-4 of the Keras model.

So float32 does the work, and says when it cannot be trusted. `LOGIT_TOLERANCE` bounds what
rounding does to a logit; `sampling.choose` finds the draws which an error of that size could
change, and those few (about 1 in 10,000) are decided by a `Referee`, the same network in float64
over the whole tune so far. Its own rounding, some 1e-14, could flip one draw in 10^12.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from abclm.errors import CheckpointError
from abclm.model.vocabulary import END_OF_TUNE

__all__ = ["LOGIT_TOLERANCE", "Array", "Decoder", "Referee", "State"]

LOGIT_TOLERANCE = 2e-5
"""No float32 logit is further than this from its float64 value; about ten times what occurs."""

Array = NDArray[Any]

_FOLDED = ("embedding/embeddings", "lstm_0/kernel", "lstm_0/bias")
_GATES = (0, 1, 3, 2)
"""Where input, forget, output and cell stand in Keras' order: input, forget, cell, output."""
_HALVED = (0.5, 0.5, 0.5, 1.0)

_FEW_ROWS = 3
"""Up to so many rows, vector products are faster than one matrix product."""


@dataclass(frozen=True, slots=True)
class State:
    """What the network remembers of each tune of a batch. Never changed: a kept one stays valid.

    Attributes:
        hidden: outputs of all layers side by side, shape ``(batch, layers * units)``.
        cell: cells of all layers side by side, of the same shape.
    """

    hidden: Array
    cell: Array

    def __len__(self) -> int:
        """The number of tunes."""
        return len(self.hidden)

    def select(self, rows: Sequence[int] | NDArray[np.intp]) -> "State":
        """The state of the tunes ``rows``, in that order; a row may come more than once."""
        index = np.asarray(rows, np.intp)
        return State(self.hidden[index], self.cell[index])

    @staticmethod
    def concatenate(states: "Sequence[State]") -> "State":
        """The tunes of all ``states`` as one batch."""
        return State(
            np.concatenate([state.hidden for state in states]),
            np.concatenate([state.cell for state in states]),
        )


class Decoder:
    """Embedding, LSTM layers and dense layer, one step at a time, for any number of tunes at once.

    The embedding goes through the first layer's kernel once and for all, so that layer's input is
    a row of a ``(vocabulary, 4 * units)`` table. An upper layer has one matrix for its input and
    its own last output. With sigmoid(x) = tanh(x / 2) / 2 + 1 / 2 and the halving done in the
    weights, one tanh serves all four gates.

    Args:
        weights: by the names of `abclm.model.weights.weight_shapes`, gates in Keras' order.
        dtype: float32, or float64 for a `Referee`.

    Raises:
        CheckpointError: a weight is missing, or the shapes do not fit together.
    """

    def __init__(self, weights: Mapping[str, Array], dtype: DTypeLike = np.float32) -> None:
        self._dtype = np.dtype(dtype)
        try:
            self._read(weights)
        except KeyError as error:
            raise CheckpointError(f"the weights have no {error}") from error
        except ValueError as error:
            raise CheckpointError(f"the shapes of the weights do not fit: {error}") from error
        self._scratch: dict[int, Array] = {}

    @property
    def vocabulary_size(self) -> int:
        """The number of ids."""
        return len(self._table)

    def start(self, batch: int) -> State:
        """The state before the first character of ``batch`` tunes: zeros."""
        shape = (batch, self._layers * self._units)
        return State(np.zeros(shape, self._dtype), np.zeros(shape, self._dtype))

    def step(self, ids: Array, state: State) -> tuple[Array, State]:
        """Read one character of each tune.

        Args:
            ids: shape ``(batch,)``; `END_OF_TUNE` before a tune's first character.
            state: of the same batch; it is left as it is.

        Returns:
            The logits of each next character, shape ``(batch, vocabulary)``, and the new state.
        """
        state = self._advance(ids, state)
        logits = self._product(state.hidden[:, -self._units :], self._dense)
        logits += self._dense_bias
        return logits, state

    def feed(self, ids: Array, state: State) -> tuple[Array, State]:
        """Read several characters, the same for every tune.

        Args:
            ids: shape ``(time,)``, at least one.
            state: of any batch; it is left as it is.

        Returns:
            The logits after the last one, shape ``(batch, vocabulary)``, and the new state.
        """
        for character in ids[:-1]:
            state = self._advance(np.full(len(state), character), state)
        return self.step(np.full(len(state), ids[-1]), state)

    def _read(self, weights: Mapping[str, Array]) -> None:
        self._layers = sum(name.endswith("/recurrent_kernel") for name in weights)
        self._units = units = len(weights["lstm_0/recurrent_kernel"])
        # Folded in float64: the table is then as exact as a float32 can be.
        embedding, kernel, bias = (weights[name].astype(np.float64) for name in _FOLDED)
        self._table = self._gates(embedding @ kernel + bias)
        self._kernels = [self._gates(weights["lstm_0/recurrent_kernel"])]
        self._biases: list[Array] = []
        for layer in range(1, self._layers):
            kernel = _shaped(weights[f"lstm_{layer}/kernel"], (units, 4 * units))
            both = np.concatenate([kernel, weights[f"lstm_{layer}/recurrent_kernel"]])
            self._kernels.append(self._gates(both))
            self._biases.append(self._gates(weights[f"lstm_{layer}/bias"]))
        dense = _shaped(weights["dense/kernel"], (units, self.vocabulary_size))
        self._dense = np.ascontiguousarray(dense, self._dtype)
        self._dense_bias = weights["dense/bias"].astype(self._dtype)

    def _gates(self, weight: Array) -> Array:
        """``weight`` with its gates as input, forget, output, cell, the first three halved."""
        ordered = np.empty(weight.shape, self._dtype)
        for place, gate in enumerate(_GATES):
            part = weight[..., gate * self._units : (gate + 1) * self._units]
            target = ordered[..., place * self._units : (place + 1) * self._units]
            np.multiply(part, _HALVED[place], out=target, casting="same_kind")
        return ordered

    def _advance(self, ids: Array, state: State) -> State:
        units, size = self._units, len(ids)
        hidden, cell = state.hidden.copy(), np.empty_like(state.cell)
        gates = self._buffer(size)
        sigmoids = gates[:, : 3 * units]
        parts = [gates[:, part * units : (part + 1) * units] for part in range(4)]
        input_gate, forget_gate, output_gate, candidate = parts
        for layer in range(self._layers):
            own = slice(layer * units, (layer + 1) * units)
            # The layer below has just written its output beside this layer's last one.
            read = slice(max(layer - 1, 0) * units, (layer + 1) * units)
            self._product(hidden[:, read], self._kernels[layer], gates)
            gates += self._biases[layer - 1] if layer else self._table[ids]
            np.tanh(gates, out=gates)
            sigmoids *= 0.5
            sigmoids += 0.5
            memory = np.multiply(forget_gate, state.cell[:, own], out=cell[:, own])
            input_gate *= candidate
            memory += input_gate
            np.tanh(memory, out=candidate)
            np.multiply(output_gate, candidate, out=hidden[:, own])
        return State(hidden, cell)

    def _product(self, rows: Array, matrix: Array, out: Array | None = None) -> Array:
        if out is None:
            out = np.empty((len(rows), matrix.shape[1]), self._dtype)
        if len(rows) > _FEW_ROWS:
            return np.matmul(rows, matrix, out=out)
        for row, target in zip(rows, out, strict=True):
            np.matmul(row, matrix, out=target)
        return out

    def _buffer(self, batch: int) -> Array:
        """Room for the gates of one layer, shape ``(batch, 4 * units)``, used again each step."""
        if batch not in self._scratch:
            self._scratch = {batch: np.empty((batch, 4 * self._units), self._dtype)}
        return self._scratch[batch]


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
        """The logits after ``ids``, which leave out the first `END_OF_TUNE`.

        Where ``ids`` goes on from those of the last call, only what is new is read.

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

    def _begin(self) -> tuple[Array, State]:
        return self._decoder.step(np.array([END_OF_TUNE]), self._decoder.start(1))


def _shaped(weight: Array, shape: tuple[int, ...]) -> Array:
    if weight.shape != shape:
        raise ValueError(f"{weight.shape} in place of {shape}")
    return weight
