"""What the recurrent layers of our own have in common: arrays over time, and their shapes.

Imported only by those layers, after TensorFlow.
"""

from typing import Any, TypeAlias

import tensorflow as tf

__all__ = ["Tensor", "array_of", "flatten", "shifted", "unflatten"]

Tensor: TypeAlias = Any


def array_of(values: Tensor) -> Any:
    """The steps of ``values``, `(time, …)`, to be read one by one."""
    return tf.TensorArray(values.dtype, tf.shape(values)[0]).unstack(values)


def shifted(values: Tensor, first: Tensor) -> Tensor:
    """The previous element at each step, `(time, …)`: ``first``, then all but the last."""
    return tf.concat([first[tf.newaxis], values[:-1]], axis=0)


def flatten(values: Tensor) -> Tensor:
    """All rows of all steps, `(time * batch, features)`."""
    return tf.reshape(values, (-1, values.shape[-1]))


def unflatten(values: Tensor, time: Tensor, batch: Tensor) -> Tensor:
    """The rows of `flatten` as `(time, batch, features)`."""
    return tf.reshape(values, (time, batch, values.shape[-1]))
