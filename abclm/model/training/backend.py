"""The library under Keras: its import, the hardware, and the compiled steps.

It is TensorFlow today. Everything else in this room is written in pure Keras, so another library
only needs another `Steps` here. Faster layers (`tensorflow_lstm`, `tensorflow_gru`) and training in
several processes (`tensorflow_workers`) are optional.
"""

import contextlib
import logging
import math
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from abclm.errors import MissingExtraError
from abclm.model.settings import Cell, Precision
from abclm.model.training.windows import WindowBatch
from abclm.model.training.workers import Workers

__all__ = ["Fit", "PrecisionChoice", "Steps", "choose_precision", "import_keras", "recurrent_layer"]

_AVERAGE_OVER = 10.0
"""At step n the average covers about the last n/10 steps, and never more than 1 / (1 - average)."""
_BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})
_LEAST_WRONG = 1e-6
"""The least 1 - p in a focal weight, whose gradient would be infinite at 0 for a gamma below 1."""


class Fit(NamedTuple):
    """How well a network predicts some characters."""

    nats: float
    """Their mean cross entropy in nats."""
    accuracy: float
    """The share of them that the network thought the likeliest."""

    @property
    def bits(self) -> float:
        """The mean cross entropy in bits per character."""
        return self.nats / math.log(2)


@dataclass(frozen=True)
class PrecisionChoice:
    """A number type to train in, and the reason for it."""

    precision: Precision
    """`float32` or `mixed_bfloat16`."""
    reason: str
    """A few words for the user."""


def import_keras() -> Any:
    """Import keras with TensorFlow as its backend.

    Raises:
        MissingExtraError: TensorFlow or Keras is not installed.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _silent_stderr():
            import tensorflow  # noqa: F401, ICN001, PLC0415 - heavy: only training pays for it
        import keras  # noqa: PLC0415 - as above
    except ImportError as error:
        raise MissingExtraError("abclm train", "TensorFlow", "train") from error
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    return keras


def choose_precision(
    precision: Precision,
    measure: Callable[[Precision], float],
    cpuinfo: Path = Path("/proc/cpuinfo"),
) -> PrecisionChoice:
    """Choose `float32` or `mixed_bfloat16`: the requested type, or the faster one here.

    A processor that computes with bfloat16 may still be faster in float32, for which there is a
    layer of our own; so on such a processor both are measured.

    Args:
        precision: the requested type.
        measure: returns the seconds of a step in a number type.
        cpuinfo: the file with the processor's flags.
    """
    if precision != "auto":
        return PrecisionChoice(precision, "as asked for")
    gpu = _gpu_with_bfloat16()
    if gpu is not None:
        choice: Precision = "mixed_bfloat16" if gpu else "float32"
        return PrecisionChoice(choice, f"the GPU computes {'with' if gpu else 'without'} bfloat16")
    found = sorted(_BFLOAT16_FLAGS.intersection(_cpu_flags(cpuinfo)))
    if found:
        types: tuple[Precision, ...] = ("float32", "mixed_bfloat16")
        seconds = {name: measure(name) for name in types}
        faster = min(types, key=seconds.__getitem__)
        timings = ", ".join(f"{name} {seconds[name] * 1000:.0f} ms" for name in types)
        return PrecisionChoice(faster, f"a short step here takes: {timings}")
    return PrecisionChoice("float32", "the processor does not compute with bfloat16")


def recurrent_layer(cell: Cell, precision: Precision) -> Any:
    """The fastest layer class of a cell here; on a GPU Keras' own, which uses the GPU's kernels."""
    keras = import_keras()
    if precision != "float32" or _gpus():
        return {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[cell]
    from abclm.model.training.tensorflow_gru import ProcessorGRU  # noqa: PLC0415 - imports TensorFlow
    from abclm.model.training.tensorflow_lstm import ProcessorLSTM  # noqa: PLC0415 - as above

    return {"lstm": ProcessorLSTM, "gru": ProcessorGRU}[cell]


class Steps:
    """The compiled steps of training and evaluation.

    Args:
        network: a built Keras model, from ids and cues to logits.
        optimizer: a Keras optimizer, built for the network's weights.
        evaluated: the network for `evaluate`, if it is not ``network``.
        average: how much of the running average of the weights a step keeps; 0 for none.
        focal_gamma: the exponent of the focal loss; 0 for cross entropy.
        workers: the processes that sum their gradients.
    """

    def __init__(
        self,
        network: Any,
        optimizer: Any,
        evaluated: Any | None = None,
        *,
        average: float = 0.0,
        focal_gamma: float = 0.0,
        workers: Workers,
    ) -> None:
        import tensorflow as tf  # noqa: PLC0415 - heavy: only training pays for it

        keras = import_keras()
        evaluated = evaluated or network
        entropy = keras.ops.sparse_categorical_crossentropy
        ids = tf.TensorSpec([None, None], tf.int32)
        batch = [
            ids,
            tf.TensorSpec([None, None, network.inputs[1].shape[2]], tf.int32),
            ids,
            tf.TensorSpec([None, None], tf.bool),
        ]
        weights = network.trainable_variables
        self.averages = [keras.Variable(weight, trainable=False) for weight in weights if average]
        """The running averages, in the order of the network's weights."""
        # The first averages cover few steps, or else they would keep the random initial weights.
        taken = keras.Variable(0, dtype="int64", trainable=False)
        self.averaged = taken
        """The number of steps that the averages cover."""

        def sum_of(values: Any, mask: Any) -> Any:
            return keras.ops.sum(keras.ops.where(mask, values, 0.0))

        def right(logits: Any, targets: Any, mask: Any) -> Any:
            likeliest = keras.ops.argmax(logits, axis=-1)
            hits = keras.ops.equal(keras.ops.cast(likeliest, "int32"), targets)
            return sum_of(keras.ops.cast(hits, "float32"), mask)

        def focal(losses: Any) -> Any:
            """The loss of each character, weighted by (1 - p) ** gamma."""
            wrong = keras.ops.maximum(-keras.ops.expm1(-losses), _LEAST_WRONG)
            return losses * wrong**focal_gamma

        whole = tf.TensorSpec([], tf.float32)

        @tf.function(input_signature=[*batch, whole])  # type: ignore[untyped-decorator]
        def train(inputs: Any, cues: Any, targets: Any, mask: Any, characters: Any) -> Any:
            with tf.GradientTape() as tape:
                logits = network([inputs, cues], training=True)
                losses = entropy(targets, logits, from_logits=True)
                nats = sum_of(losses, mask) / characters
                loss = sum_of(focal(losses), mask) / characters if focal_gamma else nats
            gradients = [tf.convert_to_tensor(part) for part in tape.gradient(loss, weights)]
            hits = right(logits, targets, mask) / characters
            *gradients, nats, hits = workers.add_up([*gradients, nats, hits])
            optimizer.apply(gradients, weights)
            if average:
                taken.assign_add(1)
                count = keras.ops.cast(taken, "float32")
                kept = keras.ops.minimum(average, count / (count + _AVERAGE_OVER))
                for mean, weight in zip(self.averages, weights, strict=True):
                    mean.assign(mean + (1 - kept) * (weight - mean))
            return nats, hits

        @tf.function(input_signature=batch)  # type: ignore[untyped-decorator]
        def evaluate(inputs: Any, cues: Any, targets: Any, mask: Any) -> Any:
            logits = evaluated([inputs, cues], training=False)
            losses = entropy(targets, logits, from_logits=True)
            return sum_of(losses, mask), right(logits, targets, mask)

        self._optimizer = optimizer
        self._workers = workers
        self._train = train
        self._evaluate = evaluate

    def train(self, batch: WindowBatch, learning_rate: float) -> Fit:
        """Take one step.

        With several processes, each reads its share of ``batch``, which all must be given.

        Returns:
            How well the batch's characters were predicted before the step, with dropout.
        """
        self._optimizer.learning_rate.assign(learning_rate)
        part = self._workers.share(batch)
        with self._workers.reaching_others():
            return Fit(
                *map(
                    float,
                    self._train(part.inputs, part.cues, part.targets, part.mask, batch.characters),
                )
            )

    def evaluate(self, batch: WindowBatch) -> tuple[float, float]:
        """Return the cross entropy of all characters of ``batch`` in nats, and how many are right.

        A character is right if the network thinks it the likeliest.
        """
        nats, right = self._evaluate(batch.inputs, batch.cues, batch.targets, batch.mask)
        return float(nats), float(right)


def _gpu_with_bfloat16() -> bool | None:
    """Whether the GPU computes with bfloat16 (from compute capability 8.0 on); None without one."""
    gpus = _gpus()
    if not gpus:
        return None
    import tensorflow as tf  # noqa: PLC0415 - heavy: only training pays for it

    capability = tf.config.experimental.get_device_details(gpus[0]).get("compute_capability")
    return bool(capability and capability >= (8, 0))


def _gpus() -> list[Any]:
    import_keras()
    import tensorflow as tf  # noqa: PLC0415 - heavy: only training pays for it

    return list(tf.config.list_physical_devices("GPU"))


def _cpu_flags(cpuinfo: Path) -> set[str]:
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    for line in text.splitlines():
        if line.startswith("flags"):
            return set(line.partition(":")[2].split())
    return set()


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Suppress TensorFlow's start-up messages, which precede its reading of the log level."""
    try:
        descriptor = sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):
        yield
        return
    sys.stderr.flush()
    saved = os.dup(descriptor)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), descriptor)
        yield
    finally:
        os.dup2(saved, descriptor)
        os.close(saved)
