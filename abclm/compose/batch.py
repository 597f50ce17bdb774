"""Writes many tunes at once: each draws its next character, then all take one step together."""

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from abclm.compose.decoder import Array, Decoder, State
from abclm.compose.guide import Guide, Mask, stack
from abclm.compose.referee import LOGIT_TOLERANCE, Referee
from abclm.compose.sampling import Sampling, choose
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

__all__ = ["Batch", "TuneInProgress"]

_AT_ONCE = 64
"""So many tunes are in a batch; when one is done, the next takes its place."""

_BAR_END = re.compile(r"\|[|\]]?|\n")


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

    def begin(self) -> None:
        """Take over what the model has been fed before the first draw."""
        self._write(self.guide.opening)
        self.queue.clear()
        self.given = len(self.text)

    def accept(self, drawn: int, log2_probability: float) -> None:
        """Take the id that was drawn, and what must follow it."""
        self.drawn += 1
        self.log2_probability += log2_probability
        if drawn == END_OF_TUNE:
            self.ended = True
            if not self.text.endswith("\n"):
                self._show("\n")
        else:
            self._write(self.guide.accept(self.vocabulary.decode([drawn])))

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
        ids = self.vocabulary.encode(text).tolist()
        self.ids.extend(ids)
        self.queue.extend(ids)
        for character in text:
            if self.aside and character == "K" and self.text[-1:] in {"", "\n"}:
                lines, self.aside = self.aside, ()
                self._show("".join(f"{line}\n" for line in lines))
            self._show(character)

    def _show(self, text: str) -> None:
        self.text += text
        if self.on_character is not None:
            self.on_character(text)


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
            self._draw(active, logits)
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

    def _draw(self, active: Sequence[TuneInProgress], logits: Array) -> None:
        rows = [row for row, tune in enumerate(active) if not tune.queue]
        if not rows:
            return
        tunes = [active[row] for row in rows]
        uniforms = np.array([tune.rng.random() for tune in tunes])
        masks = [tune.guide.allowed() for tune in tunes]
        drawing = logits if len(rows) == len(active) else logits[rows]
        allowed = stack(masks, logits.shape[1])
        choice = choose(drawing, self._sampling, uniforms, allowed, LOGIT_TOLERANCE)
        ids, bits = choice.ids.tolist(), choice.log2_probabilities.tolist()
        for index, tune in enumerate(tunes):
            if choice.certain[index]:
                tune.accept(ids[index], bits[index])
            else:
                tune.accept(*self._judge(tune, uniforms[index : index + 1], masks[index]))

    def _judge(self, tune: TuneInProgress, uniform: Array, mask: Mask | None) -> tuple[int, float]:
        """What float32 cannot decide: the draw again, with the logits of a referee."""
        if tune.referee is None:
            tune.referee = self._referee()
        choice = choose(tune.referee.logits(tune.ids), self._sampling, uniform, mask)
        return int(choice.ids[0]), float(choice.log2_probabilities[0])
