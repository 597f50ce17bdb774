"""Which of several tunes is best, and why: likelihood, cadence, form, variety, originality."""

from collections.abc import Sequence
from dataclasses import dataclass

from abclm.compose.generation import GeneratedTune
from abclm.compose.originality import Index, Originality, Verdict
from abclm.notation.bars import Bar, bars
from abclm.notation.music import Tune
from abclm.notation.parser import parse_tunebook

__all__ = ["Judgement", "best_first", "judge"]

_WHOLE_PHRASES = (8, 16)
_DULL = 0.4
"""Below this share of distinct bars a tune repeats itself; real tunes have some 0.6."""

_CADENCE, _FORM, _VARIETY, _OWN, _FORCED = 0.6, 0.4, 2.0, 1.0, 0.05
"""What each virtue is worth in bits per note, and what a forced character costs."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What speaks for a tune.

    Attributes:
        bits_per_note: how much the model is surprised by it, over its notes.
        cadence: the share of its sections that end on the tonic.
        eight_bars: whether each section has eight bars, or sixteen.
        variety: the share of distinct bars among its whole bars.
        originality: what it has in common with the training tunes; None where that is not known.
        forced: how many characters the model was all but kept from.
    """

    bits_per_note: float
    cadence: float
    eight_bars: bool
    variety: float
    originality: Originality | None
    forced: int

    @property
    def score(self) -> float:
        """All of it in one number, in bits per note; the higher the better."""
        own = self.originality is None or self.originality.verdict is not Verdict.SAME
        return (
            -self.bits_per_note
            + _CADENCE * self.cadence
            + _FORM * self.eight_bars
            + _VARIETY * min(0.0, self.variety - _DULL)
            + _OWN * (own - 1 if self.originality is None else own - 1 - self.originality.share)
            - _FORCED * self.forced
        )

    def __str__(self) -> str:
        """The reasons, for a person."""
        reasons = [
            f"{self.bits_per_note:.2f} bits per note",
            f"{round(100 * self.cadence)} % of sections end on the tonic",
            "eight-bar sections" if self.eight_bars else "sections of other lengths",
            f"{round(100 * self.variety)} % distinct bars",
        ]
        if self.originality is not None and self.originality.title:
            share = round(100 * self.originality.share)
            reasons.append(f'{share} % of its bars in "{self.originality.title}"')
        if self.forced:
            reasons.append(f"{self.forced} forced")
        return ", ".join(reasons)


def judge(tune: GeneratedTune, index: Index | None = None) -> Judgement:
    """What speaks for ``tune``."""
    parsed = parse_tunebook(f"X:1\n{tune.text}")[0].tune
    written = bars(parsed)
    notes = sum(bool(sound.pitches) for sound in parsed.sounds)
    whole = [bar for bar in written if bar.duration == bar.meter.bar]
    return Judgement(
        bits_per_note=-tune.log2_probability / max(1, notes),
        cadence=_cadences(parsed, written),
        eight_bars=all(length in _WHOLE_PHRASES for length in _section_lengths(written)),
        variety=len({_shape(bar) for bar in whole}) / max(1, len(whole)),
        originality=index.judge(parsed) if index is not None else None,
        forced=tune.forced,
    )


def best_first(
    tunes: Sequence[GeneratedTune], index: Index | None = None
) -> list[tuple[GeneratedTune, Judgement]]:
    """The tunes with what speaks for them, the best one first, equals in their order."""
    judged = [(tune, judge(tune, index)) for tune in tunes]
    return sorted(judged, key=lambda pair: -pair[1].score)


def _cadences(tune: Tune, written: Sequence[Bar]) -> float:
    """The share of sections whose last note is the tonic."""
    tonic = tune.key.tonic[:1] if tune.key is not None else ""
    lasts = [
        sounds[-1].pitches[0].letter
        for bar in written
        if bar.after.ends_section and (sounds := [s for s in bar.sounds if s.pitches])
    ]
    return sum(last == tonic for last in lasts) / max(1, len(lasts))


def _section_lengths(written: Sequence[Bar]) -> list[int]:
    """The bars of each section, those of a second ending left out, a pickup and its debt as one."""
    lengths: list[int] = []
    second = False
    for bar in written:
        if bar.before.ends_section and not bar.before.ending:
            lengths.append(0)
            second = False
        second = second or bool(bar.before.ending and bar.before.ending[0] > 1)
        starts_short = bar.before.ends_section and bar.duration != bar.meter.bar
        lengths[-1] += not second and not (starts_short and not bar.before.ending)
    return lengths


def _shape(bar: Bar) -> tuple[object, ...]:
    return tuple((sound.pitches, sound.duration) for sound in bar.sounds)
