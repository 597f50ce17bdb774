"""New titles for new tunes, joined from parts of the titles of the training tunes."""

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
"""The title where no words for one are known."""

_MODELS, _TRIES = 60, 8
"""How many training titles are taken as a model for a new one, and how often each."""
_ENOUGH = 20
"""With fewer titles of the rhythm, those of all rhythms are models."""
_MOST_WORDS = 7
_PUNCTUATION = ".,;:!?()[]\"'-"


class TitleWriter:
    """Draws titles that read like those of the training tunes, but are not among them.

    A training title is the model of a new one: it is cut in two, and one part is replaced by a
    part of another title, cut at the same kind of joint. ``The Boys of Portaferry`` and ``The Maid
    of Listowell`` make ``The Boys of Listowell``.

    Args:
        known: the titles of the training tunes; their order does not matter.
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
        """A new title for a tune of ``rhythm`` and ``meter``; the same ``rng`` gives the same one.

        A dance is named only where it is the tune's. Where the training titles bring no new
        title, the last words of one are taken, and `UNTITLED` as a last resort.
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
        """The titles that the last words of a title make."""
        for start in range(1, len(words)):
            title = self._title(words[start:], dance)
            if title:
                yield title

    def _title(self, words: Words, dance: str) -> str:
        """The text of ``words`` if they are a new title, else an empty text.

        The dance is added where an owner would end the title.
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
    """All words of ``titles``, without case and punctuation, as `known_share` asks for them."""
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
    """What no new title may share with ``title``."""
    text = plain_text(title)
    yield normalise_title(text)
    yield title_key(tuple(text.split()))
    words = read_words(title)
    if words:
        yield title_key(words)


def _spellings(titles: Sequence[Words]) -> Mapping[str, str]:
    """The spelling of every word inside a title, by its key.

    It is the commonest. Where most titles write their words with a capital, every word but
    `SMALL_WORDS` has one.
    """
    inside: dict[str, Counter[str]] = defaultdict(Counter)
    for words in titles:
        for place, word in enumerate(words):
            # A first word's capital says nothing: it counts only where there is nothing else.
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
