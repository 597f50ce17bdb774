"""Titles in two parts, and which part of one fits which part of another."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from abclm.compose.title_words import (
    ARTICLES,
    CONNECTORS,
    HONORIFICS,
    SMALL_WORDS,
    Words,
    is_possessive,
    names_dance,
)

__all__ = ["TitleParts", "draw"]

_OPEN_ADJECTIVE, _OPEN_PLACE = 3, 4
"""The number of different parts after which a part is taken to accept others, too."""
_ALONE = 0.05
"""How often a single word is accepted as a title, if its model is one; 1 is far too often."""

_Item = TypeVar("_Item")


def draw(rng: np.random.Generator, items: Sequence[_Item]) -> _Item:
    """Draw one of ``items``, all equally likely."""
    return items[int(rng.random() * len(items))]


class _Cut(NamedTuple):
    """A title in two parts, and the kind of joint: parts fit if the kind is the same."""

    kind: str
    left: Words
    right: Words


class TitleParts:
    """The parts of titles: which occur together, and which are cut at the same kind of joint.

    Args:
        titles: titles in lower case, in a fixed order.
    """

    def __init__(self, titles: Sequence[Words]) -> None:
        after: dict[Words, set[Words]] = defaultdict(set)
        before: dict[Words, set[Words]] = defaultdict(set)
        for words in titles:
            for left, right in _halves(words):
                after[left].add(right)
                before[right].add(left)
        self._after = {left: sorted(rights) for left, rights in after.items()}
        self._before = {right: sorted(lefts) for right, lefts in before.items()}
        self._places = frozenset(
            right
            for left, rights in after.items()
            if left[-1] == "of" and len(rights) >= _OPEN_PLACE
            for right in rights
        )
        self._cuts: dict[str, list[_Cut]] = {}
        for cut in (cut for words in titles for cut in self._cut(words)):
            self._cuts.setdefault(cut.kind, []).append(cut)

    def vary(self, rng: np.random.Generator, model: Words) -> Words:
        """``model`` with one part replaced; it may be a known title, or empty."""
        if len(model) == 1:
            return self._word_of(rng, "of place") if rng.random() < _ALONE else ()
        if len(model) == 2 and model[0] == "the":
            word = self._word_of(rng, "the adjective")
            return (*model[:1], *word) if word else ()
        cuts = [*self._cut(model), *self._cuts_met_elsewhere(model)]
        if not cuts:
            return ()
        kind, left, right = draw(rng, cuts)
        if not kind:
            return left + draw(rng, self._after[draw(rng, self._before[right])])
        other = draw(rng, self._cuts[kind])
        return left + other.right if rng.random() < 0.5 else other.left + right

    def _word_of(self, rng: np.random.Generator, kind: str) -> Words:
        """The right part of a random cut of a ``kind``, if it is a single word, else empty."""
        cuts = self._cuts.get(kind)
        right = draw(rng, cuts).right if cuts else ()
        return right if len(right) == 1 else ()

    def _cuts_met_elsewhere(self, words: Words) -> Iterator[_Cut]:
        """The cuts whose right part has other left parts, which have other right parts.

        ``Julia Delaney``, ``Paddy Delaney`` and ``Paddy Murphy`` lead to ``Julia Murphy``.
        """
        for left, right in _halves(words):
            is_open = len(left) > 1 or len(self._after[left]) > 1
            if is_open and len(self._before[right]) > 1:
                yield _Cut("", left, right)

    def _cut(self, words: Words) -> Iterator[_Cut]:
        """The cuts of a title at joints of a known kind."""
        for place in range(1, len(words)):
            left, right = words[:place], words[place:]
            kind = "" if right[0] in SMALL_WORDS else self._kind(left, right)
            if kind:
                yield _Cut(kind, left, right)
        if is_possessive(words[-1]):
            yield _Cut("owned", words, ())

    def _kind(self, left: Words, right: Words) -> str:
        """The kind of joint between ``left`` and ``right``, or an empty string."""
        if is_possessive(left[-1]):
            return "owned"
        joint = _joint(left) or self._name_joint(left, right)
        if not joint:
            return self._noun_joint(left) if len(right) == 1 else ""
        if any(map(is_possessive, right)):
            return f"{joint}, owner"
        return f"{joint}, dance" if any(map(names_dance, right)) else joint

    def _name_joint(self, left: Words, right: Words) -> str:
        """The joint before the name of a place or a person, or an empty string."""
        if left[-1] == "of" and len(left) > 1:
            is_open = len(self._after.get(left, ())) >= _OPEN_PLACE
            return "of place" if is_open or right in self._places else "of thing"
        if len(left) > 1 or left[0] not in HONORIFICS:
            return ""
        is_surname = len(right) == 1 or is_possessive(right[0]) or right[1] in CONNECTORS
        return "surname" if is_surname and left != ("sir",) else HONORIFICS[left[0]]

    def _noun_joint(self, left: Words) -> str:
        """The joint before a last word: ``Saddle the Pony``, ``The Jolly Weaver``."""
        if len(left) == 2 and left[-1] == "the" and left[0] not in SMALL_WORDS:
            return "verb the"
        adjective = left if left[0] == "the" else ("the", *left)
        if len(adjective) == 2 and len(self._after.get(adjective, ())) >= _OPEN_ADJECTIVE:
            return "the adjective" if left[0] == "the" else "adjective"
        return ""


def _halves(words: Words) -> Iterator[tuple[Words, Words]]:
    """The ways to cut a title; the left part has a content word, and no dance is cut off."""
    for place in range(1, len(words)):
        left, right = words[:place], words[place:]
        if names_dance(left[-1]) or names_dance(right[0]):
            continue
        if any(word not in SMALL_WORDS for word in left):
            yield left, right


def _joint(left: Words) -> str:
    """The connector at the end of ``left``, with its article: ``in the``; or an empty string.

    A bare ``of`` is left to `_name_joint`, and a bare ``and`` joins words that belong together.
    """
    size = 2 if left[-1] in ARTICLES else 1
    if len(left) <= size or left[-size] not in CONNECTORS or left[-1] in {"of", "and"}:
        return ""
    return " ".join(left[-size:])
