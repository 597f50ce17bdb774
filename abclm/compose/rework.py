"""Rewrites some bars of a tune, in metre, and judges them by the music around them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, NamedTuple

from abclm.compose.candidates import Candidate, count_notes, ranked
from abclm.compose.excerpt import Excerpt, cut_out
from abclm.compose.network import HEADER_CHARACTERS, Network
from abclm.compose.options import CHOICES
from abclm.compose.phrase_features import phrase_features, phrases
from abclm.compose.phrase_notes import Heading
from abclm.compose.reasons import Reasons
from abclm.constraint.bars_constraint import BarPlan, BarsConstraint
from abclm.constraint.header import Header
from abclm.constraint.nodes import Nodes
from abclm.constraint.prompt import Prompt
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan import Plan
from abclm.notation.cursor.plan_reader import read_plan, remembered_bars
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import Tune
from abclm.notation.write.normal_form import normal_form

__all__ = ["Redone", "redo"]

_MOST_ROUNDS: Final = 4
"""The most candidates drawn, as a multiple of those requested, since some turn out the same."""

_CHARACTERS_IN_BAR: Final = 120
"""A longer bar is one with far too many ornaments."""


@dataclass(frozen=True, slots=True)
class Redone:
    """The result of rewriting some bars of a tune.

    Attributes:
        before: the existing bars.
        candidates: new bars, all different from the existing ones and each other, best first.
    """

    before: Candidate
    candidates: tuple[Candidate, ...]


def redo(
    network: Network,
    tune: Tune,
    first: int,
    last: int,
    *,
    sampling: Sampling | None = None,
    seed: int = 0,
    count: int = CHOICES,
    on_candidate: Callable[[str], None] | None = None,
) -> Redone:
    """Rewrite the bars with the indices ``first`` to ``last``.

    Each new bar has the length of the bar it replaces. Candidates are judged by the whole tune
    with them: by how likely they are after the music before them, and how likely they make the
    music after them.

    Args:
        network: the network.
        tune: the tune, simplified for the model.
        first: index of the first bar, from 0.
        last: index of the last bar.
        sampling: how characters are drawn.
        seed: the random seed, 0 or more.
        count: the number of candidates; there may be fewer if few are different.
        on_candidate: called with the music of each as soon as it is written, in no certain order.

    Raises:
        InputError: the bars cannot be written in metre.
    """
    network.check_single()
    excerpt = cut_out(tune, first, last, network.known)
    plans = [
        BarPlan(
            _nodes(network, bar, tune.unit),
            excerpt.after[at],
            excerpt.places[at],
        )
        for at, bar in enumerate(excerpt.bars)
    ]
    work = _Work(network, tune, excerpt, plans, on_candidate)
    found: dict[tuple[str, ...], _Draw] = {}
    for start in range(0, _MOST_ROUNDS * count, count):
        for number, text, constraint in work.write(sampling or Sampling(), seed, start, count):
            if (
                constraint.is_terminated
                and constraint.written != excerpt.texts
                and len(found) < count
            ):
                found.setdefault(constraint.written, _Draw(number, text))
        if len(found) == count:
            break
    before, *judged = work.judged(found)
    return Redone(before, tuple(ranked(judged)))


class _Draw(NamedTuple):
    """A draw of new bars: its number, and the text that the model wrote up to their end."""

    number: int
    text: str


class _Work:
    """The rewriting of some bars of one tune."""

    def __init__(
        self,
        network: Network,
        tune: Tune,
        excerpt: Excerpt,
        plans: list[BarPlan],
        on_candidate: Callable[[str], None] | None,
    ) -> None:
        self._on_candidate = on_candidate
        self._network, self._tune, self._excerpt, self._plans = network, tune, excerpt, plans
        if network.planned and excerpt.requirements is None:
            raise InputError("this tune has more different bars than a plan can name")
        self._requirements = (excerpt.requirements or ()) if network.planned else ()
        self._form = normal_form(tune.key)
        self._heading = f"M:{tune.meter}\nL:{tune.unit}\nK:{self._form.normal}\n"
        rhythm = tune.value("R")
        self._rhythm = f"R:{rhythm}\n" if rhythm else ""
        start = Cursor.begin(tune.meter, tune.unit, self._form.normal).counting_on()
        self._start = start.through(excerpt.before) or start

    def write(
        self, sampling: Sampling, seed: int, first: int, count: int
    ) -> Iterator[tuple[int, str, BarsConstraint]]:
        """Yield the draws ``first`` to ``first + count - 1``: number, text and constraint."""
        constraints = [self._constraint(number) for number in range(first, first + count)]
        bars = _CHARACTERS_IN_BAR * len(self._plans)

        def report(place: int, _text: str) -> None:
            constraint = constraints[place]
            fresh = constraint.is_terminated and constraint.written != self._excerpt.texts
            if self._on_candidate is not None and fresh:
                self._on_candidate("|".join(self._sounding(constraint.written)))

        tunes = self._network.write(
            constraints,
            seed=seed,
            numbers=range(first, first + count),
            sampling=sampling,
            max_characters=HEADER_CHARACTERS + len(self._excerpt.before) + bars,
            on_end=None if self._on_candidate is None else report,
        )
        for number, (tune, constraint) in enumerate(zip(tunes, constraints, strict=True), first):
            yield number, tune.text, constraint

    def judged(self, found: Mapping[tuple[str, ...], _Draw]) -> Iterator[Candidate]:
        """Yield the existing bars and those in ``found``, with the likelihood of each tune."""
        excerpt = self._excerpt
        last_text = excerpt.after[-1]
        texts = [self._network.read_tune(self._tune)]
        for bars, draw in found.items():
            body = draw.text.index(excerpt.before, draw.text.find("\nK:"))
            texts.append(draw.text[:body] + excerpt.before + excerpt.joined(bars))
        costs = self._network.likelihood("").bits(texts)
        numbers = [-1, *(draw.number for draw in found.values())]
        choices = [excerpt.texts, *found]
        for number, bars, bits in zip(numbers, choices, costs, strict=True):
            music = excerpt.joined(bars)
            yield Candidate(
                number=number,
                text=music[: len(music) - len(last_text)],
                bits=float(bits.sum()),
                notes=count_notes(excerpt.before + music, self._tune.meter, self._tune.unit),
                bars=self._sounding(bars),
                reasons=self._reasons(excerpt.before + music),
                judged=self._judged(excerpt.before + music),
            )

    def _constraint(self, number: int) -> BarsConstraint:
        """The constraint of a draw; the draws take turns in their requirements for the plan."""
        network = self._network
        return BarsConstraint(
            Prompt(Header.of(self._tune)),
            self._excerpt.before,
            self._plans,
            masks=network.masks,
            vocabulary=network.vocabulary,
            known=network.usual,
            required=self._requirements[number % len(self._requirements)]
            if self._requirements
            else None,
            start=self._start,
            standing=self._excerpt.standing,
        )

    def _reasons(self, body: str) -> Reasons:
        """What is heard in a body in normal form, with the tonic of the tune."""
        tonic = self._tune.key.tonic if self._tune.key is not None else ""
        return replace(Reasons.of(self._heading + body), tonic=tonic)

    def _judged(self, body: str) -> float:
        """The judge's answer for the phrases that have new bars, in a body in normal form."""
        judge = self._network.judge
        if judge is None:
            return 0.0
        done = remembered_bars(self._heading + body).done
        plan, heading = read_plan(done) or Plan(), Heading.of(self._rhythm + self._heading)
        new = set(self._excerpt.places)
        return sum(
            judge.weigh(phrase_features(done, phrase, plan, heading))
            for phrase in phrases(done)
            if not new.isdisjoint(place[:2] for place in phrase)
        )

    def _sounding(self, bars: tuple[str, ...]) -> tuple[str, ...]:
        """The music of bars in the key of the tune."""
        mover = self._form.back()
        mover.move(self._excerpt.before)
        return tuple(mover.move(f"{bar}|").removesuffix("|") for bar in bars)


def _nodes(network: Network, bar: Bar, unit: Fraction) -> Nodes:
    """The grammar of a bar as long as ``bar``."""
    nodes = network.grammars.of_bar(bar.meter, unit, bar.duration)
    if nodes is None:
        raise InputError(f"no notes that the model can write fill a bar that lasts {bar.duration}")
    return nodes
