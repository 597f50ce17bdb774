"""Can a classifier tell written tunes from real ones? The area under the ROC curve of two.

The area is the probability that of a real tune and a written one the written one is taken for
written: .5 where they cannot be told apart, 1 where they always can. Classifiers judge tunes that
they have not learnt from, in five folds that keep families of tunes together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.corpus.families import MelodyFingerprint, find_families
from abclm.evaluate.apart.classifiers import (
    Classifier,
    NGramRegression,
    Trees,
    group_folds,
    require_scikit_learn,
)
from abclm.evaluate.features.music_features import feature_table, has_features
from abclm.evaluate.features.note_ngrams import note_ngrams
from abclm.notation.tune.line import MelodicLine, melodic_line
from abclm.notation.tune.music import Tune

__all__ = ["FEWEST", "Area", "Side", "ToldApart", "area", "tell_apart", "too_few"]

FEWEST: Final = 25
"""Tunes on each side, at the least."""

_FOLDS: Final = 5
_DRAWS: Final = 1000

Scores = NDArray[np.float64]


class Area(NamedTuple):
    """An area under the ROC curve with its 95 % interval, by the bootstrap over tunes."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ToldApart:
    """How well two sets of tunes can be told apart.

    Attributes:
        features: the area of trees on about 140 features.
        ngrams: that of a regression on n-grams of intervals, lengths and degrees.
        tunes: how many of each set were compared.
    """

    features: Area
    ngrams: Area
    tunes: tuple[int, int]

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON wants them, in four digits."""
        areas = {"features": self.features, "ngrams": self.ngrams}
        return {
            **{
                name: {part: round(value, 4) for part, value in found._asdict().items()}
                for name, found in areas.items()
            },
            "tunes": list(self.tunes),
        }


@dataclass(frozen=True, slots=True)
class Side:
    """One of two sets of tunes.

    Attributes:
        lines: of the tunes that are long enough to be compared.
        melodies: of the same, by which relatives are found.
    """

    lines: tuple[MelodicLine, ...]
    melodies: tuple[MelodyFingerprint, ...]

    @staticmethod
    def of(tunes: Sequence[Tune], *, written: bool) -> "Side":
        """The side of ``tunes``; the titles of ``written`` ones make no relatives."""
        found = [(line, tune) for tune in tunes if (line := melodic_line(tune)) is not None]
        kept = [(line, MelodyFingerprint.of(tune)) for line, tune in found if has_features(line)]
        return Side(
            tuple(line for line, _ in kept),
            tuple(replace(melody, title="") if written else melody for _, melody in kept),
        )


def too_few(side: Side) -> str:
    """Why ``side`` cannot be told from another; empty where it can.

    It takes `FEWEST` tunes, and families enough for the folds: a model that writes the same tune
    again and again cannot be judged by what was not learnt.
    """
    if len(side.lines) < FEWEST:
        return f"tunes are {len(side.lines)} of 16 notes and 4 full bars or more; it takes {FEWEST}"
    families = len(set(_families(side.melodies)))
    return f"tunes are of {families} families; it takes {_FOLDS}" if families < _FOLDS else ""


def tell_apart(first: Side, second: Side) -> ToldApart:
    """How well ``second`` can be told from ``first``.

    Args:
        first: not `too_few`.
        second: likewise.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    require_scikit_learn()
    counts = len(first.lines), len(second.lines)
    lines = [*first.lines, *second.lines]
    labels = np.repeat([0, 1], counts)
    groups = _families([*first.melodies, *second.melodies])
    _, rows = feature_table(lines)
    return ToldApart(
        area(labels, _judged(Trees, list(rows), labels, groups)),
        area(labels, _judged(NGramRegression, list(map(note_ngrams, lines)), labels, groups)),
        counts,
    )


def area(labels: NDArray[np.int64], scores: Scores, draws: int = _DRAWS) -> Area:
    """The area of ``scores`` with its interval.

    Args:
        labels: 0 or 1 for each tune, both of them there.
        scores: of each, the higher the more like 1.
        draws: of the bootstrap.
    """
    zeros, ones = scores[labels == 0], scores[labels == 1]
    rng = np.random.Generator(np.random.PCG64(0))
    found = [
        _area(rng.choice(zeros, len(zeros)), rng.choice(ones, len(ones))) for _ in range(draws)
    ]
    low, high = np.percentile(found, [2.5, 97.5])
    return Area(_area(zeros, ones), float(low), float(high))


def _families(melodies: Sequence[MelodyFingerprint]) -> list[int]:
    return find_families(melodies, MelodyFingerprint.overlaps(melodies))


def _area(zeros: Scores, ones: Scores) -> float:
    """The share of pairs in which the one of label 1 is higher; equal ones count half."""
    ordered = np.sort(zeros)
    below, upto = (np.searchsorted(ordered, ones, side) for side in ("left", "right"))
    return float((below + upto).sum() / (2 * len(zeros) * len(ones)))


def _judged(
    make: Callable[[], Classifier],
    tunes: Sequence[Any],
    labels: NDArray[np.int64],
    groups: Sequence[int],
) -> Scores:
    """The score of each tune by a classifier that has learnt from the other folds."""
    scores = np.zeros(len(labels))
    for learnt, judged in group_folds(labels, groups, _FOLDS):
        classifier = make()
        classifier.fit([tunes[place] for place in learnt], labels[learnt])
        scores[judged] = classifier.scores([tunes[place] for place in judged])
    return scores
