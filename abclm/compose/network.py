"""A trained network made ready to write: its decoder, its characters, and what it has met."""

from functools import cached_property

import numpy as np

from abclm.compose.judge import JUDGE, Judge, load_judge
from abclm.compose.titles import TitleWriter
from abclm.constraint.grammars import Grammars
from abclm.constraint.masks import Masks
from abclm.decoding.decoder import Decoder
from abclm.decoding.referee import Referee
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.checkpoint.title_list import read_titles
from abclm.model.text import model_text

__all__ = ["Network"]


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
