"""Means and entropies of what may be empty."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from statistics import fmean

__all__ = ["UNKNOWN", "entropy", "known", "mean"]

UNKNOWN = math.nan
"""The value of a feature that a tune has nothing to measure by."""


def mean(values: Iterable[float]) -> float:
    """The mean; `UNKNOWN` of nothing."""
    found = list(values)
    return fmean(found) if found else UNKNOWN


def known(value: float | None) -> float:
    """``value``, or `UNKNOWN` for None."""
    return UNKNOWN if value is None else value


def entropy(values: Iterable[Hashable]) -> float:
    """Of the frequencies of ``values``, in bits; 0 of nothing."""
    counts = Counter(values)
    total = counts.total()
    return -sum(count / total * math.log2(count / total) for count in counts.values())
