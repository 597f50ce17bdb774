"""Can classifiers tell written tunes from real ones? The areas under their ROC curves.

The area is the probability that, of a real tune and a written one, the written one gets the higher
score: .5 if they cannot be told apart, 1 if they always can. Classifiers judge only tunes that they
were not trained on, in five folds that keep families of tunes together.
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

__all__ = [
    "FEWEST",
    "FOLDS",
    "Area",
    "Side",
    "ToldApart",
    "area",
    "families",
    "judged",
    "tell_apart",
    "too_few",
]

FEWEST: Final = 25
"""The fewest tunes on each side."""

FOLDS: Final = 5
"""Each classifier learns from four fifths of the tunes and judges the rest, as is usual."""
_DRAWS: Final = 1000
"""Bootstrap samples: the usual number for a 95 % interval."""

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
        ngrams: the area of a regression on n-grams of intervals, lengths and degrees.
        tunes: the number of tunes of each set.
    """

    features: Area
    ngrams: Area
    tunes: tuple[int, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON, rounded to four digits."""
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
        lines: the melodic lines of the tunes that are long enough to be compared.
        melodies: the fingerprints of the same tunes, by which relatives are found.
    """

    lines: tuple[MelodicLine, ...]
    melodies: tuple[MelodyFingerprint, ...]

    @staticmethod
    def of(tunes: Sequence[Tune], *, written: bool) -> "Side":
        """Return the side of ``tunes``; titles of ``written`` tunes do not make them relatives."""
        found = [(line, tune) for tune in tunes if (line := melodic_line(tune)) is not None]
        kept = [(line, MelodyFingerprint.of(tune)) for line, tune in found if has_features(line)]
        return Side(
            tuple(line for line, _ in kept),
            tuple(replace(melody, title="") if written else melody for _, melody in kept),
        )


def too_few(side: Side) -> str:
    """Return why ``side`` has too few tunes to be compared; an empty string if it has enough.

    It needs `FEWEST` tunes, and as many families as there are folds: if a model always writes the
    same tune, no fold is left that was not trained on.
    """
    if len(side.lines) < FEWEST:
        return f"tunes are {len(side.lines)} of 16 notes and 4 full bars or more; it takes {FEWEST}"
    found = len(set(families(side.melodies)))
    return f"tunes are of {found} families; it takes {FOLDS}" if found < FOLDS else ""


def tell_apart(first: Side, second: Side) -> ToldApart:
    """Measure how well ``second`` can be told from ``first``.

    Args:
        first: a side that is not `too_few`.
        second: a side that is not `too_few`.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    require_scikit_learn()
    counts = len(first.lines), len(second.lines)
    lines = [*first.lines, *second.lines]
    labels = np.repeat([0, 1], counts)
    groups = families([*first.melodies, *second.melodies])
    _, rows = feature_table(lines)
    return ToldApart(
        area(labels, judged(Trees, list(rows), labels, groups)),
        area(labels, judged(NGramRegression, list(map(note_ngrams, lines)), labels, groups)),
        counts,
    )


def area(labels: NDArray[np.int64], scores: Scores, draws: int = _DRAWS) -> Area:
    """Return the area under the ROC curve of ``scores``, with its interval.

    Args:
        labels: 0 or 1 for each tune; both must occur.
        scores: the score of each tune, higher for label 1.
        draws: number of bootstrap samples.
    """
    zeros, ones = scores[labels == 0], scores[labels == 1]
    rng = np.random.Generator(np.random.PCG64(0))
    found = [
        _area(rng.choice(zeros, len(zeros)), rng.choice(ones, len(ones))) for _ in range(draws)
    ]
    low, high = np.percentile(found, [2.5, 97.5])
    return Area(_area(zeros, ones), float(low), float(high))


def families(melodies: Sequence[MelodyFingerprint]) -> list[int]:
    """Return the number of the family of each tune."""
    return find_families(melodies, MelodyFingerprint.overlaps(melodies))


def _area(zeros: Scores, ones: Scores) -> float:
    """Return the share of pairs in which label 1 has the higher score; ties count half."""
    ordered = np.sort(zeros)
    below, upto = (np.searchsorted(ordered, ones, side) for side in ("left", "right"))
    return float((below + upto).sum() / (2 * len(zeros) * len(ones)))


def judged(
    make: Callable[[], Classifier],
    tunes: Sequence[Any],
    labels: NDArray[np.int64],
    groups: Sequence[int],
) -> Scores:
    """Score each tune with a classifier trained on the other folds."""
    scores = np.zeros(len(labels))
    for learnt, test in group_folds(labels, groups, FOLDS):
        classifier = make()
        classifier.fit([tunes[place] for place in learnt], labels[learnt])
        scores[test] = classifier.scores([tunes[place] for place in test])
    return scores
