"""Exchanges numbers between processes that train together, by TensorFlow's collective operations.

The variables are ordinary ones of each process, not the mirrored ones of a strategy's scope: the
sums are the same everywhere, and so is every update that follows from them. (`model.fit` under
the same strategy fails inside Keras 3: it cannot convert a `PerReplica`.)
"""

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.errors import TrainingError
from abclm.model.training.backend import import_keras
from abclm.model.training.workers import Rank, Workers, await_others, read_place

__all__ = ["join_workers"]

_PATIENCE = 600.0
"""Seconds to wait until the other processes have been started."""


def join_workers(patience: float = _PATIENCE) -> Workers:
    """Join the processes that train together, as soon as all of them can be reached.

    It must be called before anything is computed.

    Args:
        patience: seconds to wait for the others.

    Raises:
        InputError: `TF_CONFIG` is not as TensorFlow documents it.
        TrainingError: the others cannot be reached.
    """
    place = read_place()
    if place.count == 1:
        return Workers(place)
    await_others(place, patience)
    return TensorFlowWorkers(place)


class TensorFlowWorkers(Workers):
    """One process among several.

    Args:
        place: the rank of this process; all others can be reached.

    Raises:
        TrainingError: the others cannot be joined, or something has been computed before.
    """

    def __init__(self, place: Rank) -> None:
        super().__init__(place)
        import_keras()
        import tensorflow as tf  # noqa: PLC0415 - heavy: only training pays for it

        self._tf = tf
        # One replica in each process; CUDA_VISIBLE_DEVICES selects its GPU.
        tf.config.set_visible_devices(tf.config.list_physical_devices("GPU")[:1], "GPU")
        try:
            self._strategy = tf.distribute.MultiWorkerMirroredStrategy()
        except (RuntimeError, ValueError, tf.errors.OpError) as error:
            reason = str(error).partition("\n")[0]
            raise TrainingError(f"the processes cannot train together: {reason}") from error
        self._total = tf.function(lambda vector: self.add_up([vector])[0])

    def tell(self, value: Any) -> Any:
        """Broadcast the length of the JSON text, then its bytes."""
        data = np.frombuffer(json.dumps(value).encode(), np.uint8)
        size = int(self.totals([len(data) if self.place.chief else 0])[0])
        received = self.tell_numbers(data if self.place.chief else np.zeros(size, np.uint8))
        return json.loads(received.tobytes())

    def tell_numbers(self, values: NDArray[Any]) -> NDArray[Any]:
        """Sum the first process' numbers and the zeros of the others."""
        # A float64 holds every float32, and whole numbers up to 2**53.
        own = values if self.place.chief else np.zeros_like(values)
        vector = own.astype(np.float64).ravel()
        return np.array(self.totals(vector)).astype(values.dtype).reshape(values.shape)

    def totals(self, numbers: Sequence[float] | NDArray[np.float64]) -> list[float]:
        """Sum outside a step."""
        vector = self._tf.constant(np.asarray(numbers, np.float64))
        with self.reaching_others():
            sums: list[float] = self._total(vector).numpy().tolist()
        return sums

    def part(self) -> None:
        """Take part in a last sum; a process that has it may exit before the others have it."""
        with contextlib.suppress(TrainingError):
            self.totals([0])

    def add_up(self, tensors: list[Any]) -> list[Any]:
        """Sum inside a step."""
        distribute, identity = self._tf.distribute, self._tf.identity

        def add(*parts: Any) -> Any:
            # The identity puts each part on this process' device, where all_reduce expects it.
            here = [identity(part) for part in parts]
            return distribute.get_replica_context().all_reduce(distribute.ReduceOp.SUM, here)

        return list(self._strategy.run(add, args=tuple(tensors)))

    @contextlib.contextmanager
    def reaching_others(self) -> Iterator[None]:
        """Translate TensorFlow's errors for a broken connection."""
        try:
            yield
        except self._tf.errors.OpError as error:
            raise TrainingError(
                "another process can no longer be reached: what was saved before is kept; "
                "start all of them again with --resume"
            ) from error
