"""From logits to a character: mask, temperature, top-k, top-p, and one random number."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.errors import InputError

__all__ = ["Choice", "Sampling", "choose"]

_COLDEST = 1e-4
"""Temperatures between 0 and this are raised to it, where only exact ties are left to chance."""

_SUM_ROUNDING = 1e-12
"""Tolerance in a nucleus' probability: ten times 0.1 must count as 1."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Sampling:
    """How the next character is drawn from the model's probabilities."""

    temperature: float = 1.0
    """Below 1 safer, above 1 bolder; 0 always takes the likeliest character (greedy)."""
    top_k: int | None = None
    """Draw only from this number of the likeliest characters."""
    top_p: float | None = None
    """Draw from the fewest likeliest characters that together have this probability (nucleus)."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature >= 0):
            raise InputError(f"temperature must be 0 (greedy) or more, not {self.temperature:g}")
        if self.top_k is not None and self.top_k < 1:
            raise InputError(f"top-k must be 1 or more, not {self.top_k}")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise InputError(f"top-p must be above 0 and at most 1, not {self.top_p:g}")


@dataclass(frozen=True, slots=True)
class Choice:
    """The characters drawn for a batch of tunes; each array has shape ``(batch,)``.

    Attributes:
        ids: the ids that were drawn.
        log2_probabilities: of ``ids`` under the model itself: temperature 1, no cuts, no mask.
        removed: the probability of all ids that the mask forbids, at the sampling's temperature (at
            1 if greedy).
        certain: whether logits off by as much as the tolerance would give the same ``ids``.
    """

    ids: NDArray[np.intp]
    log2_probabilities: Floats
    removed: Floats
    certain: Flags


def choose(
    logits: NDArray[Any],
    sampling: Sampling,
    uniforms: Floats,
    allowed: Flags | None = None,
    tolerance: float = 0.0,
    *,
    bias: Floats | None = None,
) -> Choice:
    """Draw one character for each tune of a batch.

    The mask comes first, then the temperature, top-k, and top-p of what is left. A uniform random
    number picks from the rest, renormalised, with the ids in ascending order. Where logits tie, the
    lowest id ranks first.

    Args:
        logits: shape ``(batch, vocabulary)``.
        sampling: temperature, top-k and top-p.
        uniforms: a random number in [0, 1) for each tune, shape ``(batch,)``.
        allowed: the ids that may be drawn, shape ``(batch, vocabulary)`` or ``(vocabulary,)``.
        tolerance: the most that each logit may differ from its true value.
        bias: what is added to the logits before the temperature, of the same shape; the
            probabilities returned are those without it.

    Raises:
        InputError: the mask forbids every id.
    """
    wide: Floats = logits.astype(np.float64)
    wide -= wide.max(axis=1, keepdims=True)
    own: Floats = np.exp(wide)
    scale = max(sampling.temperature, _COLDEST) if sampling.temperature else 1.0
    scaled: Floats = wide if scale == 1.0 else wide / scale
    weights: Floats = own if scale == 1.0 else np.exp(scaled)
    removed: Floats = np.zeros(len(wide))
    if allowed is not None:
        removed = _removed(weights, allowed)
        scaled = _masked(scaled, allowed)
        weights = np.exp(scaled)
    if bias is not None:
        scaled = scaled + bias / scale
        scaled -= scaled.max(axis=1, keepdims=True)
        weights = np.exp(scaled)
    slack = math.expm1(2 * tolerance / scale)
    if sampling.temperature:
        ids, certain = _draw(scaled, weights, sampling, uniforms, slack)
    else:
        ids, certain = scaled.argmax(axis=1), _alone(scaled, slack)
    natural: Floats = wide[np.arange(len(wide)), ids] - np.log(own.sum(axis=1))
    return Choice(ids, natural / math.log(2), removed, certain)


def _removed(weights: Floats, allowed: Flags) -> Floats:
    removed: Floats = np.where(allowed, 0.0, weights).sum(axis=1) / weights.sum(axis=1)
    return removed


def _masked(scaled: Floats, allowed: Flags) -> Floats:
    """``scaled`` with minus infinity for forbidden ids and 0 for the likeliest allowed id."""
    masked: Floats = np.where(allowed, scaled, -np.inf)
    top = masked.max(axis=1, keepdims=True)
    if np.isneginf(top).any():
        raise InputError("the model knows none of the characters allowed here")
    masked -= top
    return masked


def _draw(
    scaled: Floats, weights: Floats, sampling: Sampling, uniforms: Floats, slack: float
) -> tuple[NDArray[np.intp], Flags]:
    certain: Flags = np.ones(len(weights), np.bool_)
    if _cuts(sampling, weights.shape[1]):
        weights, certain = _cut(scaled, weights, sampling, slack)
    cumulative: Floats = weights.cumsum(axis=1)
    # A number below 1 times the total rounds to less than the total, so one entry is above it.
    target: Floats = uniforms[:, None] * cumulative[:, -1:]
    ids = (cumulative > target).argmax(axis=1)
    if slack:
        certain &= _clear_of_borders(cumulative, target, slack)
    return ids, certain


def _clear_of_borders(borders: Floats, points: Floats, slack: float) -> Flags:
    """Whether each row's ``points`` are further from all its ``borders`` than rounding moves those.

    The worst that errors of up to d do to a cumulative probability c is to add d to all logits
    below the border and take d from the others, or the reverse. That moves the border along a
    logistic curve, dc/dt = c (1 - c), for a time 2 d: by at most (exp(2 d) - 1) c (1 - c), and
    ``slack`` is the first factor. Here c is a border as a share of the last one.
    """
    total = borders[:, -1:]
    distance: Floats = np.abs(borders - points)
    if distance.min() > slack * total.max():
        return np.ones(len(borders), np.bool_)
    clear: Flags = np.logical_and.reduce(
        distance * total >= slack * borders * (total - borders), axis=1
    )
    return clear


def _alone(scaled: Floats, slack: float) -> Flags:
    """Whether each row's largest value leads by more than ``slack``."""
    top = scaled.max(axis=1, keepdims=True)
    near: NDArray[np.intp] = (scaled >= top - slack).sum(axis=1)
    alone: Flags = near == 1
    return alone if slack else np.ones(len(scaled), np.bool_)


def _cuts(sampling: Sampling, size: int) -> bool:
    top_k, top_p = sampling.top_k, sampling.top_p
    return (top_k is not None and top_k < size) or (top_p is not None and top_p < 1)


def _cut(scaled: Floats, weights: Floats, sampling: Sampling, slack: float) -> tuple[Floats, Flags]:
    """``weights`` with zeros outside the top-k and nucleus sets, and whether those are certain."""
    batch, size = weights.shape
    rows = np.arange(batch)[:, None]
    order = (-scaled).argsort(axis=1, kind="stable")
    ranked: Floats = weights[rows, order]
    most = min(sampling.top_k or size, size)
    ranked[:, most:] = 0.0
    kept: NDArray[np.intp] = np.full(batch, most)
    certain: Flags = np.ones(batch, np.bool_)
    if sampling.top_p is not None and sampling.top_p < 1:
        mass: Floats = ranked.cumsum(axis=1)
        wanted: Floats = (sampling.top_p - _SUM_ROUNDING) * mass[:, -1:]
        kept = np.minimum((mass < wanted).sum(axis=1) + 1, most)
        ranked[np.arange(size) >= kept[:, None]] = 0.0
        if slack:
            certain &= _clear_of_borders(mass, wanted, slack)
    if slack:
        certain &= _clear_cut(scaled[rows, order], kept, slack)
    result: Floats = np.empty_like(weights)
    result[rows, order] = ranked
    return result, certain


def _clear_cut(ranked: Floats, kept: NDArray[np.intp], slack: float) -> Flags:
    """Whether the last kept value leads the first one cut by more than ``slack``."""
    rows = np.arange(len(ranked))
    walled = np.concatenate([ranked, np.full((len(ranked), 1), -np.inf)], axis=1)
    inside, outside = walled[rows, kept - 1], walled[rows, kept]
    clear: Flags = np.isneginf(outside) | np.greater(inside, outside + slack)
    return clear
