"""Writes a tune phrase by phrase, each drawn by a judge from several candidates.

As a composer would: at the end of each phrase its candidates are judged as a whole, one is kept,
and all candidates for the next phrase continue from there. A tune can be shown as it grows.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from abclm.compose.judge import Judge
from abclm.compose.phrase_features import misses_end, phrase_features, plan_features
from abclm.compose.phrase_notes import Heading
from abclm.constraint.tune_constraint import PLANNING, TuneConstraint
from abclm.decoding.batch import Batch
from abclm.decoding.tune_in_progress import TuneInProgress

__all__ = ["SHARPNESS", "PhraseByPhrase", "write_by_phrases"]

SHARPNESS = 2.5
"""The power to which the judge's ratio is raised: it knows a phrase only by its features.

Chosen with the number of candidates and the temperature, see `checkpoints/README.md`, "The judge".
"""
_PLANS = 2
"""Candidates for the plan, as a multiple of those for a phrase."""
_MISSED = 8.0
"""The cost of a phrase that ends its section on another degree than planned."""
_CHOICE = 2**31
"""The number of the generator that chooses among the candidates for a phrase."""


class PhraseByPhrase:
    """One tune that is written phrase by phrase.

    Args:
        tune: the tune at its start.
        seeds: the numbers that seed the generators of its candidates.
        rivals: the number of candidates for each phrase.
        judge: draws among them.
        sharpness: 1 draws in proportion to the judge's ratio; more prefers the best.
        on_end: called with the tune when it is complete.
    """

    def __init__(
        self,
        tune: TuneInProgress,
        seeds: Sequence[int],
        *,
        rivals: int,
        judge: Judge,
        sharpness: float,
        on_end: Callable[[TuneInProgress], object] | None = None,
    ) -> None:
        self.tune = tune
        self._seeds = seeds
        self._rivals = rivals
        self._judge = judge
        self._sharpness = sharpness
        self._on_end = on_end
        self._phrase = 0
        self._count = rivals
        self._heard: list[TuneInProgress] = []

    def begin(self) -> list[TuneInProgress]:
        """Create the candidates for the next phrase."""
        self._heard = []
        # Rhythm, meter and key are drawn by the network alone: a judge would prefer some.
        has_header = self.tune.start is not None or _phrase(self.tune) is not None
        self._count = self._rivals if has_header else 1
        if _phrase(self.tune) == PLANNING:
            # A plan is short, and the whole tune depends on it.
            self._count = _PLANS * self._rivals
        return [self._candidate(number) for number in range(self._count)]

    def _on_stop(self, candidate: TuneInProgress) -> Iterable[TuneInProgress]:
        """Take a complete candidate; after the last one, return those for the next phrase."""
        self._heard.append(candidate)
        if len(self._heard) < self._count:
            return []
        self._keep(self._choose())
        self._phrase += 1
        stopped = self.tune.start is not None and not self.tune.ended
        if stopped:
            return self.begin()
        if self._on_end is not None:
            self._on_end(self.tune)
        return []

    def _candidate(self, number: int) -> TuneInProgress:
        candidate = self.tune.branch(self._generator(number))
        candidate.number, candidate.then = number, self._on_stop
        here = _phrase(candidate)
        candidate.stops = lambda: _phrase(candidate) not in {None, here}
        return candidate

    def _choose(self) -> TuneInProgress:
        if len(self._heard) == 1:
            return self._heard[0]
        heard = sorted(self._heard, key=lambda one: one.number)
        scores = np.array([self._score(one) for one in heard]) * self._sharpness
        shares = np.exp(scores - scores.max()).cumsum()
        drawn = self._generator(_CHOICE).random() * shares[-1]
        return heard[int((shares > drawn).argmax())]

    def _score(self, candidate: TuneInProgress) -> float:
        """The judge's answer for the new bars of a candidate, less its forced draws."""
        memory = candidate.memory
        if memory is None:
            return -math.inf
        known = self.tune.memory.done if self.tune.memory is not None else {}
        places = [place for place in memory.done if place not in known]
        if not places:
            return self._judge.weigh(plan_features(candidate.plan))
        forced = candidate.forced - self.tune.forced
        missed = misses_end(memory.done, places, candidate.plan)
        features = phrase_features(memory.done, places, candidate.plan, Heading.of(candidate.text))
        return self._judge.weigh(features) - forced - _MISSED * missed

    def _keep(self, chosen: TuneInProgress) -> None:
        chosen.show_from(self.tune)
        self.tune = chosen

    def _generator(self, number: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([*self._seeds, self._phrase, number]))


def write_by_phrases(
    batch: Batch,
    tunes: Sequence[TuneInProgress],
    seeds: Sequence[Sequence[int]],
    judge: Judge,
    *,
    rivals: int,
    sharpness: float = SHARPNESS,
    on_end: Sequence[Callable[[TuneInProgress], object] | None] = (),
) -> list[TuneInProgress]:
    """Write ``tunes`` phrase by phrase.

    Args:
        batch: writes the candidates.
        tunes: the tunes at their starts.
        seeds: for each tune, the numbers that seed the generators of its candidates.
        judge: draws among the candidates.
        rivals: the number of candidates for each phrase.
        sharpness: 1 draws in proportion to the judge's ratio; more prefers the best.
        on_end: for each tune, what is called with it when it is complete; or nothing for all.

    Returns:
        The chosen tunes, in the same order.
    """
    writers = [
        PhraseByPhrase(tune, numbers, rivals=rivals, judge=judge, sharpness=sharpness, on_end=call)
        for tune, numbers, call in zip(tunes, seeds, on_end or [None] * len(tunes), strict=True)
    ]
    batch.write(candidate for writer in writers for candidate in writer.begin())
    return [writer.tune for writer in writers]


def _phrase(tune: TuneInProgress) -> tuple[int, int] | None:
    """The phrase that starts at the current position of ``tune``."""
    return tune.constraint.phrase if isinstance(tune.constraint, TuneConstraint) else None
