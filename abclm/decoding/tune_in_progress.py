"""A tune being written: what was drawn, what must still be fed, and where it can go back to."""

import math
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from abclm.decoding.constraint import Constraint
from abclm.decoding.decoder import Array, DecoderState
from abclm.decoding.referee import Referee
from abclm.model.cues.reader import Reading
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary
from abclm.notation.cursor.bar_memory import BarMemory
from abclm.notation.cursor.plan import Plan

__all__ = ["MOST_REMOVED", "Draw", "TuneInProgress"]

MOST_REMOVED = 0.7
"""Above this probability of forbidden ids, the bar is written again: the metre allows less than a
third of what the model would write here."""

_MOST_RETURNS = 3
"""How often a tune goes back to the start of the same bar before the draw is forced."""

_LEAST_LEFT = 1e-12
"""The least probability counted as left by the mask, which caps `TuneInProgress.taken` per draw at
40 bits."""

_BAR_END = re.compile(r"\|[|\]]?|\n")


class Draw(NamedTuple):
    """A drawn character: id, log2 probability under the model, probability removed by the mask."""

    id: int
    log2_probability: float
    removed: float


@dataclass(slots=True)
class _Bookmark:
    """A state that a tune can return to: all that changes during writing, and the logits there."""

    constraint: object
    ids: int
    text: int
    drawn: int
    log2_probability: float
    forced: int
    taken: float
    logits: Array
    state: DecoderState
    returns: int = 0


def _never() -> bool:
    return False


def _nothing_more(_tune: "TuneInProgress") -> Iterable["TuneInProgress"]:
    return ()


@dataclass(slots=True)
class TuneInProgress:
    """A tune being written.

    Attributes:
        rng: the source of its random numbers, one for each draw.
        constraint: what may be drawn, and what is fed.
        vocabulary: the model's vocabulary.
        present: converts the model's text, or the start of it, to what a user sees.
        on_character: called with each new piece of what a user sees.
        ids: all ids that were or will be fed to the model.
        queue: the ids that must still be fed.
        text: the tune so far, as the model reads it.
        given: length of the text before the first draw.
        log2_probability: the sum over all drawn characters.
        drawn: number of draws.
        ended: whether the model ended the tune.
        start: the logits and the state to continue from; None before its opening is read.
        stops: whether it stops before its next draw.
        then: called with the tune when it is done or stops; returns further tunes to write.
        reading: the reading of the whole tune, once it is done or stops.
        number: the number of the candidate.
        referee: decides its uncertain draws; made at the first one.
        forced: number of draws at which forbidden ids had more than `MOST_REMOVED` of the
            probability.
        taken: bits taken by the masks: the sum over all draws of minus log2 of what they left.
        returns: number of times that it went back to the start of a bar.
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
    start: tuple[Array, DecoderState] | None = None
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
        """Record the opening, which was fed before the first draw."""
        self._write(self.constraint.opening)
        self.queue.clear()
        self.given = len(self.text)

    def accept(self, draw: Draw) -> None:
        """Take the drawn id and its forced continuation."""
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
        """Return a copy that continues with random numbers of its own, and shows nothing."""
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
        """Take the place of ``other``, and show what it has not shown yet."""
        self.on_character, self._shown = other.on_character, other._shown
        self.flush()

    def mark(self, logits: Array, state: DecoderState, row: int) -> None:
        """Store a bookmark if the tune can go back to this position: the start of a bar."""
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

    def go_back(self) -> tuple[Array, DecoderState] | None:
        """Undo everything since the start of the bar, unless that was done often enough.

        Returns:
            The network's logits and state there; None if nothing was undone.
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
        """Return the whole tune or, if the model did not end it, the tune up to its last bar line.

        The given text is never cut.
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
