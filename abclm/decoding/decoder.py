"""The network in numpy: reads a character, returns the logits of the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from abclm.decoding.attention import Attention, Past
from abclm.decoding.cells import Array, RecurrentLayer, cell_of, product, shaped
from abclm.errors import CheckpointError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.cues.direct import direct_tables
from abclm.model.cues.reader import CueReader, Reading
from abclm.model.settings import DIRECT_SCALE

__all__ = ["Array", "Decoder", "DecoderState"]


@dataclass(frozen=True, slots=True)
class DecoderState:
    """The network's state for each tune of a batch. Immutable.

    Attributes:
        hidden: outputs of all layers side by side, shape ``(batch, layers * units)``.
        cell: cell states of all layers side by side, of the same shape; without columns for GRUs.
        readings: the reading of each tune so far, for the cues.
        pasts: what attention looks back at in each tune; empty without attention.
    """

    hidden: Array
    cell: Array
    readings: tuple[Reading, ...]
    pasts: tuple[Past, ...] = ()

    def __len__(self) -> int:
        """The number of tunes."""
        return len(self.hidden)

    def select(self, rows: Sequence[int] | NDArray[np.intp]) -> "DecoderState":
        """The state of the tunes in ``rows``, in that order; a row may occur more than once."""
        index = np.asarray(rows, np.intp)
        places = index.tolist()
        readings = tuple(self.readings[row] for row in places)
        pasts = tuple(self.pasts[row] for row in places) if self.pasts else ()
        return DecoderState(self.hidden[index], self.cell[index], readings, pasts)

    def replaced(self, row: int, state: "DecoderState") -> "DecoderState":
        """The state with the tune in ``row`` replaced by the only tune of ``state``."""
        hidden, cell = self.hidden.copy(), self.cell.copy()
        hidden[row], cell[row] = state.hidden[0], state.cell[0]
        readings = (*self.readings[:row], state.readings[0], *self.readings[row + 1 :])
        pasts = (*self.pasts[:row], *state.pasts, *self.pasts[row + 1 :])
        return DecoderState(hidden, cell, readings, pasts)

    @staticmethod
    def concatenate(states: "Sequence[DecoderState]") -> "DecoderState":
        """The tunes of all ``states`` as one batch."""
        return DecoderState(
            np.concatenate([state.hidden for state in states]),
            np.concatenate([state.cell for state in states]),
            tuple(reading for state in states for reading in state.readings),
            tuple(past for state in states for past in state.pasts),
        )


class Decoder:
    """Embeddings, recurrent layers, attention and dense layer: a step a character, for many tunes.

    The character embeddings are multiplied by the first layer's kernel once, when the weights are
    read. The cue embeddings, all in one table, are summed at each step and multiplied together.

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
        readings = (self._reader.start(),) * batch
        pasts = (self._attention.start(),) * batch if self._attention else ()
        hidden, cell = (
            np.zeros((batch, len(self._layers) * units), self._dtype)
            for units in (self._units, self._cell_units)
        )
        return DecoderState(hidden, cell, readings, pasts)

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
        buffer = self._buffer(len(state))
        for place, (layer, own, cells) in enumerate(self._layers):
            out, before = (hidden[:, own], cell[:, cells]), state.cell[:, cells]
            if place:
                # The layer below has just written its output next to this layer's last output.
                both = hidden[:, (place - 1) * units : (place + 1) * units]
                layer.step(both, before, buffer, out)
            else:
                layer.recur(inputs, out[0], before, buffer, out)
        top, pasts = hidden[:, -units:], state.pasts
        if self._attention:
            top, pasts = self._attention.step(top, pasts)
        return self._logits(top, ids, readings), DecoderState(hidden, cell, readings, pasts)

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
        pasts = state.pasts
        for place, (layer, own, cells) in enumerate(self._layers):
            outputs = self._run(layer, inputs, hidden[:, own], cell[:, cells])
            if place + 1 < len(self._layers):
                flat = self._layers[place + 1][0].inputs(outputs.reshape(-1, units))
                inputs = flat.reshape(len(ids), len(state), -1)
        top = hidden[:, -units:]
        if self._attention:
            top, pasts = self._attention.step(top, self._attention.read(outputs[:-1], pasts))
        return (
            self._logits(top, ids[-1:], readings),
            DecoderState(hidden, cell, tuple(readings), pasts),
        )

    def _inputs(self, ids: Array, cues: Sequence[Any], shape: tuple[int, ...]) -> Array:
        """The inputs of the first layer, multiplied by its kernel.

        Args:
            ids: of a shape that can be broadcast to ``shape``.
            cues: of shape ``(*shape, cues)``.
            shape: the leading shape of the result.

        Returns:
            Shape ``(*shape, gates * units)``; without cues, ``(*ids.shape, gates * units)``.
        """
        inputs: Array = self._table[ids]
        if self._reader.columns:
            indices = np.array(cues, np.intp).reshape(*shape, len(self._cue_starts))
            added = self._cues.take(indices + self._cue_starts, axis=0).sum(axis=-2)
            inputs = inputs + added @ self._cue_kernel
        return inputs

    def _run(self, layer: RecurrentLayer, inputs: Array, hidden: Array, cell: Array) -> Array:
        """All outputs of a layer, shape ``(time, batch, units)``; updates ``hidden`` and ``cell``.

        Args:
            layer: the layer.
            inputs: already multiplied by the kernel, shape ``(time, batch or 1, gates * units)``.
            hidden: the layer's last outputs, shape ``(batch, units)``.
            cell: the layer's cell states, shape ``(batch, cell units)``.
        """
        outputs = np.empty((len(inputs), *hidden.shape), self._dtype)
        buffer = self._buffer(len(hidden))
        before = hidden
        for row, output in zip(inputs, outputs, strict=True):
            layer.recur(row, before, cell, buffer, (output, cell))
            before = output
        hidden[:] = before
        return outputs

    def _read(self, weights: Mapping[str, Array]) -> None:
        name, kind = cell_of(weights)
        self._units = units = len(weights[f"{name}_0/recurrent_kernel"])
        count = sum(name.endswith("/recurrent_kernel") for name in weights)
        layers = [kind(weights, layer, units, self._dtype) for layer in range(count)]
        first = layers[0]
        self._cell_units = length = first.cell_units
        # Each layer with its columns in a state's ``hidden`` and ``cell``.
        self._layers = [
            (layer, slice(at * units, (at + 1) * units), slice(at * length, (at + 1) * length))
            for at, layer in enumerate(layers)
        ]
        # Folded in float64, so that the table is as exact as float32 allows.
        folded = ("embedding/embeddings", f"{name}_0/kernel")
        embedding, kernel = (weights[name].astype(np.float64) for name in folded)
        self._table = first.arranged(embedding @ kernel + first.first_bias().astype(np.float64))
        tables = [weights[f"{column}/embeddings"] for column in self._reader.columns]
        self._cues = np.concatenate([*tables, embedding[:0]]).astype(self._dtype)
        self._cue_starts = np.cumsum([0, *map(len, tables)])[:-1]
        self._cue_kernel = first.arranged(kernel)
        attends = any(name.startswith("attention/") for name in weights)
        self._attention = Attention(weights, units, self._dtype) if attends else None
        dense = shaped(weights["dense/kernel"], (units, self.vocabulary_size))
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

    def _logits(self, top: Array, ids: Array, readings: Sequence[Reading]) -> Array:
        out = np.empty((len(top), self.vocabulary_size), self._dtype)
        logits = product(top, self._dense, out)
        logits += self._dense_bias
        if self._direct is not None:
            indices = np.empty((len(readings), len(self._strides)), np.intp)
            indices[:, 0] = ids
            cues = [reading.cues for reading in readings]
            indices[:, 1:] = np.array(cues).reshape(len(readings), len(self._reader.columns))
            rows = indices @ self._strides + self._first_rows
            logits += self._direct[rows].sum(axis=1)
        return logits

    def _buffer(self, batch: int) -> Array:
        """A buffer for one step of a layer, used by all layers at each step."""
        if batch not in self._scratch:
            self._scratch = {batch: self._layers[0][0].buffer(batch)}
        return self._scratch[batch]
