"""What a listener would notice in a set of tunes, in figures."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any, Final

from abclm.evaluate.features.key_fit import KeyProfiles
from abclm.notation.tune import hearing
from abclm.notation.tune.line import MelodicLine, melodic_line
from abclm.notation.tune.music import Tune

__all__ = ["MusicFigures", "Standard", "lines_of", "measure_music"]

_CADENCES: Final = 40
"""The number of commonest endings of real tunes that count as cadences."""
_CADENCE_NOTES: Final = 4
"""The notes of a cadence."""


@dataclass(frozen=True, slots=True)
class MusicFigures:
    """Figures of a set of tunes, 0 to 1; None if no tune allows the measurement.

    Attributes:
        final_tonic: share of tunes whose last note is the tonic.
        endings_agree: share of tunes whose sections all end on the same note.
        bar_5_is_bar_1: share of sections of eight bars or more in which it is, mean over tunes.
        question_and_answer: how similar bars 1-2 and 5-6 are in such sections.
        rhyme: how similar the last two bars of later sections are to those of the first.
        distinct_bars: share of the full bars that are distinct.
        cadence: share of tunes whose last four degrees are a common cadence of real tunes.
        key_by_quarter: share of tunes whose notes fit the declared key best, in each quarter.
        tritones: share of tunes with a leap of a tritone.
        needless_accidentals: share of tunes with a redundant accidental.
    """

    final_tonic: float | None = None
    endings_agree: float | None = None
    bar_5_is_bar_1: float | None = None
    question_and_answer: float | None = None
    rhyme: float | None = None
    distinct_bars: float | None = None
    cadence: float | None = None
    key_by_quarter: tuple[float, ...] | None = None
    tritones: float | None = None
    needless_accidentals: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON, rounded to four digits."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


class Standard:
    """The standard of real tunes: their commonest cadences, and the degrees of each mode.

    Args:
        lines: the melodic lines of the training tunes.
    """

    def __init__(self, lines: Sequence[MelodicLine]) -> None:
        counts = Counter(map(_cadence, lines))
        commonest = sorted(counts, key=lambda cadence: (-counts[cadence], cadence))
        whole = [cadence for cadence in commonest if len(cadence) == _CADENCE_NOTES]
        self._cadences = frozenset(whole[:_CADENCES])
        self._profiles = KeyProfiles(lines)

    def cadence(self, line: MelodicLine) -> float:
        """Return 1.0 if ``line`` ends with a common cadence of real tunes, else 0.0."""
        return float(_cadence(line) in self._cadences)

    def key_by_quarter(self, line: MelodicLine) -> list[float] | None:
        """Return the result of `KeyProfiles.by_quarter`."""
        return self._profiles.by_quarter(line)


def lines_of(tunes: Sequence[Tune]) -> list[MelodicLine]:
    """Return the melodic lines of the tunes that have one."""
    return [line for tune in tunes if (line := melodic_line(tune)) is not None]


def measure_music(lines: Sequence[MelodicLine], standard: Standard) -> MusicFigures:
    """Measure some tunes; each figure is a mean over the tunes that have it."""
    found = [fits for line in lines if (fits := standard.key_by_quarter(line)) is not None]
    return MusicFigures(
        **{name: _mean(list(map(measure, lines))) for name, measure in _MEASURES.items()},
        cadence=_mean(list(map(standard.cadence, lines))),
        key_by_quarter=tuple(map(fmean, zip(*found, strict=True))) if found else None,
    )


_MEASURES: Final[dict[str, Callable[[MelodicLine], float | None]]] = {
    "final_tonic": hearing.final_tonic,
    "endings_agree": hearing.endings_agree,
    "bar_5_is_bar_1": hearing.bar_five_is_bar_one,
    "question_and_answer": hearing.question_and_answer,
    "rhyme": hearing.rhyme,
    "distinct_bars": hearing.distinct_bars,
    "tritones": hearing.tritone,
    "needless_accidentals": hearing.needless_accidental,
}


def _cadence(line: MelodicLine) -> tuple[int, ...]:
    return hearing.last_degrees(line, _CADENCE_NOTES)[-1]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _rounded(value: float | tuple[float, ...] | None) -> float | list[float] | None:
    if isinstance(value, tuple):
        return [round(each, 4) for each in value]
    return None if value is None else round(value, 4)
