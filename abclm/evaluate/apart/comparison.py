"""Written tunes against real ones: can they be told apart, and by what?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from abclm.errors import MissingExtraError
from abclm.evaluate.apart.effects import Effect, TellingNGram, feature_effects, telling_ngrams
from abclm.evaluate.apart.told_apart import Side, ToldApart, tell_apart, too_few
from abclm.notation.tune.music import Tune

__all__ = ["Comparison", "compare"]

_NGRAMS: Final = 20
"""The number of n-grams reported for written tunes, and for real ones."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How written tunes differ from real ones.

    Attributes:
        told_apart: how well two classifiers tell them apart; None if that was not measured.
        floor: how well the same classifiers tell real tunes from other real tunes.
        effects: the features, the strongest difference first.
        ngrams: the n-grams most typical of written tunes, then those most typical of real ones.
        remarks: why a figure is missing.
    """

    told_apart: ToldApart | None = None
    floor: ToldApart | None = None
    effects: tuple[Effect, ...] = ()
    ngrams: tuple[TellingNGram, ...] = ()
    remarks: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        return {
            "told_apart": self.told_apart and self.told_apart.as_dict(),
            "floor": self.floor and self.floor.as_dict(),
            "effects": [effect.as_dict() for effect in self.effects],
            "ngrams": [ngram.as_dict() for ngram in self.ngrams],
        }


def compare(real: Sequence[Tune], written: Sequence[Tune], others: Sequence[Tune]) -> Comparison:
    """Compare written tunes with real ones.

    Args:
        real: held-out real tunes.
        written: tunes that a model wrote.
        others: other real tunes, for the floor.

    Returns:
        The figures that can be measured with these tunes, and with scikit-learn if installed.
    """
    theirs, mine = Side.of(real, written=False), Side.of(written, written=True)
    beside = Side.of(others, written=False)
    for side, whose in ((theirs, "real"), (mine, "written")):
        reason = too_few(side)
        if reason:
            return Comparison(remarks=(f"told apart: not measured: {whose} {reason}",))
    effects = tuple(feature_effects(theirs.lines, mine.lines))
    try:
        return Comparison(
            tell_apart(theirs, mine),
            None if too_few(beside) else tell_apart(theirs, beside),
            effects,
            tuple(telling_ngrams(theirs.lines, mine.lines, _NGRAMS)),
        )
    except MissingExtraError as error:
        return Comparison(effects=effects, remarks=(str(error),))
