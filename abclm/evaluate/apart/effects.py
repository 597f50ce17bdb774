"""What gives written tunes away: the features and n-grams that differ most from real ones."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.evaluate.apart.classifiers import NGramRegression, require_scikit_learn
from abclm.evaluate.features.music_features import feature_table
from abclm.evaluate.features.note_ngrams import note_ngrams
from abclm.notation.tune.line import MelodicLine

__all__ = ["Effect", "TellingNGram", "feature_effects", "telling_ngrams"]

_NORMAL: Final = 1.96
"""Standard errors on each side of a 95 % interval."""
_LEAST: Final = 0.01
"""The smallest standard deviation used, so that a constant feature has no huge effect."""

Values = NDArray[np.float64]


class Effect(NamedTuple):
    """How a feature of written tunes differs from that of real ones.

    Attributes:
        feature: its name.
        real, written: its means.
        effect: written minus real, in standard deviations (the root of the mean variance).
        low, high: the 95 % interval of the effect.
    """

    feature: str
    real: float
    written: float
    effect: float
    low: float
    high: float

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON, rounded to four digits."""
        return _rounded(self._asdict())


class TellingNGram(NamedTuple):
    """An n-gram by which a classifier tells tunes apart (`abclm.evaluate.features.note_ngrams`).

    Attributes:
        ngram: its words.
        weight: its weight in the classifier; positive if it speaks for a written tune.
        real, written: the share of tunes that have it.
    """

    ngram: str
    weight: float
    real: float
    written: float

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON, rounded to four digits."""
        return _rounded(self._asdict())


def feature_effects(real: Sequence[MelodicLine], written: Sequence[MelodicLine]) -> list[Effect]:
    """Return the effect of each feature that both sides have, the strongest first.

    Args:
        real: two or more lines with features
            (`abclm.evaluate.features.music_features.has_features`).
        written: two or more lines with features.
    """
    names, one = feature_table(real)
    _, other = feature_table(written)
    pairs = (
        (name, mine[~np.isnan(mine)], theirs[~np.isnan(theirs)])
        for name, mine, theirs in zip(names, one.T, other.T, strict=True)
    )
    found = [_effect(*pair) for pair in pairs if min(len(pair[1]), len(pair[2])) > 1]
    return sorted(found, key=lambda effect: (-abs(effect.effect), effect.feature))


def telling_ngrams(
    real: Sequence[MelodicLine], written: Sequence[MelodicLine], count: int
) -> list[TellingNGram]:
    """Return the ``count`` n-grams most typical of written tunes, then as many of real ones.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    require_scikit_learn()
    tunes = [note_ngrams(line) for line in (*real, *written)]
    classifier = NGramRegression()
    classifier.fit(tunes, np.repeat([0, 1], [len(real), len(written)]))
    weights = classifier.weights()
    ordered = sorted(weights, key=lambda ngram: (-weights[ngram], ngram))
    chosen = [*ordered[:count], *ordered[::-1][:count]]
    shares = [_shares(chosen, part) for part in (tunes[: len(real)], tunes[len(real) :])]
    return [
        TellingNGram(ngram, weights[ngram], *both)
        for ngram, both in zip(chosen, zip(*shares, strict=True), strict=True)
    ]


def _effect(feature: str, real: Values, written: Values) -> Effect:
    difference = float(written.mean() - real.mean())
    error = _NORMAL * float(np.sqrt(real.var() / len(real) + written.var() / len(written)))
    deviation = max(_LEAST, float(np.sqrt((real.var() + written.var()) / 2)))
    bounds = (
        difference / deviation,
        (difference - error) / deviation,
        (difference + error) / deviation,
    )
    return Effect(feature, float(real.mean()), float(written.mean()), *bounds)


def _shares(
    ngrams: Sequence[str], tunes: Sequence[tuple[Sequence[str], Sequence[str]]]
) -> list[float]:
    sets = [frozenset((*intervals, *degrees)) for intervals, degrees in tunes]
    return [sum(ngram in each for each in sets) / len(sets) for ngram in ngrams]


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in values.items()
    }
