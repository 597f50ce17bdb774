"""Attention over the last outputs of the top layer, in numpy.

At each character, every head compares the output's query with the keys of the last outputs, the
present one included, and adds the mean of their values, weighted by softmax, to the output (Vaswani
et al. 2017, scaled dot products):

    a[t, s] = softmax over s of q[t] k[s] / sqrt(size) + d[t - s]     for 0 <= t - s < span
    y[t] = h[t] + O (sum over s of a[t, s] v[s])                      heads side by side

``d`` is a learned number for each head and distance (Shaw et al. 2018 and Raffel et al. 2020 learn
such terms, too). The outputs of a recurrent layer know where in the tune they stand, but a tune
repeats itself at certain distances, bars and phrases back, which a head can prefer in this way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from abclm.decoding.cells import Array, product, shaped

__all__ = ["Attention", "Past"]


class _Log:
    """Keys and values that several `Past` share; what was appended never changes."""

    __slots__ = ("entries", "used")

    def __init__(self, entries: Array) -> None:
        self.entries = entries
        self.used = 0


@dataclass(frozen=True, slots=True)
class Past:
    """The last keys and values of one tune. Immutable: appending gives a new one.

    The entries stand in a log with room for two spans. The log is shared by all states of a tune:
    the newest one appends to it in place; an older one, from which the tune continues in another
    way, first copies the last span. So a step copies one entry on average, and a copy of a state
    none.
    """

    log: _Log
    """The log, entries of shape ``(2, heads, 2 * span, size)``: keys and values."""
    end: int
    """The number of entries of the log that belong to this tune."""

    def appended(self, entries: Array) -> "Past":
        """The past with ``entries`` appended, shape ``(2, heads, time, size)``, time <= span."""
        log, start, time = self.log, self.end, entries.shape[2]
        if start != log.used or start + time > log.entries.shape[2]:
            kept = min(start, log.entries.shape[2] // 2)
            new = _Log(np.empty_like(log.entries))
            new.entries[:, :, :kept] = log.entries[:, :, start - kept : start]
            log, start = new, kept
        log.entries[:, :, start : start + time] = entries
        log.used = start + time
        return Past(log, log.used)


class Attention:
    """The heads of attention of a network.

    Args:
        weights: the weights of the network, those named ``attention/…`` among them.
        units: the units of its layers.
        dtype: float32 or float64.

    Raises:
        KeyError: a weight is missing.
        ValueError: a weight has the wrong shape.
    """

    def __init__(self, weights: Mapping[str, Array], units: int, dtype: DTypeLike) -> None:
        self._dtype = np.dtype(dtype)
        distance = weights["attention/distance"]
        self._heads, self._span = distance.shape
        self._size = units // self._heads
        query, key, value, output = (
            shaped(weights[f"attention/{part}"], (units, units))
            for part in ("query", "key", "value", "output")
        )
        # One product for all three; the scale of the scores is folded into the query.
        parts = [query.astype(np.float64) / self._size**0.5, key, value]
        self._kernel = np.concatenate(parts, axis=1).astype(self._dtype)
        self._output = np.ascontiguousarray(output, self._dtype)
        # The oldest entry first, as in a past.
        self._distance = np.ascontiguousarray(distance[:, ::-1], self._dtype)

    def start(self) -> Past:
        """The past of a tune before its first character: empty."""
        shape = (2, self._heads, 2 * self._span, self._size)
        return Past(_Log(np.empty(shape, self._dtype)), 0)

    def read(self, outputs: Array, pasts: Sequence[Past]) -> tuple[Past, ...]:
        """Append ``outputs`` to the pasts, shape ``(time, batch, units)``, without attending."""
        last = outputs[-self._span :]
        both = last @ self._kernel[:, last.shape[2] :]
        both = both.reshape(*last.shape[:2], 2, self._heads, self._size)
        entries = both.transpose(1, 2, 3, 0, 4)
        return tuple(past.appended(entry) for past, entry in zip(pasts, entries, strict=True))

    def step(self, outputs: Array, pasts: Sequence[Past]) -> tuple[Array, tuple[Past, ...]]:
        """Attend to the pasts and the present outputs.

        Args:
            outputs: shape ``(batch, units)``.
            pasts: one for each tune of the batch.

        Returns:
            The outputs with what was found added, of the same shape, and the new pasts.
        """
        batch, units = outputs.shape
        all_three = np.empty((batch, 3 * units), self._dtype)
        product(outputs, self._kernel, all_three)
        split = all_three.reshape(batch, 3, self._heads, self._size)
        found = np.empty((batch, self._heads, self._size), self._dtype)
        new: list[Past] = []
        for row, past, target in zip(split, pasts, found, strict=True):
            grown = past.appended(row[1:, :, None])
            new.append(grown)
            self._attend(row[0], grown, target)
        added = product(found.reshape(batch, units), self._output, np.empty_like(outputs))
        added += outputs
        return added, tuple(new)

    def _attend(self, query: Array, past: Past, out: Array) -> None:
        """Write the weighted mean of the values to ``out``, all of shape ``(heads, size)``."""
        start = max(0, past.end - self._span)
        keys, values = past.log.entries[:, :, start : past.end]
        scores = np.matmul(keys, query[:, :, None])[:, :, 0]
        scores += self._distance[:, self._span - scores.shape[1] :]
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        np.matmul(scores[:, None], values, out=out[:, None])
