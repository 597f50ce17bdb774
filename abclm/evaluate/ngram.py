"""The baseline: a character n-gram with interpolated, modified Kneser-Ney smoothing.

A probability is the discounted relative frequency after the longest context, plus the mass that the
discounts set free times the probability after the context one character shorter, and so on down to
the uniform distribution. Shorter contexts count not how often a character followed, but after how
many different longer contexts it did (Chen & Goodman, An Empirical Study of Smoothing Techniques
for Language Modeling, 1999, section 3). On the tunes here it needs a sixth fewer bits than
Witten-Bell smoothing of the same order.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.evaluate.bits import Costs
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

__all__ = ["ORDER", "NGram"]

ORDER: Final = 6
"""The number of preceding characters from which a character is predicted."""

_DISCOUNTED = 3
"""Counts of 1, 2, and 3 or more have discounts of their own (Chen and Goodman, 1999)."""
_LEAST = 0.01
"""The smallest discount: without one, a character not seen after a context would be impossible."""
_CACHED = 1 << 15
"""The number of contexts whose probabilities are kept; the same ones return again and again."""

_Numbers = NDArray[np.int64]
_Shares = NDArray[np.float64]


class NGram:
    """Predicts each character of a tune from the ``order`` characters before it.

    Args:
        vocabulary: the characters; each is possible everywhere.
        texts: one or more tunes to learn from.
        order: the number of characters of context.
    """

    def __init__(self, vocabulary: Vocabulary, texts: Sequence[str], order: int = ORDER) -> None:
        self._vocabulary = vocabulary
        self._order = order
        before, targets = self._windows(texts)
        self._levels = _learn(before, targets, vocabulary.size)
        self._after = lru_cache(maxsize=_CACHED)(self._probabilities)

    def costs(self, texts: Sequence[str]) -> list[Costs]:
        """Return the cost of each character of each text, and of the end of the tune after it.

        Raises:
            UnknownCharacterError: the vocabulary lacks a character.
        """
        before, targets = self._windows(texts)
        size = self._vocabulary.size
        likely = np.full(len(targets), 1 / size)
        places = np.zeros(len(targets), np.int64)
        seen = np.ones(len(targets), np.bool_)
        for depth, level in enumerate(self._levels):
            if depth:
                places, found = _find(level.contexts, places * size + before[:, -depth])
                seen &= found
            entry, follows = _find(level.pairs, places * size + targets)
            share = np.where(follows, level.shares[entry], 0.0)
            likely = np.where(seen, share + level.left[places] * likely, likely)
        ends = np.cumsum([len(text) + 1 for text in texts])
        return np.split(-np.log2(likely), ends[:-1])

    def sample(
        self, rng: np.random.Generator, most: int, temperature: float = 1.0
    ) -> tuple[str, bool]:
        """Sample a tune; return it, and whether it ended within ``most`` characters.

        Args:
            rng: the random generator.
            most: the most characters.
            temperature: below 1 tamer, above 1 wilder, 0 always the likeliest.
        """
        written: list[int] = []
        while len(written) < most:
            padded = [END_OF_TUNE] * self._order + written
            likely = self._after(tuple(padded[len(padded) - self._order :]))
            drawn = _draw(likely, rng, temperature)
            if drawn == END_OF_TUNE:
                return self._vocabulary.decode(written), True
            written.append(drawn)
        return self._vocabulary.decode(written), False

    def _probabilities(self, context: tuple[int, ...]) -> _Shares:
        """Return the probability of every character after ``context``, shape ``(vocabulary,)``."""
        size = self._vocabulary.size
        likely = np.full(size, 1 / size)
        place = 0
        for depth, level in enumerate(self._levels):
            if depth:
                wanted = place * size + context[-depth]
                place = int(np.searchsorted(level.contexts, wanted))
                if place == len(level.contexts) or level.contexts[place] != wanted:
                    break
            first, stop = np.searchsorted(level.pairs, [place * size, (place + 1) * size])
            likely = likely * level.left[place]
            likely[level.pairs[first:stop] - place * size] += level.shares[first:stop]
        return likely

    def _windows(self, texts: Sequence[str]) -> tuple[_Numbers, _Numbers]:
        """Return the context of each character, shape ``(characters, order)``, and the character.

        A tune is padded with ends of tunes at the front, and ends with one.
        """
        padding = [END_OF_TUNE] * self._order
        windows = [
            np.lib.stride_tricks.sliding_window_view(
                np.array([*padding, *self._vocabulary.encode(text), END_OF_TUNE], np.int64),
                self._order + 1,
            )
            for text in texts
        ]
        joined = np.concatenate(windows)
        return joined[:, :-1], joined[:, -1]


class _Level(NamedTuple):
    """The characters that followed all contexts of one length.

    A context is identified by the index of its key in ``contexts``. The key is the index of the
    context one character shorter, times the size of the vocabulary, plus its oldest character.

    Attributes:
        contexts: the keys, sorted.
        pairs: context times the size of the vocabulary plus the character that followed, sorted.
        shares: for each pair, its discounted count divided by the count of its context.
        left: for each context, the share that the discounts have set free.
    """

    contexts: _Numbers
    pairs: _Numbers
    shares: _Shares
    left: _Shares


def _learn(before: _Numbers, targets: _Numbers, size: int) -> list[_Level]:
    keys = [np.zeros(1, np.int64)]
    places = [np.zeros(len(targets), np.int64)]
    for depth in range(1, before.shape[1] + 1):
        found, inverse = np.unique(places[-1] * size + before[:, -depth], return_inverse=True)
        keys.append(found)
        places.append(inverse)
    levels: list[_Level] = []
    last = len(keys) - 1
    for depth, contexts in enumerate(keys):
        pairs = places[depth] * size + targets
        if depth < last:
            longer = np.unique(places[depth + 1] * size + targets, return_index=True)[1]
            pairs = pairs[longer]
        pairs, counts = np.unique(pairs, return_counts=True)
        levels.append(_discounted(contexts, pairs, counts, size))
    return levels


def _discounted(contexts: _Numbers, pairs: _Numbers, counts: _Numbers, size: int) -> _Level:
    owners = pairs // size
    taken = _discounts(counts)[np.minimum(counts, _DISCOUNTED)]
    totals = np.bincount(owners, counts, len(contexts))
    left = np.bincount(owners, taken, len(contexts)) / totals
    return _Level(contexts, pairs, (counts - taken) / totals[owners], left)


def _discounts(counts: _Numbers) -> _Shares:
    """Return the discounts of counts 0, 1, 2, and 3 or more (Chen & Goodman, equation 17).

    They are one half if a corpus is too small for the equation. A discount is never zero, because a
    character that was not seen after a context is still possible.
    """
    ones, twos, threes, fours = (int((counts == number).sum()) for number in (1, 2, 3, 4))
    if not (ones and twos and threes):
        return np.array([0.0, 0.5, 0.5, 0.5])
    ratio = ones / (ones + 2 * twos)
    equation = np.array(
        [
            1 - 2 * ratio * twos / ones,
            2 - 3 * ratio * threes / twos,
            3 - 4 * ratio * fours / threes,
        ]
    )
    return np.concatenate([[0.0], np.clip(equation, _LEAST, [1.0, 2.0, 3.0])])


def _find(keys: _Numbers, wanted: _Numbers) -> tuple[_Numbers, NDArray[np.bool_]]:
    """Return the index of each of ``wanted`` in the sorted ``keys``, and whether it is there."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return places, keys[places] == wanted


def _draw(likely: _Shares, rng: np.random.Generator, temperature: float) -> int:
    if temperature == 0:
        return int(np.argmax(likely))
    weights = (likely / likely.max()) ** (1 / temperature)
    sums = np.cumsum(weights)
    return int(np.searchsorted(sums, rng.random() * sums[-1], "right"))
