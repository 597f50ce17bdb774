"""Can a classifier tell written pieces of several voices from real ones?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from abclm.corpus.families import MelodyFingerprint
from abclm.errors import MissingExtraError
from abclm.evaluate.apart.classifiers import NGramRegression, require_scikit_learn
from abclm.evaluate.apart.told_apart import FEWEST, FOLDS, Area, area, families, judged
from abclm.evaluate.voices.score_ngrams import score_ngrams
from abclm.evaluate.voices.slices import slices
from abclm.notation.tune.music import Tune

__all__ = ["Apart", "compare_pieces", "tell_pieces_apart"]


@dataclass(frozen=True, slots=True)
class Apart:
    """How well written pieces are told from real ones by their n-grams.

    Attributes:
        written: the area under the ROC curve; None if it was not measured.
        floor: the same of other real pieces.
        remarks: why a figure is missing.
    """

    written: Area | None = None
    floor: Area | None = None
    remarks: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON, rounded to four digits."""
        return {
            name: found and {part: round(value, 4) for part, value in found._asdict().items()}
            for name, found in (("told_apart", self.written), ("floor", self.floor))
        }


def compare_pieces(real: Sequence[Tune], written: Sequence[Tune], others: Sequence[Tune]) -> Apart:
    """Compare written pieces with real ones.

    Args:
        real: held-out real pieces.
        written: pieces that a model wrote.
        others: other real pieces, for the floor.

    Returns:
        The figures that can be measured with these pieces, and with scikit-learn if installed.
    """
    for side, whose in ((real, "real"), (written, "written")):
        reason = _too_few(side)
        if reason:
            return Apart(remarks=(f"told apart: not measured: {whose} {reason}",))
    try:
        floor = None if _too_few(others) else tell_pieces_apart(real, others)
        return Apart(tell_pieces_apart(real, written), floor)
    except MissingExtraError as error:
        return Apart(remarks=(str(error),))


def tell_pieces_apart(first: Sequence[Tune], second: Sequence[Tune]) -> Area:
    """Measure how well ``second`` can be told from ``first``.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    require_scikit_learn()
    pieces = [*first, *second]
    ngrams = [score_ngrams(slices(piece), piece.key) for piece in pieces]
    labels = np.repeat([0, 1], [len(first), len(second)])
    groups = families([replace(MelodyFingerprint.of(piece), title="") for piece in pieces])
    return area(labels, judged(NGramRegression, ngrams, labels, groups))


def _too_few(pieces: Sequence[Tune]) -> str:
    if len(pieces) < FEWEST:
        return f"pieces are {len(pieces)}; it takes {FEWEST}"
    found = len(set(families([MelodyFingerprint.of(piece) for piece in pieces])))
    return f"pieces are of {found} families; it takes {FOLDS}" if found < FOLDS else ""
