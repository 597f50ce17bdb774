"""Means and entropies that accept empty input."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from statistics import fmean

__all__ = ["UNKNOWN", "entropy", "known", "mean"]

UNKNOWN = math.nan
"""The value of a feature that cannot be measured for a tune."""


def mean(values: Iterable[float]) -> float:
    """Return the mean; `UNKNOWN` without values."""
    found = list(values)
    return fmean(found) if found else UNKNOWN


def known(value: float | None) -> float:
    """Return ``value``, or `UNKNOWN` for None."""
    return UNKNOWN if value is None else value


def entropy(values: Iterable[Hashable]) -> float:
    """Return the entropy of the frequencies of ``values``, in bits; 0 without values."""
    counts = Counter(values)
    total = counts.total()
    return -sum(count / total * math.log2(count / total) for count in counts.values())
