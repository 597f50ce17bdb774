"""The weights of a network: their names and shapes."""

from collections.abc import Mapping
from typing import Final

from abclm.model.cues.direct import direct_tables
from abclm.model.cues.reader import CueReader
from abclm.model.settings import Cell, NetworkSettings

__all__ = ["GATES", "weight_shapes"]

GATES: Final[Mapping[Cell, int]] = {"lstm": 4, "gru": 3}
"""The number of gates of a cell, its candidate included."""


def weight_shapes(network: NetworkSettings) -> dict[str, tuple[int, ...]]:
    """The name and shape of every weight of ``network``.

    The last axis of a recurrent layer's weights holds its gates in Keras' order: input, forget,
    cell, output of an LSTM; update, reset, candidate of a GRU. A GRU has two biases, of the inputs
    and of the recurrent product.
    """
    units = network.units
    shapes: dict[str, tuple[int, ...]] = {
        "embedding/embeddings": (network.vocabulary_size, network.embedding_size),
    }
    columns = CueReader.sizes(network.vocabulary_size, network.cues)
    for column, size in columns.items():
        shapes[f"{column}/embeddings"] = (size, network.embedding_size)
    for layer in range(network.num_layers):
        inputs = units if layer else network.embedding_size
        name, width = f"{network.cell}_{layer}", GATES[network.cell] * units
        shapes[f"{name}/kernel"] = (inputs, width)
        shapes[f"{name}/recurrent_kernel"] = (units, width)
        shapes[f"{name}/bias"] = (2, width) if network.cell == "gru" else (width,)
    if network.attention:
        for part in ("query", "key", "value", "output"):
            shapes[f"attention/{part}"] = (units, units)
        shapes["attention/distance"] = (network.attention, network.attention_span)
    shapes["dense/kernel"] = (units, network.vocabulary_size)
    shapes["dense/bias"] = (network.vocabulary_size,)
    if network.direct:
        for table in direct_tables(network.vocabulary_size, columns):
            shapes[table.weight] = (table.rows, network.vocabulary_size)
    return shapes
