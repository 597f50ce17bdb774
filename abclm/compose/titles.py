"""New titles for new tunes, made from parts of the titles of the training tunes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from abclm.compose.title_parts import TitleParts, draw
from abclm.compose.title_words import (
    SMALL_WORDS,
    Words,
    are_well_formed,
    fit_dance,
    is_possessive,
    plain_text,
    read_words,
    rhythm_of,
    title_key,
    word_key,
)
from abclm.model.checkpoint.title_list import KnownTitle
from abclm.notation.tune.titles import normalise_title

__all__ = ["UNTITLED", "TitleWriter", "known_share", "known_words"]

UNTITLED: Final = "Untitled"
"""The title if no words for one are known."""

_MODELS, _TRIES = 60, 8
"""The number of training titles tried as models for a new one, and of tries for each."""
_ENOUGH = 20
"""The minimum number of titles with the tune's rhythm; with fewer, all titles are models."""
_MOST_WORDS = 7
"""Of 1,000 titles of the shipped corpus, 6 have more."""
_PUNCTUATION = ".,;:!?()[]\"'-"


class TitleWriter:
    """Draws titles that read like those of the training tunes, but are not among them.

    A training title is the model of a new one: it is cut in two, and one part is replaced by a
    part of another title, cut at the same kind of joint. ``The Boys of Portaferry`` and ``The Maid
    of Listowell`` make ``The Boys of Listowell``.

    Args:
        known: the titles of the training tunes, in any order.
    """

    def __init__(self, known: Iterable[KnownTitle]) -> None:
        titles = sorted(set(known))
        read = [(one.rhythm, words) for one in titles if (words := read_words(one.title))]
        self._taken = frozenset(key for one in titles for key in _keys(one.title))
        self._spelling = _spellings([words for _, words in read])
        self._finals = frozenset(word_key(words[-1]) for _, words in read)
        self._of_rhythm: dict[str, list[Words]] = {}
        self._models: list[Words] = []
        for rhythm, words in read:
            model = tuple(map(word_key, words))
            self._models.append(model)
            self._of_rhythm.setdefault(rhythm, []).append(model)
        self._parts = TitleParts(self._models)

    def write(
        self, rng: np.random.Generator, rhythm: str | None = None, meter: str | None = None
    ) -> str:
        """Write a title for a tune of ``rhythm`` and ``meter``; the same ``rng`` gives the same.

        A title names a dance only if the tune is one. If the training titles make no new title, it
        is the last words of one of them, and `UNTITLED` as a last resort.
        """
        dance = rhythm_of(rhythm, meter)
        models = self._of_rhythm.get(dance, [])
        if not dance or len(models) < _ENOUGH:
            models = self._models
        if not models:
            return UNTITLED
        for _ in range(_MODELS):
            model = draw(rng, models)
            for _ in range(_TRIES):
                title = self._title(self._parts.vary(rng, model), dance)
                if title:
                    return title
        endings = sorted({title for words in self._models for title in self._endings(words, dance)})
        return draw(rng, endings) if endings else UNTITLED

    def _endings(self, words: Words, dance: str) -> Iterator[str]:
        """The titles that consist of the last words of a title."""
        for start in range(1, len(words)):
            title = self._title(words[start:], dance)
            if title:
                yield title

    def _title(self, words: Words, dance: str) -> str:
        """The text of ``words`` if they make a new title, else an empty string.

        The dance is added if a possessive would end the title.
        """
        if words and dance and is_possessive(words[-1]):
            words = (*words, dance.rsplit(maxsplit=1)[-1])
        if not words or len(words) > _MOST_WORDS or words[-1] not in self._finals:
            return ""
        if not are_well_formed(words) or not fit_dance(words, dance):
            return ""
        first, *others = (self._spelling[word] for word in words)
        text = " ".join((_capitalise(first), *others))
        keys = {title_key(words), normalise_title(text)}
        return "" if "" in keys or keys & self._taken else text


def known_words(titles: Iterable[str]) -> frozenset[str]:
    """All words of ``titles``, without case and punctuation, for `known_share`."""
    return frozenset(word for title in titles for word in _bare_words(title))


def known_share(title: str, words: Collection[str]) -> float:
    """The share of the words of ``title`` that are among ``words``, from `known_words`.

    It is 1 for a title without words.
    """
    found = _bare_words(title)
    return sum(word in words for word in found) / len(found) if found else 1.0


def _bare_words(title: str) -> list[str]:
    bare = (word.casefold().strip(_PUNCTUATION) for word in plain_text(title).split())
    return [word for word in bare if word]


def _keys(title: str) -> Iterator[str]:
    """The keys that no new title may share with ``title``."""
    text = plain_text(title)
    yield normalise_title(text)
    yield title_key(tuple(text.split()))
    words = read_words(title)
    if words:
        yield title_key(words)


def _spellings(titles: Sequence[Words]) -> Mapping[str, str]:
    """The spelling of every word inside a title, by its key.

    It is the commonest one. If most titles capitalise their words, all words but `SMALL_WORDS` are
    capitalised.
    """
    inside: dict[str, Counter[str]] = defaultdict(Counter)
    for words in titles:
        for place, word in enumerate(words):
            # A first word's capital means nothing: it counts only if there is no other spelling.
            inside[word_key(word)][word] += 2 * len(titles) if place else 1
    usual = {key: _commonest(forms) for key, forms in inside.items()}
    content = [word for words in titles for word in words[1:] if word_key(word) not in SMALL_WORDS]
    if 2 * sum(not word[0].islower() for word in content) < len(content):
        return usual
    return {
        key: key if key in SMALL_WORDS else _capitalise(word) for key, word in sorted(usual.items())
    }


def _commonest(forms: Mapping[str, int]) -> str:
    return max(sorted(forms), key=lambda form: (forms[form], not form[0].islower()))


def _capitalise(word: str) -> str:
    return word[0].upper() + word[1:]
