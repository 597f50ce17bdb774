"""Weights for a network that continues from another one, with a larger vocabulary."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from abclm.errors import TrainingError
from abclm.model.cues.direct import direct_tables
from abclm.model.cues.reader import CueReader
from abclm.model.settings import NetworkSettings
from abclm.model.vocabulary import Vocabulary

__all__ = ["inherit", "joint_vocabulary"]

Weights = Mapping[str, NDArray[np.float32]]


def joint_vocabulary(old: Vocabulary, texts: Sequence[str]) -> Vocabulary:
    """All characters of ``old``, so that nothing is unlearned, and those of ``texts``."""
    return Vocabulary.from_text([*old.characters, *texts])


def inherit(
    weights: Weights, old: Vocabulary, new: Vocabulary, network: NetworkSettings
) -> dict[str, NDArray[np.float32]]:
    """Adapt ``weights`` of a network over ``old`` to ``network``, which is over ``new``.

    A character that is not in ``old`` gets the mean vector of all others and the bias of the least
    likely one, so that the network at first reads it as an average and hardly ever writes it.

    Args:
        weights: by the names of `abclm.model.checkpoint.weights.weight_shapes`.
        old: the vocabulary of the weights.
        new: a vocabulary with all characters of ``old``.
        network: the new network, which differs only in the size of its vocabulary.

    Raises:
        TrainingError: ``new`` lacks a character of ``old``.
    """
    missing = sorted(set(old.characters).difference(new.characters))
    if missing:
        raise TrainingError(f"the vocabulary must keep {''.join(missing)!r}")
    # The index of each old id among the new ids; the end of a tune is 0 in both.
    places = np.array([0, *new.encode("".join(old.characters))])
    result = dict(weights)
    result["embedding/embeddings"] = _rows(weights["embedding/embeddings"], places, new.size)
    kernel, bias = weights["dense/kernel"], weights["dense/bias"]
    result["dense/kernel"] = _rows(kernel.T, places, new.size).T.copy()
    result["dense/bias"] = np.full(new.size, bias.min(), np.float32)
    result["dense/bias"][places] = bias
    columns = CueReader.sizes(new.size, network.cues)
    before = CueReader.sizes(old.size, network.cues)
    for column in columns:
        if columns[column] != before[column]:
            # A column of characters.
            name = f"{column}/embeddings"
            result[name] = _rows(weights[name], places, new.size)
    for table in direct_tables(new.size, columns) if network.direct else ():
        # An unknown character is no more forbidden than the others are on average.
        rows = _rows(weights[table.weight].T, places, new.size).T
        if table.characters[0]:
            rows = _rows(rows.reshape(old.size, -1), places, new.size)
        result[table.weight] = rows.reshape(table.rows, new.size)
    return result


def _rows(old: NDArray[np.float32], places: NDArray[np.intp], size: int) -> NDArray[np.float32]:
    """``size`` rows: those of ``old`` at the indices ``places``, and their mean elsewhere."""
    rows = np.tile(old.mean(axis=0), (size, 1)).astype(np.float32)
    rows[places] = old
    return rows
