"""A trained network prepared for writing: its decoder, its characters, and what it knows."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from abclm.compose.excerpt import model_form
from abclm.compose.judge import JUDGE, Judge, load_judge
from abclm.compose.rivals import SHARPNESS, write_by_phrases
from abclm.compose.titles import TitleWriter
from abclm.constraint.grammars import Grammars
from abclm.constraint.masks import Masks
from abclm.constraint.voices_grammars import VoicesGrammars
from abclm.decoding.batch import Batch
from abclm.decoding.constraint import Constraint
from abclm.decoding.decoder import Decoder
from abclm.decoding.likelihood import Likelihood
from abclm.decoding.referee import Referee
from abclm.decoding.sampling import Sampling
from abclm.decoding.tune_in_progress import TuneInProgress
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.checkpoint.title_list import read_titles
from abclm.model.rows_text import piece_text
from abclm.model.text import model_text
from abclm.notation.tune.music import Tune

__all__ = ["HEADER_CHARACTERS", "Network", "check_length"]

HEADER_CHARACTERS: Final = 600
"""The most characters in a header with a plan."""


class Network:
    """The network of a checkpoint; its parts are prepared once, when they are first needed.

    Args:
        checkpoint: a trained network.

    Attributes:
        path: the checkpoint's folder.
        vocabulary: the network's vocabulary.
        known: its characters as a set.
        usual: the keys and rhythms that the network knows.
        planned: whether it plans a tune before writing it.
        several: whether it writes several voices.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.path = checkpoint.path
        self.vocabulary = checkpoint.vocabulary
        self.known = frozenset(checkpoint.vocabulary.characters)
        self.usual = checkpoint.config.usual
        self.planned = "plan" in checkpoint.config.network.cues
        self.several = "voices" in checkpoint.config.network.cues
        self._checkpoint = checkpoint

    def check_single(self) -> None:
        """Check that it writes tunes of one voice.

        Raises:
            InputError: it writes several.
        """
        if self.several:
            raise InputError(
                "this model writes several voices: use one of a single voice, such as irish"
            )

    def read(self, text: str) -> str:
        """Convert a canonical tune to the network's text (see `abclm.model.text`).

        Raises:
            InputError: the network cannot read it because of the key, too many different bars, or a
                character that is not in its vocabulary.
        """
        if self.several:
            read = piece_text(text, self.usual)
        else:
            read = model_text(text, self.usual, planned=self.planned)
        self.vocabulary.encode(read)
        return read

    def read_tune(self, tune: Tune) -> str:
        """Convert a simplified tune to the network's text.

        Raises:
            InputError: the network cannot read it.
        """
        return self.read(model_form(tune, self.known))

    def likelihood(self, start: str) -> Likelihood:
        """Return the network after it has read ``start``."""
        return Likelihood(self.decoder, self.vocabulary, start)

    def write(
        self,
        constraints: Iterable[Constraint],
        *,
        seed: int,
        numbers: Sequence[int],
        sampling: Sampling,
        max_characters: int,
        present: Callable[[int], Callable[[str], str]] = lambda _number: str,
        on_character: Callable[[str], None] | None = None,
        rivals: int = 1,
        sharpness: float = SHARPNESS,
        on_end: Callable[[int, str], None] | None = None,
    ) -> list[TuneInProgress]:
        """Write tunes under ``constraints``.

        Args:
            constraints: one for each tune.
            seed: the random seed, 0 or more.
            numbers: the numbers of the tunes; each draws from its own generator.
            sampling: how characters are drawn.
            max_characters: the length, in characters, at which a tune is cut.
            present: for a tune's number, returns the function that converts the model's text, or
                the start of it, to the user's.
            on_character: called with each new piece of the only tune, as a user sees it.
            rivals: the number of candidates for each phrase, from which the checkpoint's judge
                draws, if it has one.
            sharpness: 1 draws in proportion to the judge's ratio; more prefers the best.
            on_end: called with the place of a tune among them, and its text, when it is complete.

        Raises:
            InputError: the seed is negative, or an opening is longer than ``max_characters``.
        """
        if seed < 0:
            raise InputError(f"seed must be 0 or more, not {seed}")
        tunes = [
            TuneInProgress(
                # Named, because numpy may one day change the generator of `default_rng`.
                rng=np.random.Generator(np.random.PCG64([seed, number])),
                constraint=constraint,
                vocabulary=self.vocabulary,
                present=present(number),
                on_character=on_character,
            )
            for number, constraint in zip(numbers, constraints, strict=True)
        ]
        check_length(len(tunes[0].constraint.opening), max_characters)
        calls = [] if on_end is None else [_caller(place, on_end) for place in range(len(tunes))]
        batch = Batch(self.decoder, self.referee, sampling, max_characters)
        if rivals > 1 and self.judge is not None:
            seeds = [[seed, number] for number in numbers]
            return write_by_phrases(
                batch,
                tunes,
                seeds,
                self.judge,
                rivals=rivals,
                sharpness=sharpness,
                on_end=calls,
            )
        for tune, call in zip(tunes, calls, strict=False):
            tune.then = call
        batch.write(tunes)
        return tunes

    @cached_property
    def decoder(self) -> Decoder:
        """The decoder in float32."""
        return Decoder.of(self._checkpoint)

    def referee(self) -> Referee:
        """Create a referee for one tune."""
        return Referee(self._exact)

    @cached_property
    def grammars(self) -> Grammars:
        """The grammars over the vocabulary."""
        return Grammars(self.vocabulary)

    @cached_property
    def voices_grammars(self) -> VoicesGrammars:
        """The grammars of several voices over the vocabulary."""
        return VoicesGrammars(self.vocabulary)

    @cached_property
    def masks(self) -> Masks:
        """The masks over the vocabulary."""
        return Masks(self.vocabulary)

    @cached_property
    def judge(self) -> Judge | None:
        """The judge of its phrases; None if the checkpoint has none."""
        file = self._checkpoint.path / JUDGE
        return load_judge(file) if file.is_file() else None

    @cached_property
    def titles(self) -> TitleWriter:
        """Writes titles from the words of the training titles."""
        return TitleWriter(read_titles(self._checkpoint.path))

    @cached_property
    def _exact(self) -> Decoder:
        return Decoder.of(self._checkpoint, np.float64)


def _caller(
    place: int, on_end: Callable[[int, str], None]
) -> Callable[[TuneInProgress], tuple[TuneInProgress, ...]]:
    """Return what passes a complete tune to ``on_end``; no tune follows from it."""

    def call(tune: TuneInProgress) -> tuple[TuneInProgress, ...]:
        on_end(place, tune.text)
        return ()

    return call


def check_length(given: int, most: int) -> None:
    """Check that a prompt leaves room for new text.

    Raises:
        InputError: it does not.
    """
    if given >= most:
        raise InputError(
            f"the prompt has {given} characters, a tune may have {most}: "
            "shorten it, or raise --max-chars"
        )
