"""The network: embeddings, recurrent layers with dropout, attention, dense layer over the ids."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.model.cues.direct import direct_tables
from abclm.model.cues.reader import CueReader
from abclm.model.settings import DIRECT_SCALE, NetworkSettings, Precision
from abclm.model.training.backend import import_keras, recurrent_layer

__all__ = ["build_network", "dict_to_weights", "weights_to_dict"]


def build_network(
    settings: NetworkSettings,
    *,
    seed: int = 0,
    precision: Precision = "float32",
    stateful: bool = False,
    batch_size: int | None = None,
) -> Any:
    """Build a Keras model from ids and cues to float32 logits `(batch, time, vocabulary)`.

    Its inputs are the ids `(batch, time)` and the columns of the cues `(batch, time, columns)`; the
    embeddings of the character and of each column are summed. With direct connections, ids and cues
    also look up terms that are added to the logits (`abclm.model.cues.direct`): what may never
    follow need not pass through the state.

    Args:
        settings: its shape.
        seed: the seed of the initial weights and of the dropout.
        precision: the number type to compute in; weights and logits are always float32.
        stateful: whether each layer starts in its last state of the previous batch.
        batch_size: the rows of every batch, required if ``stateful``.
    """
    keras = import_keras()
    layers, initial = keras.layers, keras.initializers
    recurrent = recurrent_layer(settings.cell, precision)
    # A separate seed for each random source, so that none repeats the draws of another.
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
        features = (ids, *(cues[:, :, place] for place in range(len(columns))))
        for table in direct_tables(settings.vocabulary_size, columns):
            layer = layers.Embedding(
                table.rows,
                settings.vocabulary_size,
                embeddings_initializer=initial.Zeros(),
                dtype="float32",
                name=table.name,
            )
            # Whole tables are left out, drawn again at each character.
            left_out = layers.Dropout(
                settings.direct_dropout,
                (None, None, 1),
                seed=next(seeds),
                dtype="float32",
                name=f"dropout_{table.name}",
            )
            yield left_out(DIRECT_SCALE * layer(table.row(features)))

    # Vectors as long as those of trained networks: with short ones a network takes five times as
    # many steps to learn its first bit.
    uniform = initial.RandomUniform(-1.0, 1.0, seed=next(seeds))
    values = embedding(settings.vocabulary_size, "embedding", uniform)(ids)
    for index, (column, size) in enumerate(columns.items()):
        # Values that never occur in training should contribute nothing, not noise.
        vectors = embedding(size, column, initial.Zeros())(cues[:, :, index])
        values = layers.Add(dtype=precision, name=f"with_{column}")([values, vectors])
    for index in range(settings.num_layers):
        values = recurrent(
            settings.units,
            return_sequences=True,
            stateful=stateful,
            kernel_initializer=initial.GlorotUniform(seed=next(seeds)),
            recurrent_initializer=initial.Orthogonal(seed=next(seeds)),
            seed=next(seeds),
            dtype=precision,
            name=f"{settings.cell}_{index}",
        )(values)
        values = layers.Dropout(
            settings.dropout, seed=next(seeds), dtype=precision, name=f"dropout_{index}"
        )(values)
    if settings.attention:
        from abclm.model.training.attention import OutputAttention  # noqa: PLC0415 - imports Keras

        values = OutputAttention(
            settings.attention,
            settings.attention_span,
            [next(seeds) for _ in range(3)],
            stateful=stateful,
            dtype=precision,
            name="attention",
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
    """Assign ``weights``, by the names of `weight_shapes`, to ``network``; others stay."""
    variables = dict(_variables(network))
    for name, weight in weights.items():
        variables[name].assign(weight)


def _variables(network: Any) -> list[tuple[str, Any]]:
    """Each weight, named after its layer and itself, without the cell of a layer in between."""
    return [
        (f"{layer.name}/{variable.name}", variable)
        for layer in network.layers
        for variable in layer.trainable_variables
    ]
