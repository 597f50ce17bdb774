"""The weights that a run starts from, as far as they are not random."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from abclm.model.cues import CueReader
from abclm.model.direct import DirectTable, admitting_tables, direct_tables, first_tables
from abclm.model.repertoire import Repertoire
from abclm.model.settings import NetworkSettings
from abclm.model.windows import Stream

__all__ = ["admitting_weights", "first_weights"]


def first_weights(
    network: NetworkSettings, repertoire: Repertoire
) -> dict[str, NDArray[np.float32]]:
    """The weights of an untrained network that are not random, by the names of `weight_shapes`.

    They are the tables of direct connections, counted in every tune.
    """
    if not network.direct:
        return {}
    told, following = _told(repertoire)
    return first_tables(_tables(network), told, following, network.vocabulary_size)


def admitting_weights(
    weights: Mapping[str, NDArray[np.float32]],
    network: NetworkSettings,
    repertoire: Repertoire,
) -> dict[str, NDArray[np.float32]]:
    """``weights`` to go on from, their direct connections raised for what the tunes have.

    Args:
        weights: by the names of `weight_shapes`.
        network: whose they are.
        repertoire: the tunes to be learnt.
    """
    if not network.direct:
        return dict(weights)
    told, following = _told(repertoire)
    return {**weights, **admitting_tables(_tables(network), weights, told, following)}


def _tables(network: NetworkSettings) -> tuple[DirectTable, ...]:
    columns = CueReader.sizes(network.vocabulary_size, network.cues)
    return direct_tables(network.vocabulary_size, columns)


def _told(repertoire: Repertoire) -> tuple[list[NDArray[np.int32]], NDArray[np.int32]]:
    """What the network is given in every tune, and what follows."""
    stream = Stream.of(repertoire.tunes())
    return [stream.ids[:-1], *stream.cues[:-1].T], stream.ids[1:]
