"""How like real tunes others are: the overlap of the densities of a feature in two sets of tunes.

The overlap area is the integral of the smaller of the two densities: 1 if they are the same, 0 if
no value occurs in both (Yang & Lerch, On the Evaluation of Generative Models in Music, 2020). They
compare the distances between tunes; here the features themselves are compared, because a model that
writes one average tune again and again is about as far from each real tune as those are from each
other, but its density is a spike.

Densities are estimated with Gaussian kernels, whose bandwidth follows Silverman's rule of thumb
(Density Estimation, 1986, equation 3.31) on the real tunes and is the same for both sets.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.evaluate.features.features import Features

__all__ = ["Likeness", "bandwidth", "density", "likeness", "overlap_area"]

Values = NDArray[np.float64]

_POINTS: Final = 2048
"""The fewest points of the grid on which densities are compared."""
_MARGIN: Final = 5.0
"""The number of bandwidths beyond the outermost values at which a density is zero."""

_RESOLUTION: Final = Features(0.5, 0.5, 0.05, (0.01,) * 12, (0.01,) * 14)
"""The least bandwidth of each feature; finer differences mean nothing."""


class Likeness(NamedTuple):
    """The overlap area of each feature, 0 to 1.

    The overlap of a histogram is the mean over its classes, weighted by their shares of the notes
    in both sets.
    """

    pitch_count: float
    pitch_range: float
    interval: float
    pitch_classes: float
    note_lengths: float

    @property
    def mean(self) -> float:
        """The mean over the five features."""
        return sum(self) / len(self)


def likeness(tunes: Sequence[Features], real: Sequence[Features]) -> Likeness:
    """Measure how like ``real`` tunes ``tunes`` are; neither may be empty."""
    return Likeness(
        *(
            _of_one_feature(
                np.array([tune[index] for tune in tunes], np.float64),
                np.array([tune[index] for tune in real], np.float64),
                np.atleast_1d(np.array(_RESOLUTION[index])),
            )
            for index in range(len(_RESOLUTION))
        )
    )


def overlap_area(first: Values, second: Values, width: float) -> float:
    """Return the integral of the smaller of two densities, 0 to 1.

    Args:
        first: values, shape ``(number,)``.
        second: values, shape ``(number,)``.
        width: the bandwidth of both densities.
    """
    both = np.concatenate([first, second])
    low, high = both.min() - _MARGIN * width, both.max() + _MARGIN * width
    # The grid follows the kernels: a narrow kernel over a wide range needs many points.
    points = np.linspace(low, high, max(_POINTS, int(8 * (high - low) / width)))
    smaller = np.minimum(density(first, points, width), density(second, points, width))
    return float(min(1.0, np.trapezoid(smaller, points)))


def density(values: Values, points: Values, width: float) -> Values:
    """Return the Gaussian kernel density of ``values`` at ``points``, in their shape."""
    found, counts = np.unique(values, return_counts=True)
    distances = (points[:, None] - found) / width
    kernels = np.exp(-0.5 * distances**2) / (width * np.sqrt(2 * np.pi))
    result: Values = kernels @ (counts / len(values))
    return result


def bandwidth(values: Values, least: float) -> float:
    """Apply Silverman's rule: 0.9 min(standard deviation, interquartile range / 1.34) n^(-1/5).

    If half of the values or more are the same, the standard deviation alone is used.

    Args:
        values: the values of the real tunes.
        least: the least bandwidth.
    """
    deviation = float(values.std())
    low, high = np.quantile(values, [0.25, 0.75])
    spread = min(deviation, float(high - low) / 1.34) or deviation
    return float(max(least, 0.9 * spread * len(values) ** -0.2))


def _of_one_feature(tunes: Values, real: Values, least: Values) -> float:
    """Return the overlap of a scalar feature, or of a histogram of shape ``(tunes, classes)``."""
    tunes, real = tunes.reshape(len(tunes), -1), real.reshape(len(real), -1)
    areas = [
        overlap_area(mine, theirs, bandwidth(theirs, floor))
        for mine, theirs, floor in zip(tunes.T, real.T, least, strict=True)
    ]
    return float(np.average(areas, weights=_weights(tunes, real)))


def _weights(tunes: Values, real: Values) -> Values:
    if tunes.shape[1] == 1:
        return np.ones(1)
    weights: Values = tunes.mean(axis=0) + real.mean(axis=0)
    return weights
