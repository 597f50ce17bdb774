"""Recurrent layers in numpy: LSTM and GRU, one step at a time for several tunes.

Because sigmoid(x) = tanh(x / 2) / 2 + 1 / 2, the weights of the sigmoid gates are halved when they
are read, and one tanh serves them all.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from abclm.model.settings import Cell

__all__ = ["Array", "GRULayer", "LSTMLayer", "RecurrentLayer", "cell_of", "product", "shaped"]

Array = NDArray[Any]

_FEW_ROWS = 3
"""Up to this many rows, vector products are faster than one matrix product."""


class RecurrentLayer(Protocol):
    """A recurrent layer of ``units``, for a batch of tunes.

    Its `inputs` are the values from below multiplied by its kernel, biases included.
    """

    cell_units: int
    """Length of the cell state: 0 for a GRU, whose output is its whole state."""

    def __init__(
        self, weights: Mapping[str, Array], layer: int, units: int, dtype: DTypeLike
    ) -> None:
        """Read the weights of one layer, of the given number of units.

        Raises:
            KeyError: one is missing.
            ValueError: one has another shape.
        """

    def arranged(self, weight: Array) -> Array:
        """A weight from Keras' order of gates in this layer's, and halved."""

    def first_bias(self) -> Array:
        """The bias of the inputs in Keras' order, before halving; shape ``(gates * units,)``."""

    def buffer(self, batch: int) -> Array:
        """A buffer for one step of ``batch`` tunes, which layers of one kind can share."""

    def inputs(self, values: Array) -> Array:
        """Multiply values from below, shape ``(rows, units)``, as `recur` wants them."""

    def recur(
        self, inputs: Array, last: Array, cell: Array, buffer: Array, out: tuple[Array, Array], /
    ) -> None:
        """Take one step.

        Args:
            inputs: shape ``(batch or 1, gates * units)``.
            last: the last outputs, shape ``(batch, units)``.
            cell: the cell states, shape ``(batch, cell_units)``.
            buffer: see `buffer`.
            out: where the new outputs and cell states go; ``cell`` may be among them.
        """

    def step(self, both: Array, cell: Array, buffer: Array, out: tuple[Array, Array], /) -> None:
        """Take one step of an upper layer.

        Args:
            both: the values from below and the last outputs, shape ``(batch, 2 * units)``.
            cell: as for `recur`.
            buffer: as for `recur`.
            out: as for `recur`.
        """


class LSTMLayer:
    """An LSTM layer, with one matrix for the values from below and its own last output."""

    _GATES = (0, 1, 3, 2)
    """Indices of the input, forget, output and cell gates in Keras' order, which has cell third."""

    def __init__(
        self, weights: Mapping[str, Array], layer: int, units: int, dtype: DTypeLike
    ) -> None:
        self.cell_units = self._units = units
        self._dtype = np.dtype(dtype)
        self._keras_bias = shaped(weights[f"lstm_{layer}/bias"], (4 * units,))
        recurrent = shaped(weights[f"lstm_{layer}/recurrent_kernel"], (units, 4 * units))
        parts = [recurrent]
        if layer:
            parts.insert(0, shaped(weights[f"lstm_{layer}/kernel"], (units, 4 * units)))
        self._kernel = self.arranged(np.concatenate(parts))
        self._recurrent = self._kernel[-units:]
        self._bias = self.arranged(self._keras_bias)

    def arranged(self, weight: Array) -> Array:
        """``weight`` with its gates as input, forget, output, cell, and the first three halved."""
        units = self._units
        ordered = np.empty(weight.shape, self._dtype)
        for place, gate in enumerate(self._GATES):
            part = weight[..., gate * units : (gate + 1) * units]
            target = ordered[..., place * units : (place + 1) * units]
            np.multiply(part, 0.5 if place < 3 else 1.0, out=target, casting="same_kind")
        return ordered

    def first_bias(self) -> Array:
        """The bias in Keras' order."""
        return self._keras_bias

    def buffer(self, batch: int) -> Array:
        """A buffer for the gates, shape ``(batch, 4 * units)``."""
        return np.empty((batch, 4 * self._units), self._dtype)

    def inputs(self, values: Array) -> Array:
        """Multiply values from below, shape ``(rows, units)``."""
        inputs: Array = values @ self._kernel[: self._units]
        inputs += self._bias
        return inputs

    def recur(
        self, inputs: Array, last: Array, cell: Array, buffer: Array, out: tuple[Array, Array]
    ) -> None:
        """Take one step from multiplied ``inputs``."""
        product(last, self._recurrent, buffer)
        buffer += inputs
        self._remember(buffer, cell, *out)

    def step(self, both: Array, cell: Array, buffer: Array, out: tuple[Array, Array]) -> None:
        """Take one step of an upper layer."""
        product(both, self._kernel, buffer)
        buffer += self._bias
        self._remember(buffer, cell, *out)

    def _remember(self, gates: Array, before: Array, hidden: Array, cell: Array) -> None:
        """Write the new ``hidden`` and ``cell``; overwrites ``gates``."""
        units = self._units
        np.tanh(gates, out=gates)
        sigmoids, candidate = gates[:, : 3 * units], gates[:, 3 * units :]
        sigmoids *= 0.5
        sigmoids += 0.5
        candidate *= gates[:, :units]
        np.multiply(gates[:, units : 2 * units], before, out=cell)
        cell += candidate
        np.tanh(cell, out=candidate)
        np.multiply(gates[:, 2 * units : 3 * units], candidate, out=hidden)


class GRULayer:
    """A GRU layer as in Keras with `reset_after`: the reset gate scales the recurrent product.

    With update gate z, reset gate r, inputs a and last output h, all of one length:
    ``h' = z h + (1 - z) tanh(a + r (U h + b))``. The recurrent bias of z and r is added to that of
    the inputs; only the candidate's must stay apart.
    """

    cell_units = 0

    def __init__(
        self, weights: Mapping[str, Array], layer: int, units: int, dtype: DTypeLike
    ) -> None:
        self._units = units
        self._dtype = np.dtype(dtype)
        bias = shaped(weights[f"gru_{layer}/bias"], (2, 3 * units))
        recurrent = shaped(weights[f"gru_{layer}/recurrent_kernel"], (units, 3 * units))
        self._recurrent = self.arranged(recurrent)
        self._candidate_bias = bias[1, 2 * units :].astype(self._dtype)
        self._keras_bias: Array = bias[0].astype(np.float64)
        self._keras_bias[: 2 * units] += bias[1, : 2 * units]
        self._bias = self.arranged(self._keras_bias)
        if layer:
            self._kernel = self.arranged(shaped(weights[f"gru_{layer}/kernel"], (units, 3 * units)))

    def arranged(self, weight: Array) -> Array:
        """``weight``, whose gates are update, reset, candidate, with the first two halved."""
        ordered: Array = weight.astype(self._dtype)
        ordered[..., : 2 * self._units] *= 0.5
        return ordered

    def first_bias(self) -> Array:
        """The bias of the inputs, with that of the recurrent update and reset gates."""
        return self._keras_bias

    def buffer(self, batch: int) -> Array:
        """A buffer for inputs and recurrent product, shape ``(2, batch, 3 * units)``."""
        buffer: Array = np.empty((2, batch, 3 * self._units), self._dtype)
        return buffer

    def inputs(self, values: Array) -> Array:
        """Multiply values from below, shape ``(rows, units)``."""
        inputs: Array = values @ self._kernel
        inputs += self._bias
        return inputs

    def recur(
        self, inputs: Array, last: Array, _cell: Array, buffer: Array, out: tuple[Array, Array]
    ) -> None:
        """Take one step from multiplied ``inputs``."""
        buffer[0] = inputs
        self._remember(last, buffer, out[0])

    def step(self, both: Array, _cell: Array, buffer: Array, out: tuple[Array, Array]) -> None:
        """Take one step of an upper layer."""
        product(both[:, : self._units], self._kernel, buffer[0])
        buffer[0] += self._bias
        self._remember(both[:, self._units :], buffer, out[0])

    def _remember(self, last: Array, buffer: Array, hidden: Array) -> None:
        """Write the new ``hidden``; overwrites ``buffer``, whose first half are the inputs."""
        units = self._units
        inputs, recurrent = buffer
        product(last, self._recurrent, recurrent)
        gates = inputs[:, : 2 * units]
        gates += recurrent[:, : 2 * units]
        np.tanh(gates, out=gates)
        gates *= 0.5
        gates += 0.5
        update, reset = gates[:, :units], gates[:, units:]
        candidate, change = inputs[:, 2 * units :], recurrent[:, 2 * units :]
        change += self._candidate_bias
        change *= reset
        candidate += change
        np.tanh(candidate, out=candidate)
        # h' = n + z (h - n)
        np.subtract(last, candidate, out=change)
        change *= update
        np.add(candidate, change, out=hidden)


_LAYERS: Mapping[Cell, type[RecurrentLayer]] = {"lstm": LSTMLayer, "gru": GRULayer}


def cell_of(weights: Mapping[str, Array]) -> tuple[Cell, type[RecurrentLayer]]:
    """The kind of cell that ``weights`` are of, and its layer; that of an LSTM if unknown."""
    for cell, layer in _LAYERS.items():
        if f"{cell}_0/recurrent_kernel" in weights:
            return cell, layer
    return "lstm", LSTMLayer


def product(rows: Array, matrix: Array, out: Array) -> Array:
    """Multiply ``rows`` by ``matrix`` into ``out``, and return it."""
    if len(rows) > _FEW_ROWS:
        return np.matmul(rows, matrix, out=out)
    for row, target in zip(rows, out, strict=True):
        np.matmul(row, matrix, out=target)
    return out


def shaped(weight: Array, shape: tuple[int, ...]) -> Array:
    """Return ``weight``.

    Raises:
        ValueError: it has another shape.
    """
    if weight.shape != shape:
        raise ValueError(f"{weight.shape} in place of {shape}")
    return weight
