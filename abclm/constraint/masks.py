"""Masks over the ids of one vocabulary."""

import numpy as np

from abclm.decoding.constraint import Mask
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

__all__ = ["Masks"]


class Masks:
    """Masks over the ids of one vocabulary, cached.

    Args:
        vocabulary: the model's vocabulary.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._made: dict[str, Mask] = {}
        blanks = [character for character in vocabulary.characters if character.isspace()]
        self.first_of_value = self._all_but(*blanks, end=False)
        self.value = self._all_but(end=False)
        self.first_of_body = self._all_but("\n", end=False)
        self.first_of_line = self._all_but("\n", end=True)

    def only(self, characters: str, *, end: bool = False) -> Mask:
        """Only the known ones among ``characters``, and the end of the tune if ``end``."""
        key = characters + "\0" * end
        if key not in self._made:
            mask = np.zeros(self._vocabulary.size, np.bool_)
            known = set(characters).intersection(self._vocabulary.characters)
            mask[self._vocabulary.encode("".join(sorted(known)))] = True
            mask[END_OF_TUNE] = end
            self._made[key] = mask
        return self._made[key]

    def without(self, mask: Mask, characters: str) -> Mask:
        """``mask`` without ``characters``, unless nothing else is left."""
        if not characters:
            return mask
        others = mask & ~self.only(characters)
        return others if others.any() else mask

    def _all_but(self, *characters: str, end: bool) -> Mask:
        mask = np.ones(self._vocabulary.size, np.bool_)
        known = set(characters).intersection(self._vocabulary.characters)
        mask[self._vocabulary.encode("".join(sorted(known)))] = False
        mask[END_OF_TUNE] = end
        return mask
