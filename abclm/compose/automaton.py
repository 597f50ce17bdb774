"""The grammar of a tune's body as nodes that are made when they are first reached, and kept."""

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.compose.grammar import ALIKE, Grammar, Lexis, Position, representative
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

__all__ = ["Automaton", "Node", "shortest_end"]

_ONE_BY_ONE: Final = frozenset({Lexis.FIELD})
"""Where a letter is no note, and stands for itself alone."""

_DETOURS: Final = frozenset("^~{[(az ><-")
"""What does not bring a tune nearer to its end."""


class Node:
    """A position of the grammar with what may follow it.

    Attributes:
        position: where it is.
        mask: which ids may come next, shape ``(vocabulary,)``.
    """

    __slots__ = ("_automaton", "_nodes", "_steps", "mask", "position")

    def __init__(self, automaton: "Automaton", position: Position) -> None:
        self.position = position
        self._automaton = automaton
        self._steps = dict(automaton.grammar.steps(position))
        self._nodes: dict[str, Node] = {}
        self.mask = automaton.mask(position, "".join(sorted(self._steps)), "" in self._steps)

    def follow(self, character: str) -> "Node | None":
        """The node after ``character``, empty for the end of the tune; None if it cannot come."""
        node = self._nodes.get(character)
        if node is None:
            alone = self.position.lexis in _ONE_BY_ONE
            step = self._steps.get(character if alone else representative(character))
            if step is not None:
                node = self._nodes[character] = self._automaton.node(step)
        return node

    def straight_ways(self) -> list[str]:
        """The ways on that lead to the end of the bar soonest."""
        metre, (lexis, place, text, _) = self._automaton.grammar.metre, self.position
        if lexis in {Lexis.NOTE, Lexis.LENGTH} and not place.pending:
            begun = text if lexis is Lexis.LENGTH else ""
            filling = [
                length
                for length, time in metre.lengths.items()
                if length.startswith(begun) and metre.ends_bar(metre.after(place, time))
            ]
            if filling:
                following = min(filling, key=len)[len(begun) : len(begun) + 1]
                signs = [following] if following else ["|", ":"]
                return [sign for sign in signs if sign in self._steps]
        straight = [character for character in self._steps if character not in _DETOURS]
        return straight or list(self._steps)

    @property
    def ways(self) -> dict[str, Position]:
        """Each way on by one of its characters."""
        return self._steps


class Automaton:
    """All nodes of one grammar that were reached so far, with masks over one vocabulary.

    Args:
        grammar: what may be written where.
        vocabulary: of the model.
    """

    def __init__(self, grammar: Grammar, vocabulary: Vocabulary) -> None:
        self.grammar = grammar
        self._vocabulary = vocabulary
        self._nodes: dict[Position, Node] = {}
        self._masks: dict[str, NDArray[np.bool_]] = {}
        self._known = frozenset(vocabulary.characters)

    def node(self, position: Position) -> Node:
        """The node at ``position``."""
        node = self._nodes.get(position)
        if node is None:
            node = self._nodes[position] = Node(self, position)
        return node

    def mask(self, position: Position, characters: str, ends: bool) -> NDArray[np.bool_]:  # noqa: FBT001 - a mask for each
        """The ids of ``characters``, of all that are like them, and of the end of the tune."""
        if position.lexis not in _ONE_BY_ONE:
            characters = "".join(map(_all_alike, characters))
        key = f"{characters}{'' if ends else chr(0)}"
        if key not in self._masks:
            mask = np.zeros(self._vocabulary.size, np.bool_)
            known = "".join(sorted(self._known.intersection(characters)))
            mask[self._vocabulary.encode(known)] = True
            mask[END_OF_TUNE] = ends
            self._masks[key] = mask
        return self._masks[key]


def shortest_end(node: Node) -> list[str]:
    """The characters of a short way from ``node`` to the end of a tune, empty for the end.

    A bar is filled by one long note where one can be spelt that fills it, and ornaments, chords and
    tuplets that are not begun yet are left out where there is another way.
    """
    before: dict[Position, tuple[Node, str]] = {}
    waiting = deque([node])
    seen = {node.position}
    while waiting:
        here = waiting.popleft()
        if here.position.lexis is Lexis.DONE:
            return _way(before, node, here)
        for character in here.straight_ways():
            following = here.follow(character)
            if following is not None and following.position not in seen:
                seen.add(following.position)
                before[following.position] = here, character
                waiting.append(following)
    raise ValueError(f"no way leads from {node.position} to the end of a tune")


def _way(before: dict[Position, tuple[Node, str]], first: Node, last: Node) -> list[str]:
    way: list[str] = []
    while last is not first:
        last, character = before[last.position]
        way.append(character)
    return way[::-1]


def _all_alike(character: str) -> str:
    return next((alike for alike in ALIKE if character in alike), character)
