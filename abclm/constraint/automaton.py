"""The grammar of a tune's body as nodes that are made when they are first reached, and kept."""

from collections import deque
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.constraint.grammar import Grammar, Lexis, Position, all_alike, representative
from abclm.constraint.place import Place
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

__all__ = ["Automaton", "Node", "Walk", "shortest_end"]

_ONE_BY_ONE: Final = frozenset({Lexis.FIELD})
"""Where a letter is no note, and stands for itself alone."""

_IN_BAR: Final = frozenset(
    {
        Lexis.FRESH,
        Lexis.BEFORE_NOTE,
        Lexis.ACCIDENTAL,
        Lexis.NOTE,
        Lexis.LENGTH,
        Lexis.TIE,
        Lexis.TUPLET,
        Lexis.BRACKET,
        Lexis.FIELD,
        Lexis.GROUP,
        Lexis.AFTER,
    }
)
"""Where no step counts a bar."""

_ANY_NOTE: Final = "A"
_DETOURS: Final = frozenset("^~{[(az ><-")
"""What does not bring a tune nearer to its end."""


class Node:
    """A position of the grammar with what may follow it.

    Attributes:
        position: where it is; inside a bar, its counts of bars stand for all that allow the same.
        mask: which ids may come next, shape ``(vocabulary,)``.
        steps: each way on by one of its characters.
    """

    __slots__ = ("mask", "position", "steps")

    def __init__(self, automaton: "Automaton", position: Position) -> None:
        self.position = position
        self.steps = dict(automaton.grammar.steps(position))
        self.mask = automaton.mask(position, self.steps)

    def step(self, character: str) -> Position | None:
        """Where ``character`` leads, empty for the end of the tune; None where it cannot come."""
        alone = self.position.lexis in _ONE_BY_ONE
        return self.steps.get(character if alone else representative(character))


class Walk(NamedTuple):
    """How far the writing of a body has come. Never changed: each character makes a new one."""

    automaton: "Automaton"
    node: Node
    bars: int
    common: int
    least: int

    @property
    def position(self) -> Position:
        """Where it is, with the bars that were really counted."""
        lexis, place, text, around = self.node.position
        return Position(lexis, self._counted(place), text, around)

    def follow(self, character: str) -> "Walk | None":
        """The walk after ``character``, empty for the end of the tune; None if it cannot come."""
        node = self.node
        step = node.step(character)
        if step is None:
            return None
        if node.position.lexis not in _IN_BAR:
            return self.automaton.walk(step)
        if step.lexis not in _IN_BAR:
            return self.automaton.walk(step._replace(place=self._counted(step.place)))
        return self._replace(node=self.automaton.node(step))

    def through(self, text: str) -> "Walk | None":
        """The walk after all of ``text``; None if it cannot come."""
        here: Walk | None = self
        for character in text:
            here = here.follow(character) if here is not None else None
        return here

    def _counted(self, place: Place) -> Place:
        """A place in the same bar with the bars that were really counted."""
        return place._replace(bars=self.bars, common=self.common, least=self.least)

    def straight_ways(self) -> list[str]:
        """The characters that lead to the end of the bar soonest: long notes, then a bar line."""
        lexis, place, text, _ = self.position
        steps = self.node.steps
        if lexis in {Lexis.NOTE, Lexis.LENGTH}:
            begun = text if lexis is Lexis.LENGTH else ""
            longest = self._longest(place, begun)[len(begun) :]
            if longest:
                return [longest[0]]
            return [sign for sign in "|:" if sign in steps] or [_ANY_NOTE]
        return [character for character in steps if character not in _DETOURS] or list(steps)

    def _longest(self, place: Place, begun: str) -> str:
        """How the longest sound is written that can come at ``place`` and starts with ``begun``."""
        metre = self.automaton.grammar.metre
        fitting = [
            text
            for text, length in metre.lengths.items()
            if text.startswith(begun) and metre.takes_length(place, length)
        ]
        return max(fitting, key=metre.lengths.__getitem__, default=begun)


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
        self._masks: dict[frozenset[str], NDArray[np.bool_]] = {}
        self._known = frozenset(vocabulary.characters)

    def walk(self, position: Position) -> Walk:
        """A walk that begins at ``position``."""
        place = position.place
        if position.lexis in _IN_BAR:
            # What may come inside a bar depends on how it may end, not on how many came before.
            alike = place._replace(bars=self.grammar.metre.bars_like(place), common=0, least=0)
            position = position._replace(place=alike)
        return Walk(self, self.node(position), place.bars, place.common, place.least)

    def node(self, position: Position) -> Node:
        """The node at ``position``."""
        node = self._nodes.get(position)
        if node is None:
            node = self._nodes[position] = Node(self, position)
        return node

    def mask(self, position: Position, steps: Mapping[str, Position]) -> NDArray[np.bool_]:
        """The ids of what may come at ``position``, and of all that lead where it does."""
        spread = (lambda text: text) if position.lexis in _ONE_BY_ONE else all_alike
        key = frozenset(map(spread, steps))
        if key not in self._masks:
            mask = np.zeros(self._vocabulary.size, np.bool_)
            known = sorted(self._known.intersection("".join(key)))
            mask[self._vocabulary.encode("".join(known))] = True
            mask[END_OF_TUNE] = "" in steps
            self._masks[key] = mask
        return self._masks[key]


def shortest_end(walk: Walk) -> list[str]:
    """The characters of a short way from ``walk`` to the end of a tune, empty for the end.

    Bars are filled with notes as long as they can be, and ornaments, chords and tuplets that are
    not begun yet are left out where there is another way.
    """
    before: dict[Position, tuple[Position, str]] = {}
    waiting = deque([walk])
    seen = {walk.position}
    while waiting:
        here = waiting.popleft()
        if here.position.lexis is Lexis.DONE:
            return _way(before, walk.position, here.position)
        for character in here.straight_ways():
            following = here.follow(character)
            if following is not None and following.position not in seen:
                seen.add(following.position)
                before[following.position] = here.position, character
                waiting.append(following)
    raise ValueError(f"no way leads from {walk.position} to the end of a tune")


def _way(
    before: Mapping[Position, tuple[Position, str]], first: Position, last: Position
) -> list[str]:
    way: list[str] = []
    while last != first:
        last, character = before[last]
        way.append(character)
    return way[::-1]
