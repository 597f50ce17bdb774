"""Writes tunes with a trained network, one or many.

Tune ``i`` of a seed draws from its own random generator, one number for each character that the
model chooses. So it comes out the same alone, in a batch, and on another machine (see
`abclm.decoding.referee`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from abclm.compose.network import Network, check_length
from abclm.compose.presentation import Presentation
from abclm.compose.rivals import SHARPNESS
from abclm.compose.settings import MAX_CHARACTERS
from abclm.compose.several import SeveralPresentation, prompt_piece, several_constraint
from abclm.constraint.header_constraint import Unconstrained
from abclm.constraint.passing import passes
from abclm.constraint.prompt import Prompt
from abclm.constraint.requirements import Requirements
from abclm.constraint.tune_constraint import TuneConstraint
from abclm.decoding.constraint import Constraint
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.notation.check.validate import validate

__all__ = ["Composer", "GeneratedTune"]

_TITLE = 2**32
"""The number of the generator for a tune's title."""


@dataclass(frozen=True, slots=True)
class GeneratedTune:
    """A tune as it was written.

    Attributes:
        text: ABC without ``X:``, ending in a line end.
        seed: the random seed.
        number: the number of the tune for that seed, from 0.
        ended: whether the model ended it; else it was cut after the last bar within the limit.
        log2_probability: the sum over all drawn characters, including any cut off, under the model
            itself (temperature 1, no cuts, no mask); 0 or less.
        characters: number of draws, including the end of the tune. Given text and characters
            without an alternative are fed, not drawn.
        forced: number of draws forced against the model: forbidden characters had more than
            `abclm.decoding.tune_in_progress.MOST_REMOVED` of the probability, and going back to the
            start of the bar did not help.
        taken: bits that the grammar took from the model: the sum over all draws of minus log2 of
            the probability that it left.
        returns: number of times that it went back to the start of a bar.
        reference_number: the number in the prompt's ``X:``, if any.
        read: the tune as the network reads it, with its plan, in normal form.
    """

    text: str
    seed: int
    number: int
    ended: bool
    log2_probability: float
    characters: int
    forced: int = 0
    taken: float = 0.0
    returns: int = 0
    reference_number: int | None = None
    read: str = ""


class Composer(Network):
    """Writes tunes with the network of a checkpoint, which is prepared only once."""

    def generate(
        self,
        prompt: Prompt | None = None,
        *,
        sampling: Sampling | None = None,
        seed: int = 0,
        count: int = 1,
        first: int = 0,
        numbers: Sequence[int] | None = None,
        max_characters: int = MAX_CHARACTERS,
        raw: bool = False,
        requirements: Requirements | None = None,
        rivals: int = 1,
        sharpness: float = SHARPNESS,
        on_character: Callable[[str], None] | None = None,
    ) -> list[GeneratedTune]:
        """Write the tunes ``first`` to ``first + count - 1`` of a seed, or those of ``numbers``.

        Args:
            prompt: the start of every tune.
            sampling: how characters are drawn.
            seed: the random seed, 0 or more.
            count: how many tunes to write.
            first: the number of the first tune.
            numbers: the numbers of the tunes, instead of ``first`` and ``count``.
            max_characters: the maximum length. A tune is led to its end before it; a raw one is cut
                after its last bar.
            raw: whether the model writes without constraint, even half a header or a long bar.
            requirements: the required form, range and length; not with ``raw``.
            rivals: the number of candidates for each phrase, from which the checkpoint's judge
                draws; 1 for the network alone. Not with ``raw``.
            sharpness: 1 draws in proportion to the judge's ratio; more prefers the best.
            on_character: called with each new piece of the tune, the prompt first. A tune that is
                cut has then been shown uncut. For one tune only.

        Returns:
            The tunes in the order of ``numbers``.

        Raises:
            InputError: an argument or the prompt cannot be used.
        """
        _at_least("count", count, 1)
        _at_least("number of the first tune", first, 0)
        numbers = range(first, first + count) if numbers is None else numbers
        if on_character is not None and len(numbers) != 1:
            raise InputError("only one tune at a time can be shown while it is written")
        prompt = prompt or Prompt()
        check_length(len(prompt.music), max_characters)
        if not (raw or self.several):
            prompt.check_music()
        if not self.several:
            prompt.check(self.vocabulary)
        requirements = None if raw else requirements or Requirements()
        tunes = self.write(
            (self._constraint(prompt, requirements, max_characters) for _ in numbers),
            seed=seed,
            numbers=numbers,
            sampling=sampling or Sampling(),
            max_characters=max_characters,
            present=lambda number: self._presentation(prompt, seed, number),
            on_character=on_character,
            rivals=1 if raw else rivals,
            sharpness=sharpness,
        )
        if not (raw or self.several) and (prompt.notes or prompt.aside):
            for tune in tunes:
                _check_whole(tune.finished_text())
        return [
            GeneratedTune(
                text=tune.finished_text(),
                seed=seed,
                number=number,
                ended=tune.ended,
                log2_probability=tune.log2_probability,
                characters=tune.drawn,
                forced=tune.forced,
                taken=tune.taken,
                returns=tune.returns,
                reference_number=prompt.reference_number,
                read=tune.text,
            )
            for number, tune in zip(numbers, tunes, strict=True)
        ]

    def passes(self, tune: GeneratedTune) -> bool:
        """Whether the grammar would have allowed ``tune``, which was written without it."""
        constraint = self._constraint(Prompt(), Requirements(), MAX_CHARACTERS)
        return tune.ended and passes(constraint, tune.read, self.vocabulary)

    def _constraint(
        self, prompt: Prompt, requirements: Requirements | None, limit: int
    ) -> Constraint:
        if self.several:
            return several_constraint(self, prompt, requirements, limit)
        if requirements is not None and (requirements.voices or 1) > 1:
            raise InputError(
                "this model writes one voice: use one of several: --checkpoint chorales"
            )
        if requirements is not None and (requirements.ranges or requirements.parallels):
            option = "--ranges" if requirements.ranges else "--no-parallels"
            raise InputError(f"{option} is for several voices: give --voices, or leave it out")
        if requirements is None:
            return Unconstrained(prompt, self.usual, planned=self.planned)
        return TuneConstraint(
            prompt,
            self.masks,
            self.grammars,
            requirements,
            limit,
            known=self.usual,
            planned=self.planned,
        )

    def _presentation(self, prompt: Prompt, seed: int, number: int) -> Callable[[str], str]:
        if self.several:
            piece = prompt_piece(prompt, self.usual)
            return SeveralPresentation(prompt, 0 if piece is None else len(piece.rows))
        return Presentation(prompt, self._title(seed, number))

    def _title(self, seed: int, number: int) -> Callable[[str | None, str | None], str]:
        """Return a function that writes one tune's title, the same on each call."""

        def title(rhythm: str | None, meter: str | None) -> str:
            rng = np.random.Generator(np.random.PCG64([seed, number, _TITLE]))
            return self.titles.write(rng, rhythm, meter)

        return title


def _check_whole(text: str) -> None:
    """Check that a tune that began with given notes is playable.

    Raises:
        InputError: it is not, because the grammar does not cover something in the prompt.
    """
    first = f"X:1\n{text}" if "\nT:" in f"\n{text}" else f"X:1\nT:untitled\n{text}"
    for problem in validate(first, strict=True):
        raise InputError(
            f"this prompt leads to no playable tune ({problem.rule}: {problem.message}): "
            "fix it (abclm validate), or use --raw"
        )


def _at_least(name: str, value: int, least: int) -> None:
    if value < least:
        raise InputError(f"{name} must be {least} or more, not {value}")
