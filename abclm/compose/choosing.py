"""Which of several tunes is best, and why: what is heard in it, likelihood, originality."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from abclm.compose.generation import GeneratedTune
from abclm.compose.reasons import Reasons
from abclm.errors import InputError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.hearing import count_notes
from abclm.originality.comparison import BarShapeIndex, Originality, Verdict

__all__ = ["Judgement", "best_first", "best_of_each", "judge"]

_MOST_TRIES = 20
"""The most tries for a tune that must be original."""

_OWN, _FORCED, _LIKELY = 1.0, 0.05, 0.1
"""The costs of copying, of a forced character, and of a bit per note, beside `Reasons.score`.

A tune whose bars are all in one training tune loses as much as one that does not end on its tonic;
a forced character costs as much as half a bit per note, and decides between tunes otherwise alike.
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The scores of a tune.

    Attributes:
        reasons: what is heard in it.
        bits_per_note: the model's surprisal, over the tune's notes.
        originality: what it has in common with the training tunes; None if unknown.
        forced: number of draws forced against the model.
    """

    reasons: Reasons
    bits_per_note: float
    originality: Originality | None
    forced: int

    @property
    def score(self) -> float:
        """The overall score; higher is better."""
        copied = 0.0
        if self.originality is not None:
            copied = self.originality.share + (self.originality.verdict is Verdict.SAME)
        return (
            self.reasons.score
            - _LIKELY * self.bits_per_note
            - _OWN * copied
            - _FORCED * self.forced
        )

    def __str__(self) -> str:
        """The reasons as text for the user."""
        words = [*self.reasons.words(), f"{self.bits_per_note:.2f} bits per note"]
        if self.originality is not None and self.originality.title:
            share = round(100 * self.originality.share)
            words.append(f'{share} % of its bars in "{self.originality.title}"')
        if self.forced:
            words.append(f"{self.forced} forced")
        return ", ".join(words)


def judge(tune: GeneratedTune, index: BarShapeIndex | None = None) -> Judgement:
    """Compute the scores of ``tune``."""
    parsed = parse_tunebook(f"X:1\n{tune.text}")[0].tune
    return Judgement(
        reasons=Reasons.of(tune.text),
        bits_per_note=-tune.log2_probability / max(1, count_notes(parsed)),
        originality=index.judge(parsed) if index is not None else None,
        forced=tune.forced,
    )


def best_first(
    tunes: Sequence[GeneratedTune], index: BarShapeIndex | None = None
) -> list[tuple[GeneratedTune, Judgement]]:
    """The tunes with their scores, best first, and equals in their original order."""
    judged = [(tune, judge(tune, index)) for tune in tunes]
    return sorted(judged, key=lambda pair: -round(pair[1].score, 6))


def best_of_each(
    write: Callable[[Sequence[int]], Sequence[GeneratedTune]],
    count: int,
    best_of: int,
    index: BarShapeIndex | None = None,
    max_copy: float | None = None,
) -> list[tuple[GeneratedTune, Judgement]]:
    """Write several tunes for each of ``count`` places, and choose the best of each.

    Each round writes the tunes of all open places in one batch.

    Args:
        write: returns the tunes with the given numbers.
        count: how many tunes to return.
        best_of: how many tunes to write for each of them.
        index: the index of the training tunes, if there is one.
        max_copy: the largest share of its bars that a tune may have in one training tune.

    Raises:
        InputError: too few tunes are that original.
    """
    found: dict[int, tuple[GeneratedTune, Judgement]] = {}
    for attempt in range(_MOST_TRIES):
        missing = [place for place in range(count) if place not in found]
        # Each place has its own numbers, so that a tune does not depend on the others.
        starts = [(place * _MOST_TRIES + attempt) * best_of for place in missing]
        numbers = [start + number for start in starts for number in range(best_of)]
        if not numbers:
            break
        tunes = write(numbers)
        for turn, place in enumerate(missing):
            ranked = best_first(tunes[turn * best_of : (turn + 1) * best_of], index)
            allowed = [pair for pair in ranked if _copies_at_most(pair[1], max_copy)]
            if allowed:
                found[place] = allowed[0]
    if len(found) < count:
        raise InputError(
            f"in {_MOST_TRIES} tries no tune stayed within --max-copy {max_copy:g}: raise it, "
            "or ask for fewer tunes"
        )
    return [found[place] for place in range(count)]


def _copies_at_most(why: Judgement, share: float | None) -> bool:
    return share is None or why.originality is None or why.originality.share <= share
