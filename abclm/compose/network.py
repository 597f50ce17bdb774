"""A trained network made ready to write: its decoder, its characters, and what it has met."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np

from abclm.compose.excerpt import model_form
from abclm.compose.judge import JUDGE, Judge, load_judge
from abclm.compose.rivals import SHARPNESS, write_by_phrases
from abclm.compose.titles import TitleWriter
from abclm.constraint.grammars import Grammars
from abclm.constraint.masks import Masks
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
from abclm.model.text import model_text
from abclm.notation.tune.music import Tune

__all__ = ["Network", "check_length"]


class Network:
    """The network of a checkpoint; what is made of it is made once, when it is first needed.

    Args:
        checkpoint: a trained network.

    Attributes:
        path: of the checkpoint's folder.
        vocabulary: its characters.
        known: the same as a set.
        usual: the keys and rhythms it knows.
        planned: whether it plans a tune before it writes it.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.path = checkpoint.path
        self.vocabulary = checkpoint.vocabulary
        self.known = frozenset(checkpoint.vocabulary.characters)
        self.usual = checkpoint.config.usual
        self.planned = "plan" in checkpoint.config.network.cues
        self._checkpoint = checkpoint

    def read(self, text: str) -> str:
        """A canonical tune as the network reads it (see `abclm.model.text`).

        Raises:
            InputError: it cannot: because of the key, of too many different bars, or of a character
                that is not in its vocabulary.
        """
        read = model_text(text, self.usual, planned=self.planned)
        self.vocabulary.encode(read)
        return read

    def read_tune(self, tune: Tune) -> str:
        """The text of a simplified tune as the network reads it.

        Raises:
            InputError: it cannot.
        """
        return self.read(model_form(tune, self.known))

    def likelihood(self, start: str) -> Likelihood:
        """The network after it has read ``start``."""
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
    ) -> list[TuneInProgress]:
        """Write what ``constraints`` allow.

        Args:
            constraints: one for each tune.
            seed: the random seed, 0 or more.
            numbers: of the tunes; each draws from a generator of its own.
            sampling: how characters are drawn.
            max_characters: what is longer is cut.
            present: gives a tune's number what makes a user's text of the model's, or of the start
                of it.
            on_character: called with each piece of the only tune as it comes, as a user sees it.
            rivals: candidates for each phrase, among which the checkpoint's judge draws, where it
                has one.
            sharpness: 1 draws in proportion to the judge's ratio; more prefers the best.

        Raises:
            InputError: there is no such seed, or an opening is longer than ``max_characters``.
        """
        if seed < 0:
            raise InputError(f"seed must be 0 or more, not {seed}")
        tunes = [
            TuneInProgress(
                # Named, because numpy may one day change what `default_rng` stands for.
                rng=np.random.Generator(np.random.PCG64([seed, number])),
                constraint=constraint,
                vocabulary=self.vocabulary,
                present=present(number),
                on_character=on_character,
            )
            for number, constraint in zip(numbers, constraints, strict=True)
        ]
        check_length(len(tunes[0].constraint.opening), max_characters)
        batch = Batch(self.decoder, self.referee, sampling, max_characters)
        if rivals > 1 and self.judge is not None:
            seeds = [[seed, number] for number in numbers]
            return write_by_phrases(
                batch, tunes, seeds, self.judge, rivals=rivals, sharpness=sharpness
            )
        batch.write(tunes)
        return tunes

    @cached_property
    def decoder(self) -> Decoder:
        """In float32."""
        return Decoder.of(self._checkpoint)

    def referee(self) -> Referee:
        """A new referee, for one tune."""
        return Referee(self._exact)

    @cached_property
    def grammars(self) -> Grammars:
        """Those of whole tunes."""
        return Grammars(self.vocabulary)

    @cached_property
    def masks(self) -> Masks:
        """Over the vocabulary."""
        return Masks(self.vocabulary)

    @cached_property
    def judge(self) -> Judge | None:
        """The judge of its phrases; None where the checkpoint has none."""
        file = self._checkpoint.path / JUDGE
        return load_judge(file) if file.is_file() else None

    @cached_property
    def titles(self) -> TitleWriter:
        """What writes titles from the words of those it has learnt from."""
        return TitleWriter(read_titles(self._checkpoint.path))

    @cached_property
    def _exact(self) -> Decoder:
        return Decoder.of(self._checkpoint, np.float64)


def check_length(given: int, most: int) -> None:
    """See that a prompt leaves room for what is to be written.

    Raises:
        InputError: it does not.
    """
    if given >= most:
        raise InputError(
            f"the prompt has {given} characters, a tune may have {most}: "
            "shorten it, or raise --max-chars"
        )
