"""The weights of a network: their names and shapes."""

from abclm.model.cues.direct import direct_tables
from abclm.model.cues.reader import CueReader
from abclm.model.settings import NetworkSettings

__all__ = ["weight_shapes"]


def weight_shapes(network: NetworkSettings) -> dict[str, tuple[int, ...]]:
    """The name and shape of every weight of ``network``.

    The last axis of an LSTM's weights holds its four gates in Keras' order: input, forget, cell,
    output.
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
        shapes[f"lstm_{layer}/kernel"] = (inputs, 4 * units)
        shapes[f"lstm_{layer}/recurrent_kernel"] = (units, 4 * units)
        shapes[f"lstm_{layer}/bias"] = (4 * units,)
    shapes["dense/kernel"] = (units, network.vocabulary_size)
    shapes["dense/bias"] = (network.vocabulary_size,)
    if network.direct:
        for table in direct_tables(network.vocabulary_size, columns):
            shapes[table.weight] = (table.rows, network.vocabulary_size)
    return shapes
