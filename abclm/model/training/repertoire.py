"""The tunes of a training run as the network receives them, each read once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abclm.model.cues.reader import CueReader
from abclm.model.vocabulary import Ids, Vocabulary

__all__ = ["ReadTune", "Repertoire"]


@dataclass(frozen=True)
class ReadTune:
    """A tune as numbers."""

    ids: Ids
    """The ids of its characters, without `END_OF_TUNE`; shape `(time,)`."""
    cues: NDArray[np.int32]
    """The cues at `END_OF_TUNE` before it and after each character; shape `(time + 1, cues)`."""

    def __len__(self) -> int:
        """The number of its characters."""
        return len(self.ids)


class Repertoire:
    """Tunes to learn from or to evaluate on.

    Args:
        texts: the text of each tune as a network reads it (`abclm.model.text`).
        vocabulary: a vocabulary with all their characters.
        reader: computes the cues.

    Raises:
        UnknownCharacterError: a character is not in the vocabulary.
    """

    def __init__(self, texts: Sequence[str], vocabulary: Vocabulary, reader: CueReader) -> None:
        ids = [vocabulary.encode(text) for text in texts]
        self._tunes = [ReadTune(one, reader.track(one)) for one in ids]
        self.lengths = [len(one) + 1 for one in ids]
        """Number of characters of each tune, including its end."""

    def __len__(self) -> int:
        """The number of tunes."""
        return len(self._tunes)

    def tunes(self) -> list[ReadTune]:
        """All tunes in order."""
        return list(self._tunes)

    def draw(self, rng: np.random.Generator) -> list[ReadTune]:
        """All tunes in a random order."""
        return [self._tunes[place] for place in rng.permutation(len(self)).tolist()]
