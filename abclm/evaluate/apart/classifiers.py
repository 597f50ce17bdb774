"""Two classifiers of tunes: trees on features, and a regression on n-grams.

Only this module imports scikit-learn, and only when a classifier is made.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from operator import itemgetter
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from abclm.errors import MissingExtraError

__all__ = ["Classifier", "NGramRegression", "Trees", "group_folds", "require_scikit_learn"]

Labels = NDArray[np.int64]
Scores = NDArray[np.float64]

_SEED: Final = 0
"""Any seed will do; a fixed one makes the same folds each time."""
_FEWEST_TUNES: Final = 4
"""The fewest tunes that must have an n-gram for it to be used."""


class Classifier(Protocol):
    """Learns to tell tunes of label 1 from tunes of label 0; both classes have equal weight."""

    def fit(self, tunes: Sequence[Any], labels: Labels) -> None:
        """Learn from tunes and their labels, shape ``(tunes,)``."""

    def scores(self, tunes: Sequence[Any]) -> Scores:
        """Return a score for each tune, higher for label 1; shape ``(tunes,)``."""


class Trees:
    """Gradient-boosted trees on rows of features, some of which may be NaN."""

    def __init__(self) -> None:
        from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - an extra

        self._model = HistGradientBoostingClassifier(
            max_iter=100,
            learning_rate=0.06,
            max_leaf_nodes=8,
            min_samples_leaf=20,
            l2_regularization=5,
            class_weight="balanced",
            random_state=_SEED,
        )

    def fit(self, tunes: Sequence[Any], labels: Labels) -> None:
        """Learn from rows of features."""
        with _one_thread():
            self._model.fit(np.array(tunes), labels)

    def scores(self, tunes: Sequence[Any]) -> Scores:
        """Score rows of features."""
        with _one_thread():
            return np.asarray(self._model.decision_function(np.array(tunes)), np.float64)


class NGramRegression:
    """Logistic regression on tf-idf counts of two lists of n-grams per tune.

    The lists are those of `abclm.evaluate.features.note_ngrams`; both have the same weight.
    """

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - an extra
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - an extra
        from sklearn.pipeline import FeatureUnion  # noqa: PLC0415 - an extra

        lists = [
            (
                str(place),
                TfidfVectorizer(
                    analyzer=itemgetter(place), min_df=_FEWEST_TUNES, sublinear_tf=True
                ),
            )
            for place in (0, 1)
        ]
        self._counts = FeatureUnion(lists, verbose_feature_names_out=False)
        self._model = LogisticRegression(
            C=8.0, max_iter=300, class_weight="balanced", solver="liblinear"
        )

    def fit(self, tunes: Sequence[Any], labels: Labels) -> None:
        """Learn from pairs of lists of n-grams."""
        self._model.fit(self._counts.fit_transform(tunes), labels)

    def scores(self, tunes: Sequence[Any]) -> Scores:
        """Score pairs of lists of n-grams."""
        return np.asarray(self._model.decision_function(self._counts.transform(tunes)), np.float64)

    def weights(self) -> dict[str, float]:
        """Return the weight of each n-gram, positive if it speaks for label 1."""
        names = self._counts.get_feature_names_out()
        return dict(zip(names.tolist(), self._model.coef_[0].tolist(), strict=True))


def group_folds(
    labels: Labels, groups: Sequence[int], count: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the training and test indices of ``count`` folds; no group is in both."""
    from sklearn.model_selection import StratifiedGroupKFold  # noqa: PLC0415 - an extra

    folds = StratifiedGroupKFold(count, shuffle=True, random_state=_SEED)
    with warnings.catch_warnings():
        # A family larger than a fold cannot be split, which makes the folds less equal.
        warnings.simplefilter("ignore", UserWarning)
        yield from folds.split(np.zeros(len(labels)), labels, groups)


def require_scikit_learn() -> None:
    """Raise `MissingExtraError` if scikit-learn is not installed."""
    try:
        import sklearn  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("told apart", "scikit-learn", "evaluate") from error


def _one_thread() -> AbstractContextManager[Any]:
    """Return a context in which OpenMP uses one thread.

    With so few tunes more threads do not help, and on busy cores they wait for each other, which
    was measured to take a hundred times longer.
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with scikit-learn

    limits: AbstractContextManager[Any] = threadpool_limits(limits=1)
    return limits
