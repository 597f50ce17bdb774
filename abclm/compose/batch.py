"""Writes many tunes at once: each draws its next character, then all take one step together."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from abclm.compose.decoder import Array, Decoder, State
from abclm.compose.guide import Guide, Mask, stack
from abclm.compose.referee import LOGIT_TOLERANCE, Referee
from abclm.compose.sampling import Sampling, choose
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

__all__ = ["Batch", "TuneInProgress"]

_AT_ONCE = 64
"""So many tunes are in a batch; when one is done, the next takes its place."""

MOST_REMOVED = 0.7
"""Where the mask takes more of the probability than this, the model wants what cannot be."""

_MOST_RETURNS = 3
"""So many times a tune goes back to the start of one bar; then it is forced."""

_REMOVED_TOLERANCE = 1e-4
"""How near to `MOST_REMOVED` float32 does not decide: four logits' worth of rounding, and more."""

_BAR_END = re.compile(r"\|[|\]]?|\n")


class _Draw(NamedTuple):
    """A character drawn: its id, log2 probability under the model, what the mask had removed."""

    id: int
    log2_probability: float
    removed: float


@dataclass(slots=True)
class _Bookmark:
    """Where a tune can go back to: all that changes while it is written, and what was known."""

    guide: object
    ids: int
    text: int
    drawn: int
    log2_probability: float
    forced: int
    logits: Array
    state: State
    returns: int = 0


@dataclass(slots=True)
class TuneInProgress:
    """A tune while it is written.

    Attributes:
        rng: where its random numbers come from, one for each draw.
        guide: what may be drawn, and what is fed.
        vocabulary: of the model.
        aside: lines to set before the key, which the model is not fed.
        on_character: called with each piece of the text as it comes.
        ids: all that the model was or will next be fed.
        queue: the part of ``ids`` that is still to be fed.
        text: the tune so far, with what stands aside.
        given: the length of the text that was there before the first draw.
        log2_probability: of all characters drawn.
        drawn: how many.
        ended: whether the model ended it.
        referee: what decides its uncertain draws, once it has had one.
        forced: how many draws had to go against the model: what was forbidden had more than
            seven tenths of the probability.
        returns: how many times it went back to the start of a bar instead.
    """

    rng: np.random.Generator
    guide: Guide
    vocabulary: Vocabulary
    aside: tuple[str, ...] = ()
    on_character: Callable[[str], None] | None = None
    ids: list[int] = field(default_factory=list)
    queue: deque[int] = field(default_factory=deque)
    text: str = ""
    given: int = 0
    log2_probability: float = 0.0
    drawn: int = 0
    ended: bool = False
    referee: Referee | None = None
    forced: int = 0
    returns: int = 0
    _shown: int = 0
    _bookmark: _Bookmark | None = None

    def begin(self) -> None:
        """Take over what the model has been fed before the first draw."""
        self._write(self.guide.opening)
        self.queue.clear()
        self.given = len(self.text)

    def accept(self, draw: "_Draw") -> None:
        """Take the id that was drawn, and what must follow it."""
        self.drawn += 1
        self.log2_probability += draw.log2_probability
        self.forced += draw.removed > MOST_REMOVED
        if draw.id == END_OF_TUNE:
            self.ended = True
            if not self.text.endswith("\n"):
                self._show("\n")
            self.flush()
        else:
            character = self.vocabulary.characters[draw.id - 1]
            fed = self.guide.accept(character)
            if fed == character:
                self._take([draw.id], character)
            else:
                self._write(fed)

    def mark(self, logits: Array, state: State, row: int) -> None:
        """Remember this place if it is one to come back to: the start of a bar."""
        known = self._bookmark
        if not self.guide.can_return or (known is not None and known.ids == len(self.ids)):
            return
        self._bookmark = _Bookmark(
            self.guide.bookmark(),
            len(self.ids),
            len(self.text),
            self.drawn,
            self.log2_probability,
            self.forced,
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
        if mark is None or mark.returns >= _MOST_RETURNS or self.guide.insists:
            return None
        mark.returns += 1
        self.returns += 1
        self.guide.return_to(mark.guide)
        del self.ids[mark.ids :]
        self.text = self.text[: mark.text]
        self.drawn, self.forced = mark.drawn, mark.forced
        self.log2_probability = mark.log2_probability
        return mark.logits, mark.state

    def flush(self) -> None:
        """Show what has not been shown yet."""
        if self.on_character is not None and self._shown < len(self.text):
            self.on_character(self.text[self._shown :])
        self._shown = len(self.text)

    def finished_text(self) -> str:
        """The whole tune, or, where it did not end, the tune up to the end of its last bar.

        What was given is never cut.
        """
        text = self.text
        if not self.ended:
            ends = [match.end() for match in _BAR_END.finditer(text, self.given)]
            text = text[: ends[-1] if ends else self.given]
        return text.rstrip() + "\n"

    def _write(self, text: str) -> None:
        self._take(self.vocabulary.encode(text).tolist(), text)

    def _take(self, ids: list[int], text: str) -> None:
        self.ids.extend(ids)
        self.queue.extend(ids)
        for character in text:
            if self.aside and character == "K" and self.text[-1:] in {"", "\n"}:
                lines, self.aside = self.aside, ()
                self._show("".join(f"{line}\n" for line in lines))
            self._show(character)

    def _show(self, text: str) -> None:
        self.text += text
        if self._bookmark is None:
            self.flush()


class Batch:
    """Writes tunes that all begin with the same text.

    Args:
        decoder: the network.
        referee: makes a referee for one tune.
        sampling: how characters are drawn.
        max_characters: a tune that has not ended by then is left as it is.
    """

    def __init__(
        self,
        decoder: Decoder,
        referee: Callable[[], Referee],
        sampling: Sampling,
        max_characters: int,
    ) -> None:
        self._decoder = decoder
        self._referee = referee
        self._sampling = sampling
        self._max_characters = max_characters

    def write(self, tunes: Sequence[TuneInProgress]) -> None:
        """Write all ``tunes`` to their ends, or to the limit."""
        waiting = deque(tunes)
        first, start = self._read_opening(tunes[0])
        active: list[TuneInProgress] = []
        logits, state = first[:0], start.select([])
        while active or waiting:
            new = [waiting.popleft() for _ in range(min(_AT_ONCE - len(active), len(waiting)))]
            if new:
                active += new
                logits = np.concatenate([logits, *[first] * len(new)])
                state = State.concatenate([state, *[start] * len(new)])
                for tune in new:
                    tune.begin()
            state = self._draw(active, logits, state)
            rows = [row for row, tune in enumerate(active) if not self._is_done(tune)]
            if len(rows) < len(active):
                active, state = [active[row] for row in rows], state.select(rows)
            logits, state = self._step(active, state)

    def _read_opening(self, tune: TuneInProgress) -> tuple[Array, State]:
        ids = [END_OF_TUNE, *tune.vocabulary.encode(tune.guide.opening)]
        return self._decoder.feed(np.array(ids), self._decoder.start(1))

    def _step(self, active: Sequence[TuneInProgress], state: State) -> tuple[Array, State]:
        return self._decoder.step(np.array([t.queue.popleft() for t in active], np.intp), state)

    def _is_done(self, tune: TuneInProgress) -> bool:
        return tune.ended or len(tune.ids) >= self._max_characters

    def _draw(self, active: Sequence[TuneInProgress], logits: Array, state: State) -> State:
        """Draw for each tune that waits for it, again where it goes back, until all have drawn."""
        rows = [row for row, tune in enumerate(active) if not tune.queue]
        for row in rows:
            active[row].mark(logits, state, row)
        while rows:
            again: list[int] = []
            for row, draw in zip(
                rows, self._draws([active[r] for r in rows], logits[rows]), strict=True
            ):
                back = active[row].go_back() if draw.removed > MOST_REMOVED else None
                if back is None:
                    active[row].accept(draw)
                else:
                    logits[row], state = back[0][0], state.replaced(row, back[1])
                    again.append(row)
            rows = again
        return state

    def _draws(self, tunes: Sequence[TuneInProgress], logits: Array) -> Iterator[_Draw]:
        uniforms = np.array([tune.rng.random() for tune in tunes])
        masks = [tune.guide.allowed() for tune in tunes]
        allowed = stack(masks, logits.shape[1])
        choice = choose(logits, self._sampling, uniforms, allowed, LOGIT_TOLERANCE)
        unclear = np.abs(choice.removed - MOST_REMOVED) < _REMOVED_TOLERANCE
        draws = zip(
            choice.ids.tolist(),
            choice.log2_probabilities.tolist(),
            choice.removed.tolist(),
            strict=True,
        )
        for index, draw in enumerate(map(_Draw._make, draws)):
            if choice.certain[index] and not unclear[index]:
                yield draw
            else:
                yield self._judge(tunes[index], uniforms[index : index + 1], masks[index])

    def _judge(self, tune: TuneInProgress, uniform: Array, mask: Mask | None) -> _Draw:
        """What float32 cannot decide: the draw again, with the logits of a referee."""
        if tune.referee is None:
            tune.referee = self._referee()
        logits = tune.referee.logits(tune.ids)
        choice = choose(logits, self._sampling, uniform, mask)
        return _Draw(
            int(choice.ids[0]), float(choice.log2_probabilities[0]), float(choice.removed[0])
        )
