"""The tunes of a training run as the network sees them, each in one key or in several."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abclm.corpus.transpositions import Version, versions
from abclm.model.cues import CueReader
from abclm.model.vocabulary import Ids, Vocabulary

__all__ = ["ReadTune", "Repertoire"]


@dataclass(frozen=True)
class ReadTune:
    """A tune in numbers."""

    ids: Ids
    """Of its characters, without `END_OF_TUNE`; shape `(time,)`."""
    cues: NDArray[np.int32]
    """At `END_OF_TUNE` before it and after each character; shape `(time + 1, cues)`."""

    def __len__(self) -> int:
        """The number of its characters."""
        return len(self.ids)


class Repertoire:
    """Tunes to learn from or to evaluate on.

    Args:
        texts: the model's text of each tune.
        vocabulary: that has all their characters.
        reader: of the cues.
        transposed: whether to have each tune in the other keys too that are usual for its mode, as
            far as the vocabulary can spell them.

    Raises:
        UnknownCharacterError: a character is not in the vocabulary.
    """

    def __init__(
        self,
        texts: Sequence[str],
        vocabulary: Vocabulary,
        reader: CueReader,
        *,
        transposed: bool = False,
    ) -> None:
        self._reader = reader
        known = frozenset(vocabulary.characters)
        self._texts = (
            [_spelled(tune, known) for tune in versions(texts)]
            if transposed
            else [[Version(text, 1.0)] for text in texts]
        )
        self._ids = [[vocabulary.encode(version.text) for version in tune] for tune in self._texts]
        self._read: dict[tuple[int, int], ReadTune] = {}
        self.lengths = [len(tune[0]) + 1 for tune in self._ids]
        """Characters of each tune as it stands, its end included."""

    def __len__(self) -> int:
        """The number of tunes."""
        return len(self._ids)

    def tunes(self) -> list[ReadTune]:
        """All tunes as they stand."""
        return [self._tune(place, 0) for place in range(len(self))]

    def draw(self, rng: np.random.Generator) -> list[ReadTune]:
        """All tunes in an order drawn anew, each in a key drawn by how usual it is."""
        order = rng.permutation(len(self)).tolist()
        chances = rng.random(len(self)).tolist()
        return [
            self._tune(place, self._choose(place, chance))
            for place, chance in zip(order, chances, strict=True)
        ]

    def _choose(self, place: int, chance: float) -> int:
        total = 0.0
        for index, version in enumerate(self._texts[place]):
            total += version.weight
            if chance < total:
                return index
        return 0

    def _tune(self, place: int, version: int) -> ReadTune:
        """Read when it is first drawn: a short run needs few of the other keys."""
        if (place, version) not in self._read:
            ids = self._ids[place][version]
            self._read[place, version] = ReadTune(ids, self._reader.track(ids))
        return self._read[place, version]


def _spelled(tune: Sequence[Version], known: frozenset[str]) -> list[Version]:
    """The tune as it stands, and the versions of it that have only ``known`` characters."""
    return [tune[0], *(version for version in tune[1:] if known.issuperset(version.text))]
