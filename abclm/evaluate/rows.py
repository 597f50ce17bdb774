"""The rows of the table: measured figures of a set of tunes, and published ones of others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from abclm.evaluate.features.features import Features, features_of
from abclm.evaluate.features.likeness import Likeness, likeness
from abclm.evaluate.musical import MusicFigures, Standard, lines_of, measure_music
from abclm.evaluate.structure import repeats_match
from abclm.notation.check.strictness import has_exact_bars, has_strict_metre
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tune
from abclm.notation.parse.tunebook import split_tunes
from abclm.notation.tune.hearing import has_eight_bar_sections
from abclm.notation.tune.music import Tune
from abclm.originality.comparison import BarShapeIndex, Figures, figures

__all__ = ["REFERENCES", "Row", "all_features", "copying", "measure", "parse_text"]


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of a set of tunes; unknown ones are None. Shares are 0 to 1.

    Attributes:
        name: the name of the set.
        kind: ``model``, ``human``, ``baseline``, or ``reference`` for published figures.
        tunes: the number of tunes measured.
        exact_bars, repeats, strict_metre, eight_bar_sections: share of the tunes that have them
            (`abclm.notation.check.strictness`, `abclm.evaluate.structure`,
            `abclm.notation.tune.hearing`).
        valid: share in which ``abclm validate`` finds no problem.
        ended: share that ended before the limit of characters.
        passed: share that the grammar would have allowed unchanged.
        taken: mean bits per tune that the grammar took from the model.
        copying: the largest share of a tune's bars in one training tune.
        likeness: likeness to the held-out tunes.
        music: what a listener would notice.
        characters_per_second: the speed of writing all of them at once.
    """

    name: str
    kind: str
    tunes: int | None = None
    exact_bars: float | None = None
    repeats: float | None = None
    strict_metre: float | None = None
    eight_bar_sections: float | None = None
    valid: float | None = None
    ended: float | None = None
    passed: float | None = None
    taken: float | None = None
    copying: Figures | None = None
    likeness: Likeness | None = None
    music: MusicFigures | None = None
    characters_per_second: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the row for JSON, figures rounded to four digits."""
        shares = (
            "exact_bars",
            "repeats",
            "strict_metre",
            "eight_bar_sections",
            "valid",
            "ended",
            "passed",
            "taken",
        )
        copied, like = self.copying, self.likeness
        return {
            "name": self.name,
            "kind": self.kind,
            "tunes": self.tunes,
            **{name: _rounded(getattr(self, name)) for name in shares},
            "copying": copied
            and {
                "median": _rounded(copied.median),
                "p95": _rounded(copied.p95),
                "half": _rounded(copied.half),
            },
            "likeness": like
            and {
                "mean": _rounded(like.mean),
                **{name: _rounded(value) for name, value in like._asdict().items()},
            },
            "music": self.music and self.music.as_dict(),
            "characters_per_second": _rounded(self.characters_per_second),
        }


REFERENCES: Final = (
    Row(
        "real Irish tunes", "reference", None, 0.996, 1.0, 0.929, copying=Figures(0.08, 0.2, 0.008)
    ),
    Row(
        "folk-rnn, published",
        "reference",
        None,
        0.953,
        0.984,
        0.781,
        music=MusicFigures(
            final_tonic=0.67,
            endings_agree=0.53,
            bar_5_is_bar_1=0.11,
            rhyme=0.27,
            distinct_bars=0.97,
        ),
    ),
    Row("LSTM, 3 of 800", "reference", None, 0.926, 0.905, 0.815),
    Row("LSTM, no dropout", "reference", copying=Figures(0.14, 0.71, 0.118)),
)
"""The figures of others: real tunes from a session repertoire, the sample file
that folk-rnn's authors published, an LSTM of three layers of 800 pre-trained on a large collection,
and an LSTM trained without dropout. They learnt from other tunes, so they are only landmarks."""


def measure(
    name: str,
    kind: str,
    texts: Sequence[str],
    *,
    ended: float = 1.0,
    index: BarShapeIndex | None = None,
    real: Sequence[Features] = (),
    standard: Standard | None = None,
) -> Row:
    """Measure one or more tunes.

    Args:
        name: the name of the row.
        kind: the kind of the row.
        texts: the tunes as the model's texts.
        ended: share of the tunes that ended before the limit.
        index: the index of the training tunes, for copying; None omits it.
        real: the features of real tunes, for likeness; empty omits it.
        standard: the standard of real tunes, for the musical figures; None omits them.
    """
    tunes = [parse_text(text) for text in texts]
    own = all_features(tunes)
    return Row(
        name,
        kind,
        len(texts),
        exact_bars=_share(map(has_exact_bars, tunes)),
        repeats=_share(map(repeats_match, tunes)),
        strict_metre=_share(map(has_strict_metre, tunes)),
        eight_bar_sections=_share(map(has_eight_bar_sections, tunes)),
        valid=_share(not validate(f"X:1\n{text}") for text in texts),
        ended=ended,
        copying=copying(tunes, index) if index is not None else None,
        likeness=likeness(own, real) if own and real else None,
        music=measure_music(lines_of(tunes), standard) if standard is not None else None,
    )


def parse_text(text: str) -> Tune:
    """Parse one of the model's texts; what follows a blank line is ignored."""
    return parse_tune(split_tunes(f"X:1\n{text}")[0]).tune


def all_features(tunes: Iterable[Tune]) -> list[Features]:
    """Return the features of the tunes that have any."""
    return [found for tune in tunes if (found := features_of(tune)) is not None]


def copying(tunes: Iterable[Tune], index: BarShapeIndex) -> Figures:
    """Measure the shares of bars that tunes have in common with one training tune.

    A tune without a full bar has nothing that could be copied, and is ignored. None of the tunes
    may be a training tune; held-out tunes are compared with all of those, as new ones are.
    """
    judged = (index.judge(tune) for tune in tunes)
    return figures([found.share for found in judged if found.distinct])


def _share(right: Iterable[bool]) -> float:
    answers = list(right)
    return sum(answers) / len(answers)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
