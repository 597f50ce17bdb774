"""The states of a grammar that have been reached, each with its mask, cached."""

from collections import deque
from collections.abc import Hashable, Mapping
from typing import Final, NamedTuple

from abclm.constraint.grammar import Grammar
from abclm.constraint.masks import Masks
from abclm.decoding.constraint import Mask
from abclm.model.vocabulary import Vocabulary
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.state import State

__all__ = ["DETOURS", "Node", "Nodes", "longest_length", "shortest_end"]

_ANY_NOTE: Final = "A"
DETOURS: Final = "^~{[(az ><-"
"""Characters that bring a tune no nearer to its end."""


class Node(NamedTuple):
    """What may come in one state.

    Attributes:
        mask: the ids that may come next, shape ``(vocabulary,)``.
        successors: the same as characters, one of each group that leads to the same state; an
            empty string is the end of the tune.
        characters: all of them, whether the vocabulary has them or not.
    """

    mask: Mask
    successors: tuple[str, ...]
    characters: frozenset[str]


class Nodes:
    """All states of one grammar reached so far, with masks over one vocabulary.

    Args:
        grammar: the grammar.
        vocabulary: the model's vocabulary.
    """

    def __init__(self, grammar: Grammar, vocabulary: Vocabulary) -> None:
        self.grammar = grammar
        self._masks = Masks(vocabulary)
        self._nodes: dict[Hashable, Node] = {}

    def at(self, cursor: Cursor) -> Node:
        """What may come at ``cursor``."""
        key = self.grammar.key(cursor)
        node = self._nodes.get(key)
        if node is None:
            successors = tuple(dict.fromkeys(self.grammar.successors(cursor)))
            characters = frozenset("".join(self.grammar.alike(cursor, one) for one in successors))
            mask = self._masks.only("".join(sorted(characters)), end="" in successors)
            node = self._nodes[key] = Node(mask, successors, characters)
        return node

    def allows(self, cursor: Cursor, character: str) -> bool:
        """Whether ``character`` may come at ``cursor``."""
        return character in self.at(cursor).characters

    def through(self, cursor: Cursor, text: str) -> Cursor | None:
        """The cursor after ``text``; None if the grammar does not allow it."""
        here: Cursor | None = cursor
        for character in text:
            if here is None or not self.allows(here, character):
                return None
            here = here.feed(character)
        return here


def shortest_end(nodes: Nodes, cursor: Cursor) -> tuple[str, ...]:
    """The characters of a short path from ``cursor`` to the end of a tune; the last is empty.

    Bars are filled with the longest notes that fit, and no ornament, chord or tuplet is begun where
    there is another path.
    """
    first = _place(nodes, cursor)
    before: dict[Hashable, tuple[Hashable, str]] = {}
    waiting = deque([(first, cursor)])
    seen = {first}
    while waiting:
        place, here = waiting.popleft()
        for character in _straight_ways(nodes, here):
            if not character:
                return (*_way(before, first, place), "")
            following = here.feed(character)
            if following is None:
                continue
            there = _place(nodes, following)
            if there not in seen:
                seen.add(there)
                before[there] = place, character
                waiting.append((there, following))
    raise ValueError(f"no way leads from {cursor.state.name} {cursor.text!r} to the end of a tune")


def longest_length(nodes: Nodes, cursor: Cursor) -> str:
    """The next character of the longest length that fits the note just written; or empty."""
    if cursor.state not in {State.NOTE, State.LENGTH}:
        return ""
    begun = cursor.text if cursor.state is State.LENGTH else ""
    return nodes.grammar.longest(cursor, begun)[len(begun) : len(begun) + 1]


def _place(nodes: Nodes, cursor: Cursor) -> Hashable:
    return nodes.grammar.key(cursor), cursor.form


def _straight_ways(nodes: Nodes, cursor: Cursor) -> list[str]:
    """The characters on the shortest path to the end of the bar: long notes, then a bar line."""
    successors = nodes.at(cursor).successors
    if cursor.state in {State.NOTE, State.LENGTH}:
        if longest := longest_length(nodes, cursor):
            return [longest]
        return [sign for sign in "|:" if sign in successors] or [_ANY_NOTE]
    straight = [character for character in successors if character not in DETOURS]
    return straight or list(successors)


def _way(
    before: Mapping[Hashable, tuple[Hashable, str]], first: Hashable, last: Hashable
) -> list[str]:
    way: list[str] = []
    while last != first:
        last, character = before[last]
        way.append(character)
    return way[::-1]
