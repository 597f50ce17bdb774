"""The network: embeddings, LSTM layers with dropout, dense layer over the vocabulary."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.model.cues.direct import direct_tables
from abclm.model.cues.reader import CueReader
from abclm.model.settings import DIRECT_SCALE, NetworkSettings, Precision
from abclm.model.training.backend import import_keras, lstm_layer

__all__ = ["build_network", "dict_to_weights", "weights_to_dict"]


def build_network(
    settings: NetworkSettings,
    *,
    seed: int = 0,
    precision: Precision = "float32",
    stateful: bool = False,
    batch_size: int | None = None,
) -> Any:
    """A Keras model from ids and cues to float32 logits `(batch, time, vocabulary)`.

    Its inputs are the ids `(batch, time)` and the columns of the cues `(batch, time, columns)`; the
    vectors that stand for a character and for what each column says are added. With direct
    connections the ids also add to the logits what tables have for them
    (`abclm.model.cues.direct`): what may never follow need not pass through the state.

    Args:
        settings: its shape.
        seed: of the first weights and of the dropout.
        precision: the number type to compute in; weights and logits are float32 in any case.
        stateful: whether each LSTM layer starts from the state in which it ended the batch before.
        batch_size: the rows of every batch, needed where ``stateful``.
    """
    keras = import_keras()
    layers, initial, lstm = keras.layers, keras.initializers, lstm_layer(precision)
    # One number of the seed for each random thing, so that none repeats another's draws.
    seeds = iter(range(seed * 1000, seed * 1000 + 1000))
    ids = keras.Input((None,), batch_size=batch_size, dtype="int32", name="ids")
    columns = CueReader.sizes(settings.vocabulary_size, settings.cues)
    cues = keras.Input((None, len(columns)), batch_size=batch_size, dtype="int32", name="cues")

    def embedding(size: int, name: str, initializer: Any) -> Any:
        return layers.Embedding(
            size,
            settings.embedding_size,
            embeddings_initializer=initializer,
            dtype=precision,
            name=name,
        )

    def direct() -> Iterator[Any]:
        told = (ids, *(cues[:, :, place] for place in range(len(columns))))
        for table in direct_tables(settings.vocabulary_size, columns):
            layer = layers.Embedding(
                table.rows,
                settings.vocabulary_size,
                embeddings_initializer=initial.Zeros(),
                dtype="float32",
                name=table.name,
            )
            # A table as a whole, at each character anew.
            left_out = layers.Dropout(
                settings.direct_dropout,
                (None, None, 1),
                seed=next(seeds),
                dtype="float32",
                name=f"dropout_{table.name}",
            )
            yield left_out(DIRECT_SCALE * layer(table.row(told)))

    # Vectors of the length that those of trained networks have: from small ones a network takes
    # five times as many steps to learn its first bit.
    uniform = initial.RandomUniform(-1.0, 1.0, seed=next(seeds))
    values = embedding(settings.vocabulary_size, "embedding", uniform)(ids)
    for index, (column, size) in enumerate(columns.items()):
        # What never came up in training shall say nothing, rather than anything.
        told = embedding(size, column, initial.Zeros())(cues[:, :, index])
        values = layers.Add(dtype=precision, name=f"with_{column}")([values, told])
    for index in range(settings.num_layers):
        values = lstm(
            settings.units,
            return_sequences=True,
            stateful=stateful,
            kernel_initializer=initial.GlorotUniform(seed=next(seeds)),
            recurrent_initializer=initial.Orthogonal(seed=next(seeds)),
            seed=next(seeds),
            dtype=precision,
            name=f"lstm_{index}",
        )(values)
        values = layers.Dropout(
            settings.dropout, seed=next(seeds), dtype=precision, name=f"dropout_{index}"
        )(values)
    logits = layers.Dense(
        settings.vocabulary_size,
        kernel_initializer=initial.GlorotUniform(seed=next(seeds)),
        dtype="float32",
        name="dense",
    )(values)
    if settings.direct:
        logits = layers.Add(dtype="float32", name="with_direct")([logits, *direct()])
    return keras.Model([ids, cues], logits, name="abclm")


def weights_to_dict(network: Any) -> dict[str, NDArray[np.float32]]:
    """The weights of ``network`` as float32 arrays, by the names of `weight_shapes`."""
    keras = import_keras()
    return {
        name: np.array(keras.ops.convert_to_numpy(variable), np.float32)
        for name, variable in _variables(network)
    }


def dict_to_weights(network: Any, weights: Mapping[str, NDArray[Any]]) -> None:
    """Put ``weights``, by the names of `weight_shapes`, into ``network``; others stay."""
    variables = dict(_variables(network))
    for name, weight in weights.items():
        variables[name].assign(weight)


def _variables(network: Any) -> list[tuple[str, Any]]:
    """Each weight with its layer's name and its own: an LSTM's cell in between is left out."""
    return [
        (f"{layer.name}/{variable.name}", variable)
        for layer in network.layers
        for variable in layer.trainable_variables
    ]
