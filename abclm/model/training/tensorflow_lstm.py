"""An LSTM layer that is faster than Keras' own on a processor, with equal results.

Keras leaves the gradient of the loop over time to TensorFlow, which multiplies by a transposed
matrix at every step (slow on a processor) and sums the gradient of the recurrent kernel step by
step. Here the gradient is written out: each product that does not depend on the previous step is
one large product over all steps. Inside the loop, features come first, `(features, batch)`, so that
no matrix is transposed and a gate is a contiguous slice.

Imported only by `backend`, after TensorFlow. Names: `time` steps, `batch` rows, `units` u, `inputs`
features; gates in Keras' order input, forget, cell, output.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from abclm.model.training.tensorflow_loops import Tensor, array_of, flatten, shifted, unflatten

__all__ = ["ProcessorLSTM"]


class ProcessorLSTM(keras.layers.LSTM):  # type: ignore[misc]
    """`keras.layers.LSTM` with its default activations, returning sequences, without masks."""

    def inner_loop(
        self, sequences: Tensor, initial_state: Sequence[Tensor], **_: Any
    ) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Return the last output, all outputs `(batch, time, units)`, and the last state."""
        cell = self.cell
        weights = (cell.kernel, cell.recurrent_kernel, cell.bias)
        hidden, carry = initial_state
        outputs, last_carry = _lstm(
            sequences, hidden, carry, *(tf.convert_to_tensor(weight) for weight in weights)
        )
        outputs.set_shape((sequences.shape[0], sequences.shape[1], self.units))
        last = outputs[:, -1]
        return last, outputs, [last, last_carry]


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _lstm(  # noqa: PLR0917 - a custom gradient belongs to positional arguments
    values: Tensor, hidden: Tensor, carry: Tensor, kernel: Tensor, recurrent: Tensor, bias: Tensor
) -> tuple[tuple[Tensor, Tensor], Callable[..., tuple[Tensor, ...]]]:
    """Outputs `(batch, time, units)` and the last cell state `(batch, units)`; their gradient."""
    first_hidden, first_carry = tf.transpose(hidden), tf.transpose(carry)
    flat = flatten(tf.transpose(values, (1, 0, 2)))
    batch, time = tf.shape(values)[0], tf.shape(values)[1]
    products = unflatten(tf.matmul(flat, kernel) + bias, time, batch)
    outputs, gates, carries = _forward(
        tf.transpose(products, (0, 2, 1)), first_hidden, first_carry, tf.transpose(recurrent)
    )

    def gradient(d_outputs: Tensor, d_carry: Tensor) -> tuple[Tensor, ...]:
        d_gates, d_hidden, d_first_carry = _backward(
            tf.transpose(d_outputs, (1, 2, 0)),
            tf.transpose(d_carry),
            gates,
            carries=carries,
            carries_before=shifted(carries, first_carry),
            recurrent=recurrent,
        )
        d_flat = flatten(tf.transpose(d_gates, (0, 2, 1)))
        before = tf.transpose(shifted(outputs, first_hidden), (1, 0, 2))
        d_values = unflatten(tf.matmul(d_flat, tf.transpose(kernel)), time, batch)
        return (
            tf.transpose(d_values, (1, 0, 2)),
            tf.transpose(d_hidden),
            tf.transpose(d_first_carry),
            tf.matmul(flat, d_flat, transpose_a=True),
            tf.matmul(tf.reshape(before, (recurrent.shape[0], -1)), d_flat),
            tf.reduce_sum(d_flat, axis=0),
        )

    return (tf.transpose(outputs, (2, 0, 1)), tf.transpose(carries[-1])), gradient


def _forward(
    products: Tensor, hidden: Tensor, carry: Tensor, transposed: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Outputs, activated gates, and cell states of all steps, `(time, …, batch)`."""
    time = tf.shape(products)[0]
    steps = array_of(products)

    def step(
        t: Tensor, hidden: Tensor, carry: Tensor, *arrays: Any
    ) -> tuple[Tensor, Tensor, Tensor, Any, Any, Any]:
        total = steps.read(t) + tf.matmul(transposed, hidden)
        i, f, c, o = tf.split(total, 4)
        i, f, c, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(c), tf.sigmoid(o)
        carry = f * carry + i * c
        hidden = o * tf.tanh(carry)
        now = (hidden, tf.concat([i, f, c, o], axis=0), carry)
        written = [array.write(t, value) for array, value in zip(arrays, now, strict=True)]
        return t + 1, hidden, carry, *written

    arrays = [tf.TensorArray(products.dtype, time) for _ in range(3)]
    start = (tf.constant(0), hidden, carry, *arrays)
    _, _, _, *arrays = tf.while_loop(lambda t, *_: t < time, step, start)
    outputs, gates, carries = (array.stack() for array in arrays)
    return outputs, gates, carries


def _backward(
    d_outputs: Tensor,
    d_carry: Tensor,
    gates: Tensor,
    *,
    carries: Tensor,
    carries_before: Tensor,
    recurrent: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of all steps' gates before activation, and of the first state."""
    time = tf.shape(d_outputs)[0]
    outputs_at, gates_at = array_of(d_outputs), array_of(gates)
    carry_at, before_at = array_of(carries), array_of(carries_before)

    def step(
        t: Tensor, d_hidden: Tensor, d_carry: Tensor, array: Any
    ) -> tuple[Tensor, Tensor, Tensor, Any]:
        d_hidden += outputs_at.read(t)
        i, f, c, o = tf.split(gates_at.read(t), 4)
        squashed = tf.tanh(carry_at.read(t))
        d_carry += d_hidden * o * (1 - squashed * squashed)
        d_total = tf.concat(
            [
                d_carry * c * i * (1 - i),
                d_carry * before_at.read(t) * f * (1 - f),
                d_carry * i * (1 - c * c),
                d_hidden * squashed * o * (1 - o),
            ],
            axis=0,
        )
        return t - 1, tf.matmul(recurrent, d_total), d_carry * f, array.write(t, d_total)

    start = (time - 1, tf.zeros_like(d_carry), d_carry, tf.TensorArray(gates.dtype, time))
    _, d_hidden, d_carry, array = tf.while_loop(lambda t, *_: t >= 0, step, start)
    return array.stack(), d_hidden, d_carry
