"""A network in training: its weights, its optimizer and the compiled steps."""

import itertools
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.errors import TrainingError
from abclm.model.cues.reader import CueReader
from abclm.model.settings import NetworkSettings, TrainingSettings
from abclm.model.training.backend import Fit, Steps, import_keras
from abclm.model.training.network import build_network, dict_to_weights, weights_to_dict
from abclm.model.training.repertoire import ReadTune
from abclm.model.training.training_state import TrainingPosition, load_state, save_state
from abclm.model.training.windows import WindowBatch, evaluation_batches
from abclm.model.training.workers import Rank, Workers

__all__ = ["Learner", "seconds_a_step"]

_EVALUATED_TOGETHER = 32768
"""Characters in a batch for evaluation, which keeps no gradients, so it may be a large one."""
_TRIED_CHARACTERS = 64
_TRIES = 3
"""The size of the steps that are timed, and how many."""
_SEEDS_APART = 2**42
"""Larger than any seed, so that no two processes draw the same dropout."""


class Learner:
    """A network in training.

    Args:
        network: its shape.
        training: the training settings, with a precision other than `auto`.
        batch_size: rows of every training batch.
        workers: the processes that train together; only this one by default.

    Raises:
        TrainingError: several processes cannot carry states from batch to batch.
    """

    def __init__(
        self,
        network: NetworkSettings,
        training: TrainingSettings,
        batch_size: int,
        workers: Workers | None = None,
    ) -> None:
        keras = import_keras()
        self._workers = workers or Workers(Rank())
        stateful = training.windows == "contiguous"
        if stateful and self._workers.place.count > 1:
            raise TrainingError("contiguous windows are read by one process: unset TF_CONFIG")
        self._network = build_network(
            network,
            seed=training.seed,
            precision=training.precision,
            stateful=stateful,
            batch_size=batch_size if stateful else None,
        )
        # A stateful network has a fixed batch size, and carries states from tune to tune.
        self._evaluated = (
            build_network(network, precision=training.precision)
            if stateful or training.average
            else self._network
        )
        self._optimizer = keras.optimizers.Adam(
            training.learning_rate,
            global_clipnorm=training.clip_norm,
            weight_decay=training.weight_decay or None,
        )
        self._optimizer.build(self._network.trainable_variables)
        self._steps = Steps(
            self._network,
            self._optimizer,
            self._evaluated,
            average=training.average,
            focal_gamma=training.focal_gamma if training.loss == "focal" else 0.0,
            workers=self._workers,
        )

    @property
    def parameters(self) -> int:
        """The number of trainable parameters."""
        return sum(weight.size for weight in self.weights().values())

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """The current weights, averaged if they are, by the names of `weight_shapes`."""
        weights = weights_to_dict(self._network)
        if not self._steps.averages:
            return weights
        convert = import_keras().ops.convert_to_numpy
        means = (np.array(convert(mean), np.float32) for mean in self._steps.averages)
        return dict(zip(weights, means, strict=True))

    def start_from(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Set the initial weights; those without a name in ``weights`` stay random."""
        dict_to_weights(self._network, weights)
        for mean, weight in zip(
            self._steps.averages, self._network.trainable_variables, strict=False
        ):
            mean.assign(weight)

    def start_together(self) -> None:
        """Copy the state of the first process, with different dropout in each process."""
        place = self._workers.place
        if place.count == 1:
            return
        convert = import_keras().ops.convert_to_numpy
        variables = [variable for _, variable in self._state_variables()]
        flat = np.concatenate([np.array(convert(item), np.float64).ravel() for item in variables])
        flat = self._workers.tell_numbers(flat)
        ends = np.cumsum([math.prod(variable.shape) for variable in variables])
        for variable, values in zip(variables, np.split(flat, ends[:-1]), strict=True):
            variable.assign(values.reshape(variable.shape).astype(variable.dtype))
        for layer in self._network.layers:
            # A layer that leaves nothing out has no generator.
            generator = getattr(layer, "seed_generator", None)
            if generator:
                seed = generator.state
                seed.assign(seed + np.array([place.number * _SEEDS_APART, 0]))

    def learn(self, batch: WindowBatch, learning_rate: float) -> Fit:
        """Take one step, and return how well its characters were predicted before the update."""
        return self._steps.train(batch, learning_rate)

    def forget_state(self) -> None:
        """Reset a carried state to zero for a new epoch, which has the tunes in another order."""
        for layer in self._network.layers:
            if getattr(layer, "stateful", False):
                layer.reset_state()

    def measure(self, tunes: Sequence[ReadTune]) -> Fit | None:
        """Evaluate whole ``tunes``, ends included; None if there are none.

        The state is zero at each tune's first character, and the first input is `END_OF_TUNE`. The
        result is of all characters together.
        """
        if not tunes:
            return None
        if self._evaluated is not self._network:
            dict_to_weights(self._evaluated, self.weights())
        place = self._workers.place
        batches = itertools.islice(
            evaluation_batches(tunes, _EVALUATED_TOGETHER), place.number, None, place.count
        )
        own = [self._steps.evaluate(batch) for batch in batches]
        nats, right = self._workers.totals([sum(part) for part in zip(*own, strict=True)] or [0, 0])
        characters = sum(len(tune) + 1 for tune in tunes)
        return Fit(nats / characters, right / characters)

    def save(self, path: Path, position: TrainingPosition, identity: dict[str, Any]) -> None:
        """Write everything needed to continue from ``position`` to the file ``path``."""
        save_state(path, self._state_variables(), position, identity)

    def load(self, path: Path, identity: dict[str, Any]) -> TrainingPosition:
        """Restore the state in the file ``path``."""
        return load_state(path, self._state_variables(), identity)

    def _state_variables(self) -> list[tuple[str, Any]]:
        """Weights and dropout seeds, carried states, the optimizer's variables, and averages."""
        # Keras does not list the states of a stateful layer among the variables of its model.
        carried = [
            state
            for layer in self._network.layers
            if getattr(layer, "stateful", False)
            for state in layer.states
        ]
        groups = {
            "network": self._network.variables,
            "carried": carried,
            "optimizer": self._optimizer.variables,
            "average": [*self._steps.averages, self._steps.averaged],
        }
        return [
            (f"{name}/{index:03}", variable)
            for name, variables in groups.items()
            for index, variable in enumerate(variables)
        ]


def seconds_a_step(network: NetworkSettings, training: TrainingSettings, batch_size: int) -> float:
    """Measure a short training step, compiled and warm, in the precision of ``training``.

    Args:
        network: the shape of the network.
        training: the training settings.
        batch_size: rows of the batch, each of `_TRIED_CHARACTERS`.
    """
    learner = Learner(network, replace(training, windows="random", average=0.0), batch_size)
    shape = (batch_size, _TRIED_CHARACTERS)
    columns = len(CueReader.sizes(network.vocabulary_size, network.cues))
    zeros = np.zeros(shape, np.int32)
    batch = WindowBatch(
        zeros, np.zeros((*shape, columns), np.int32), zeros, np.ones(shape, np.bool_)
    )
    learner.learn(batch, 0.0)
    start = time.perf_counter()
    for _ in range(_TRIES):
        learner.learn(batch, 0.0)
    return (time.perf_counter() - start) / _TRIES
