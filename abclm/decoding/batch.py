"""Writes many tunes at once: each draws its next character, then all take one step together."""

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from abclm.decoding.constraint import Bias, Mask, stack, stack_biases
from abclm.decoding.decoder import Array, Decoder, DecoderState
from abclm.decoding.referee import LOGIT_TOLERANCE, Referee
from abclm.decoding.sampling import Choice, Sampling, choose
from abclm.decoding.tune_in_progress import MOST_REMOVED, Draw, TuneInProgress
from abclm.model.vocabulary import END_OF_TUNE

__all__ = ["Batch"]

_AT_ONCE = 64
"""The most tunes in a batch; when one is done, the next takes its place."""

_REMOVED_TOLERANCE = 1e-4
"""Shares this close to `MOST_REMOVED` are left to the referee.

Rounding moves the share by less at any temperature above 0.05.
"""


class Batch:
    """Writes tunes side by side, each from its own opening.

    Args:
        decoder: the network.
        referee: makes a referee for one tune.
        sampling: how characters are drawn. Header fields are drawn at a temperature of at least 1,
            unless it is 0 (greedy).
        max_characters: the length, in ids, at which an unfinished tune is left as it is.
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
        # Keys and rhythms stay as varied as in training, whatever the temperature of the notes.
        cooled = 0 < sampling.temperature < 1
        self._of_fields = replace(sampling, temperature=1.0) if cooled else sampling
        self._max_characters = max_characters
        self._openings: dict[str, tuple[Array, DecoderState]] = {}

    def write(self, tunes: Iterable[TuneInProgress]) -> None:
        """Write all ``tunes`` to their ends, to the limit, or to where they stop.

        A tune is taken when there is room for it; those that follow from a finished tune (see
        `TuneInProgress.then`) go first.
        """
        coming = iter(tunes)
        before: deque[TuneInProgress] = deque()
        active: list[TuneInProgress] = []
        logits, state = self._nothing()
        while True:
            new = list(itertools.islice(_both(before, coming), _AT_ONCE - len(active)))
            if not (new or active):
                return
            if new:
                active += new
                starts = [self._start(tune) for tune in new]
                logits = np.concatenate([logits, *(start[0] for start in starts)])
                state = DecoderState.concatenate([state, *(start[1] for start in starts)])
            state, stopped = self._draw(active, logits, state)
            done = stopped | {row for row, tune in enumerate(active) if self._is_done(tune)}
            if done:
                over = [active[row] for row in sorted(done)]
                active, state = _without(active, state, done, stopped)
                for tune in over:
                    before.extend(tune.then(tune))
            if active:
                logits, state = self._step(active, state)
            else:
                logits, state = self._nothing()

    def _nothing(self) -> tuple[Array, DecoderState]:
        state = self._decoder.start(0)
        return np.zeros((0, self._decoder.vocabulary_size), state.hidden.dtype), state

    def _start(self, tune: TuneInProgress) -> tuple[Array, DecoderState]:
        """The logits and the state from which a tune continues."""
        if tune.start is not None:
            return tune.start
        opening = tune.constraint.opening
        if opening not in self._openings:
            ids = [END_OF_TUNE, *tune.vocabulary.encode(opening)]
            self._openings[opening] = self._decoder.feed(np.array(ids), self._decoder.start(1))
        tune.begin()
        return self._openings[opening]

    def _step(
        self, active: Sequence[TuneInProgress], state: DecoderState
    ) -> tuple[Array, DecoderState]:
        return self._decoder.step(np.array([t.queue.popleft() for t in active], np.intp), state)

    def _is_done(self, tune: TuneInProgress) -> bool:
        return tune.ended or len(tune.ids) >= self._max_characters

    def _draw(
        self, active: Sequence[TuneInProgress], logits: Array, state: DecoderState
    ) -> tuple[DecoderState, set[int]]:
        """Draw for each tune that needs a character; redraw where a tune goes back.

        Returns:
            The state, and the rows of the tunes that stop before a draw.
        """
        rows = [row for row, tune in enumerate(active) if not tune.queue]
        stopped = {row for row in rows if active[row].stops()}
        for row in stopped:
            active[row].start = logits[row : row + 1].copy(), state.select([row])
        rows = [row for row in rows if row not in stopped]
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
        return state, stopped

    def _draws(self, tunes: Sequence[TuneInProgress], logits: Array) -> list[Draw]:
        uniforms = np.array([tune.rng.random() for tune in tunes])
        masks = [tune.constraint.mask() for tune in tunes]
        biases = [tune.constraint.bias() for tune in tunes]
        draws: dict[int, Draw] = {}
        for in_field, sampling in ((True, self._of_fields), (False, self._sampling)):
            rows = [row for row, tune in enumerate(tunes) if tune.constraint.in_field == in_field]
            if rows:
                allowed = stack([masks[row] for row in rows], logits.shape[1])
                bias = stack_biases([biases[row] for row in rows], logits.shape[1])
                choice = choose(
                    logits[rows], sampling, uniforms[rows], allowed, LOGIT_TOLERANCE, bias=bias
                )
                unclear = np.abs(choice.removed - MOST_REMOVED) < _REMOVED_TOLERANCE
                sure = (choice.certain & ~unclear).tolist()
                for row, draw, certain in zip(rows, _drawn(choice), sure, strict=True):
                    draws[row] = (
                        draw
                        if certain
                        else self._judge(
                            tunes[row], sampling, uniforms[row : row + 1], masks[row], biases[row]
                        )
                    )
        return [draws[row] for row in range(len(tunes))]

    def _judge(
        self,
        tune: TuneInProgress,
        sampling: Sampling,
        uniform: Array,
        mask: Mask | None,
        bias: Bias | None,
    ) -> Draw:
        """Redraw a character with a referee's logits, where float32 is not exact enough."""
        if tune.referee is None:
            tune.referee = self._referee()
        logits = tune.referee.logits(tune.ids)
        shift = None if bias is None else bias[None]
        (draw,) = _drawn(choose(logits, sampling, uniform, mask, bias=shift))
        return draw


def _without(
    active: Sequence[TuneInProgress], state: DecoderState, done: set[int], stopped: set[int]
) -> tuple[list[TuneInProgress], DecoderState]:
    """The tunes that continue, and their state; those in the rows ``done`` keep what was read.

    Tunes in the rows ``stopped`` also keep their start, from which they may continue.
    """
    for row in done:
        active[row].reading = state.readings[row]
        if row not in stopped:
            active[row].start = None
    rows = [row for row in range(len(active)) if row not in done]
    return [active[row] for row in rows], state.select(rows)


def _drawn(choice: Choice) -> Iterator[Draw]:
    """The draw of each tune."""
    columns = (choice.ids, choice.log2_probabilities, choice.removed)
    return map(Draw._make, zip(*(column.tolist() for column in columns), strict=True))


def _both(
    first: deque[TuneInProgress], second: Iterator[TuneInProgress]
) -> Iterator[TuneInProgress]:
    """The tunes in ``first``, which are removed from it, then those of ``second``."""
    while first:
        yield first.popleft()
    # No `yield from`: closing this generator early would then close ``second``, too.
    for tune in second:  # noqa: UP028
        yield tune
