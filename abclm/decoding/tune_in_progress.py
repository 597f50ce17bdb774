"""A tune while it is written: what was drawn, what is still to be fed, where it goes back to."""

import math
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from abclm.decoding.constraint import Constraint
from abclm.decoding.decoder import Array, State
from abclm.decoding.referee import Referee
from abclm.model.cues.reader import Reading
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary
from abclm.notation.cursor.bar_memory import BarMemory
from abclm.notation.cursor.plan import Plan

__all__ = ["MOST_REMOVED", "Draw", "TuneInProgress"]

MOST_REMOVED = 0.7
"""Where the mask takes more of the probability than this, the model wants what cannot be."""

_MOST_RETURNS = 3
"""So many times a tune goes back to the start of one bar; then it is forced."""

_LEAST_LEFT = 1e-12
"""Where less is left, the masks are taken to have taken 40 bits."""

_BAR_END = re.compile(r"\|[|\]]?|\n")


class Draw(NamedTuple):
    """A character drawn: its id, log2 probability under the model, what the mask had removed."""

    id: int
    log2_probability: float
    removed: float


@dataclass(slots=True)
class _Bookmark:
    """Where a tune can go back to: all that changes while it is written, and what was known."""

    constraint: object
    ids: int
    text: int
    drawn: int
    log2_probability: float
    forced: int
    taken: float
    logits: Array
    state: State
    returns: int = 0


def _never() -> bool:
    return False


def _nothing_more(_tune: "TuneInProgress") -> Iterable["TuneInProgress"]:
    return ()


@dataclass(slots=True)
class TuneInProgress:
    """A tune while it is written.

    Attributes:
        rng: where its random numbers come from, one for each draw.
        constraint: what may be drawn, and what is fed.
        vocabulary: of the model.
        present: makes what a user sees of the model's text, or of the start of it.
        on_character: called with each piece of what a user sees as it comes.
        ids: all that the model was or will next be fed.
        queue: the part of ``ids`` that is still to be fed.
        text: the tune so far, as the model reads it.
        given: the length of the text that was there before the first draw.
        log2_probability: of all characters drawn.
        drawn: how many.
        ended: whether the model ended it.
        start: the logits and the state from which it goes on; None before its opening is read.
        stops: whether it stops before its next draw.
        then: called with the tune when it is done or stops; what it returns is written, too.
        reading: how far it has been read, once it is done or stops.
        number: which candidate it is.
        referee: what decides its uncertain draws, once it has had one.
        forced: how many draws had to go against the model: what was forbidden had more than
            seven tenths of the probability.
        taken: bits that the masks took: minus log2 of the probability that they left, all draws
            together.
        returns: how many times it went back to the start of a bar instead.
    """

    rng: np.random.Generator
    constraint: Constraint
    vocabulary: Vocabulary
    present: Callable[[str], str] = str
    on_character: Callable[[str], None] | None = None
    ids: list[int] = field(default_factory=list)
    queue: deque[int] = field(default_factory=deque)
    text: str = ""
    given: int = 0
    log2_probability: float = 0.0
    drawn: int = 0
    ended: bool = False
    start: tuple[Array, State] | None = None
    stops: Callable[[], bool] = _never
    then: Callable[["TuneInProgress"], Iterable["TuneInProgress"]] = _nothing_more
    reading: Reading | None = None
    number: int = 0
    referee: Referee | None = None
    forced: int = 0
    taken: float = 0.0
    returns: int = 0
    _shown: str = ""
    _bookmark: _Bookmark | None = None

    def begin(self) -> None:
        """Take over what the model has been fed before the first draw."""
        self._write(self.constraint.opening)
        self.queue.clear()
        self.given = len(self.text)

    def accept(self, draw: Draw) -> None:
        """Take the id that was drawn, and what must follow it."""
        self.drawn += 1
        self.log2_probability += draw.log2_probability
        self.forced += draw.removed > MOST_REMOVED
        self.taken -= math.log2(max(_LEAST_LEFT, 1 - draw.removed))
        if draw.id == END_OF_TUNE:
            self.ended = True
            if not self.text.endswith("\n"):
                self.text += "\n"
            self.flush()
        else:
            character = self.vocabulary.characters[draw.id - 1]
            fed = self.constraint.accept(character)
            if fed == character:
                self._take([draw.id], character)
            else:
                self._write(fed)

    def branch(self, rng: np.random.Generator) -> "TuneInProgress":
        """Another one that goes on from here with random numbers of its own, and shows nothing."""
        return replace(
            self,
            rng=rng,
            constraint=self.constraint.clone(),
            ids=list(self.ids),
            queue=deque(self.queue),
            on_character=None,
            stops=_never,
            then=_nothing_more,
            referee=None,
            _bookmark=None,
        )

    @property
    def memory(self) -> BarMemory | None:
        """The bars of the tune, once it is done or stops; None before."""
        return None if self.reading is None else self.reading.progress.memory

    @property
    def plan(self) -> Plan:
        """The plan of the tune, once it is done or stops."""
        return Plan() if self.reading is None else self.reading.progress.plan

    def show_from(self, other: "TuneInProgress") -> None:
        """Show what is new since ``other``, in whose place this tune comes."""
        self.on_character, self._shown = other.on_character, other._shown
        self.flush()

    def mark(self, logits: Array, state: State, row: int) -> None:
        """Remember this place if it is one to come back to: the start of a bar."""
        known = self._bookmark
        if not self.constraint.can_roll_back or (known is not None and known.ids == len(self.ids)):
            return
        self._bookmark = _Bookmark(
            self.constraint.snapshot(),
            len(self.ids),
            len(self.text),
            self.drawn,
            self.log2_probability,
            self.forced,
            self.taken,
            logits[row : row + 1].copy(),
            state.select([row]),
        )
        self.flush()

    def go_back(self) -> tuple[Array, State] | None:
        """Undo all since the start of the bar; None where that was done often enough.

        Returns:
            The logits and the state that the network had there.
        """
        mark = self._bookmark
        if mark is None or mark.returns >= _MOST_RETURNS or self.constraint.is_committed:
            return None
        mark.returns += 1
        self.returns += 1
        self.constraint.rollback(mark.constraint)
        del self.ids[mark.ids :]
        self.text = self.text[: mark.text]
        self.drawn, self.forced, self.taken = mark.drawn, mark.forced, mark.taken
        self.log2_probability = mark.log2_probability
        return mark.logits, mark.state

    def flush(self) -> None:
        """Show what has not been shown yet."""
        if self.on_character is None:
            return
        seen = self.present(self.text)
        if len(seen) > len(self._shown):
            self.on_character(seen[len(self._shown) :])
            self._shown = seen

    def finished_text(self) -> str:
        """The whole tune, or, where it did not end, the tune up to the end of its last bar.

        What was given is never cut.
        """
        text = self.text
        if not self.ended:
            ends = [match.end() for match in _BAR_END.finditer(text, self.given)]
            text = text[: ends[-1] if ends else self.given]
        return self.present(text.rstrip() + "\n")

    def _write(self, text: str) -> None:
        self._take(self.vocabulary.encode(text).tolist(), text)

    def _take(self, ids: list[int], text: str) -> None:
        self.ids.extend(ids)
        self.queue.extend(ids)
        self.text += text
