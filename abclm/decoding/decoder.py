"""The network in numpy: reads a character, returns the logits of the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from abclm.errors import CheckpointError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.cues.direct import direct_tables
from abclm.model.cues.reader import CueReader, Reading
from abclm.model.settings import DIRECT_SCALE

__all__ = ["Array", "Decoder", "DecoderState"]

Array = NDArray[Any]

_FOLDED = ("embedding/embeddings", "lstm_0/kernel", "lstm_0/bias")
_GATES = (0, 1, 3, 2)
"""Indices of the input, forget, output and cell gates in Keras' order, which has cell third."""
_HALVED = (0.5, 0.5, 0.5, 1.0)
"""The factors on their weights: sigmoid(x) = tanh(x / 2) / 2 + 1 / 2; the cell gate is a tanh."""

_FEW_ROWS = 3
"""Up to this many rows, vector products are faster than one matrix product."""


@dataclass(frozen=True, slots=True)
class DecoderState:
    """The network's state for each tune of a batch. Immutable.

    Attributes:
        hidden: outputs of all layers side by side, shape ``(batch, layers * units)``.
        cell: cell states of all layers side by side, of the same shape.
        readings: the reading of each tune so far, for the cues.
    """

    hidden: Array
    cell: Array
    readings: tuple[Reading, ...]

    def __len__(self) -> int:
        """The number of tunes."""
        return len(self.hidden)

    def select(self, rows: Sequence[int] | NDArray[np.intp]) -> "DecoderState":
        """The state of the tunes in ``rows``, in that order; a row may occur more than once."""
        index = np.asarray(rows, np.intp)
        readings = tuple(self.readings[row] for row in index.tolist())
        return DecoderState(self.hidden[index], self.cell[index], readings)

    def replaced(self, row: int, state: "DecoderState") -> "DecoderState":
        """The state with the tune in ``row`` replaced by the only tune of ``state``."""
        hidden, cell = self.hidden.copy(), self.cell.copy()
        hidden[row], cell[row] = state.hidden[0], state.cell[0]
        readings = (*self.readings[:row], state.readings[0], *self.readings[row + 1 :])
        return DecoderState(hidden, cell, readings)

    @staticmethod
    def concatenate(states: "Sequence[DecoderState]") -> "DecoderState":
        """The tunes of all ``states`` as one batch."""
        return DecoderState(
            np.concatenate([state.hidden for state in states]),
            np.concatenate([state.cell for state in states]),
            tuple(reading for state in states for reading in state.readings),
        )


class Decoder:
    """Embeddings, LSTM layers and dense layer, one step at a time, for any number of tunes at once.

    The character embeddings are multiplied by the first layer's kernel once, when the weights are
    read. The cue embeddings, all in one table, are summed at each step and multiplied together. An
    upper layer has one matrix for its input and its own last output. Because
    sigmoid(x) = tanh(x / 2) / 2 + 1 / 2, and the weights are halved in advance, one tanh serves all
    four gates.

    Args:
        weights: by the names of `abclm.model.checkpoint.weights.weight_shapes`, gates in Keras'
            order.
        reader: reads the cues that the network was trained with.
        dtype: float32, or float64 for a `abclm.decoding.referee.Referee`.

    Raises:
        CheckpointError: a weight is missing, or the shapes do not fit together.
    """

    def __init__(
        self, weights: Mapping[str, Array], reader: CueReader, dtype: DTypeLike = np.float32
    ) -> None:
        self._dtype = np.dtype(dtype)
        self._reader = reader
        try:
            self._read(weights)
        except KeyError as error:
            raise CheckpointError(f"the weights have no {error}") from error
        except ValueError as error:
            raise CheckpointError(f"the shapes of the weights do not fit: {error}") from error
        self._scratch: dict[int, Array] = {}

    @classmethod
    def of(cls, checkpoint: Checkpoint, dtype: DTypeLike = np.float32) -> Self:
        """Return the decoder of ``checkpoint``."""
        reader = CueReader(checkpoint.vocabulary, checkpoint.config.network.cues)
        return cls(checkpoint.weights, reader, dtype)

    @property
    def vocabulary_size(self) -> int:
        """The number of ids."""
        return len(self._table)

    def start(self, batch: int) -> DecoderState:
        """Return the state before the first character of ``batch`` tunes: zeros."""
        shape = (batch, self._layers * self._units)
        readings = (self._reader.start(),) * batch
        return DecoderState(np.zeros(shape, self._dtype), np.zeros(shape, self._dtype), readings)

    def step(self, ids: Array, state: DecoderState) -> tuple[Array, DecoderState]:
        """Read one character of each tune.

        Args:
            ids: shape ``(batch,)``; `END_OF_TUNE` before a tune's first character.
            state: the state of the same batch; it is not changed.

        Returns:
            Logits of the next characters, shape ``(batch, vocabulary)``, and the new state.
        """
        units = self._units
        hidden, cell = state.hidden.copy(), np.empty_like(state.cell)
        readings = tuple(map(self._reader.after, state.readings, ids.tolist()))
        inputs = self._inputs(ids, [reading.cues for reading in readings], (len(state),))
        gates = self._buffer(len(state))
        for layer in range(self._layers):
            own = slice(layer * units, (layer + 1) * units)
            # The layer below has just written its output next to this layer's last output.
            read = slice(max(layer - 1, 0) * units, (layer + 1) * units)
            self._product(hidden[:, read], self._kernels[layer], gates)
            gates += self._biases[layer - 1] if layer else inputs
            self._remember(gates, state.cell[:, own], cell[:, own], hidden[:, own])
        return self._logits(hidden, ids, readings), DecoderState(hidden, cell, readings)

    def feed(self, ids: Array, state: DecoderState) -> tuple[Array, DecoderState]:
        """Read several characters, the same for every tune, one layer after the other.

        Faster than single steps: the inputs of an upper layer are all known, so half of its work is
        one matrix product.

        Args:
            ids: shape ``(time,)``, at least one.
            state: the state of any batch; it is not changed.

        Returns:
            Logits after the last character, shape ``(batch, vocabulary)``, and the new state.
        """
        units = self._units
        hidden, cell = state.hidden.copy(), state.cell.copy()
        readings = list(state.readings)
        cues = []
        for index in ids.tolist():
            readings = [self._reader.after(reading, index) for reading in readings]
            cues.append([reading.cues for reading in readings])
        inputs = self._inputs(ids[:, None], cues, (len(ids), len(state)))
        for layer in range(self._layers):
            own = slice(layer * units, (layer + 1) * units)
            outputs = self._run(layer, inputs, hidden[:, own], cell[:, own])
            if layer + 1 < self._layers:
                flat = outputs.reshape(-1, units) @ self._kernels[layer + 1][:units]
                flat += self._biases[layer]
                inputs = flat.reshape(len(ids), len(state), -1)
        return self._logits(hidden, ids[-1:], readings), DecoderState(hidden, cell, tuple(readings))

    def _inputs(self, ids: Array, cues: Sequence[Any], shape: tuple[int, ...]) -> Array:
        """The inputs of the first layer, multiplied by its kernel.

        Args:
            ids: of a shape that can be broadcast to ``shape``.
            cues: of shape ``(*shape, cues)``.
            shape: the leading shape of the result.

        Returns:
            Shape ``(*shape, 4 * units)``; without cues, ``(*ids.shape, 4 * units)``.
        """
        inputs: Array = self._table[ids]
        if self._reader.columns:
            indices = np.array(cues, np.intp).reshape(*shape, len(self._cue_starts))
            added = self._cues.take(indices + self._cue_starts, axis=0).sum(axis=-2)
            inputs = inputs + added @ self._cue_kernel
        return inputs

    def _run(self, layer: int, inputs: Array, hidden: Array, cell: Array) -> Array:
        """All outputs of a layer, shape ``(time, batch, units)``; updates ``hidden`` and ``cell``.

        Args:
            layer: the index of the layer.
            inputs: already multiplied by the kernel, shape ``(time, batch or 1, 4 * units)``.
            hidden: the layer's last outputs, shape ``(batch, units)``.
            cell: the layer's cell states, of the same shape.
        """
        recurrent = self._kernels[layer][-self._units :]
        outputs = np.empty((len(inputs), *hidden.shape), self._dtype)
        before = hidden
        for row, output in zip(inputs, outputs, strict=True):
            gates = self._product(before, recurrent, self._buffer(len(hidden)))
            gates += row
            self._remember(gates, cell, cell, output)
            before = output
        hidden[:] = before
        return outputs

    def _read(self, weights: Mapping[str, Array]) -> None:
        self._layers = sum(name.endswith("/recurrent_kernel") for name in weights)
        self._units = units = len(weights["lstm_0/recurrent_kernel"])
        # Folded in float64, so that the table is as exact as float32 allows.
        embedding, kernel, bias = (weights[name].astype(np.float64) for name in _FOLDED)
        self._table = self._gates(embedding @ kernel + bias)
        tables = [weights[f"{column}/embeddings"] for column in self._reader.columns]
        self._cues = np.concatenate([*tables, embedding[:0]]).astype(self._dtype)
        self._cue_starts = np.cumsum([0, *map(len, tables)])[:-1]
        self._cue_kernel = self._gates(kernel)
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
        self._direct: Array | None = None
        if any(name.startswith("direct") for name in weights):
            self._read_direct(weights)

    def _read_direct(self, weights: Mapping[str, Array]) -> None:
        """Stack all direct tables, and compute the strides from ids and cues to their rows."""
        tables = direct_tables(self.vocabulary_size, self._reader.columns)
        self._direct = np.concatenate([weights[table.weight] for table in tables]).astype(
            self._dtype
        )
        self._direct *= DIRECT_SCALE
        ends = np.cumsum([table.rows for table in tables])
        self._first_rows = np.array([0, *ends[:-1]])
        self._strides = np.zeros((1 + len(self._reader.columns), len(tables)), np.intp)
        for place, table in enumerate(tables):
            self._strides[table.places, place] = table.strides

    def _gates(self, weight: Array) -> Array:
        """``weight`` with its gates as input, forget, output, cell, and the first three halved."""
        ordered = np.empty(weight.shape, self._dtype)
        for place, gate in enumerate(_GATES):
            part = weight[..., gate * self._units : (gate + 1) * self._units]
            target = ordered[..., place * self._units : (place + 1) * self._units]
            np.multiply(part, _HALVED[place], out=target, casting="same_kind")
        return ordered

    def _remember(self, gates: Array, before: Array, cell: Array, hidden: Array) -> None:
        """Write a layer's new ``cell`` and ``hidden``; overwrites ``gates``."""
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

    def _logits(self, hidden: Array, ids: Array, readings: Sequence[Reading]) -> Array:
        logits = self._product(hidden[:, -self._units :], self._dense)
        logits += self._dense_bias
        if self._direct is not None:
            indices = np.empty((len(readings), len(self._strides)), np.intp)
            indices[:, 0] = ids
            cues = [reading.cues for reading in readings]
            indices[:, 1:] = np.array(cues).reshape(len(readings), len(self._reader.columns))
            rows = indices @ self._strides + self._first_rows
            logits += self._direct[rows].sum(axis=1)
        return logits

    def _product(self, rows: Array, matrix: Array, out: Array | None = None) -> Array:
        if out is None:
            out = np.empty((len(rows), matrix.shape[1]), self._dtype)
        if len(rows) > _FEW_ROWS:
            return np.matmul(rows, matrix, out=out)
        for row, target in zip(rows, out, strict=True):
            np.matmul(row, matrix, out=target)
        return out

    def _buffer(self, batch: int) -> Array:
        """A buffer for one layer's gates, shape ``(batch, 4 * units)``, reused at each step."""
        if batch not in self._scratch:
            self._scratch = {batch: np.empty((batch, 4 * self._units), self._dtype)}
        return self._scratch[batch]


def _shaped(weight: Array, shape: tuple[int, ...]) -> Array:
    if weight.shape != shape:
        raise ValueError(f"{weight.shape} in place of {shape}")
    return weight
