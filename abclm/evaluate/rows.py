"""One row of the table: what is measured of a set of tunes, and what is known of other models."""

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
    """Figures of a set of tunes; what is not known is None. Shares go from 0 to 1.

    Attributes:
        name: of the set.
        kind: ``model``, ``human``, ``baseline`` or ``reference``: known, not measured here.
        tunes: how many were measured.
        exact_bars, repeats, strict_metre, eight_bar_sections: share of the tunes that are right so
            (`abclm.notation.check.strictness`, `abclm.evaluate.structure`,
            `abclm.notation.tune.hearing`).
        valid: share without any problem of ``abclm validate``.
        ended: share that came to their end before the limit of characters.
        passed: share that the grammar would have let be as they are.
        taken: bits that the grammar took from the model, for each tune on average.
        copying: the largest share of a tune's bars in one training tune.
        likeness: to the held-out tunes.
        music: what a listener would notice.
        characters_per_second: how fast it wrote all of them at once.
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
        """The row as JSON wants it, figures in four digits."""
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
"""What DESIGN section 9 knows of others: real tunes from a session repertoire, the sample file that
folk-rnn's authors published, an LSTM of three layers of 800 pre-trained on a large collection, and
an LSTM trained without dropout. Their training tunes are not these, so they are landmarks."""


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
    """The row of tunes given as the model's texts, at least one.

    Args:
        name: of the row.
        kind: likewise.
        texts: the tunes.
        ended: share that came to their end.
        index: of the training tunes, for copying.
        real: the features of the tunes for likeness; none leaves it out.
        standard: what real tunes do, for the musical figures; None leaves them out.
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
    """The tune of one of the model's texts; what follows a blank line is left out."""
    return parse_tune(split_tunes(f"X:1\n{text}")[0]).tune


def all_features(tunes: Iterable[Tune]) -> list[Features]:
    """The features of the tunes that have any."""
    return [found for tune in tunes if (found := features_of(tune)) is not None]


def copying(tunes: Iterable[Tune], index: BarShapeIndex) -> Figures:
    """The shares of bars that tunes have in common with one training tune.

    A tune without a whole bar has nothing that could be copied, and is left out. No tune given may
    be a training tune: of held-out ones this is the leave-one-out of DESIGN section 9.
    """
    judged = (index.judge(tune) for tune in tunes)
    return figures([found.share for found in judged if found.distinct])


def _share(right: Iterable[bool]) -> float:
    answers = list(right)
    return sum(answers) / len(answers)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
