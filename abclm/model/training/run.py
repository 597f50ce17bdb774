"""One training run: its steps, its epochs, and what of it is saved."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from abclm.errors import TrainingError
from abclm.model.checkpoint.checkpoint import CheckpointConfig, load_config
from abclm.model.checkpoint.history import EpochRow
from abclm.model.cues.reader import CueReader
from abclm.model.settings import Precision
from abclm.model.training.backend import Fit, PrecisionChoice, choose_precision
from abclm.model.training.checkpoint_writer import CheckpointWriter, Witness
from abclm.model.training.interrupt import Interrupt
from abclm.model.training.learner import Learner, seconds_a_step
from abclm.model.training.observer import Observer, RunPlan, StepReport
from abclm.model.training.repertoire import Repertoire
from abclm.model.training.schedule import plan_schedule
from abclm.model.training.training_state import STATE, TrainingPosition, fingerprint
from abclm.model.training.windows import epoch_batches
from abclm.model.training.workers import Workers
from abclm.model.vocabulary import Vocabulary

__all__ = ["Ending", "Sampler", "TrainingResult", "TrainingRun"]

Sampler = Callable[[Mapping[str, NDArray[np.float32]], Vocabulary], str]
"""Writes a tune with the given weights; this room may not import the decoder's."""

Ending = Literal["finished", "past its best", "interrupted", "out of time"]

_TRIED_BATCH = 16
"""Rows of the batch with which number types are compared."""


@dataclass(frozen=True)
class TrainingResult:
    """How a run ended."""

    ending: Ending
    """`finished`; `past its best` if held-out bits have not improved for `patience` epochs; or the
    reason for an earlier stop, after which `resume` continues."""
    results: dict[str, Any]
    """The results of the checkpoint's weights, as in `config.json`."""
    history: tuple[EpochRow, ...]
    """One row for each epoch."""
    chief: bool = True
    """Whether this process saves the checkpoint: the first of those that train together."""


class TrainingRun:
    """One training run: the tunes, the network, and its progress; see `train` for its arguments."""

    def __init__(
        self,
        config: CheckpointConfig,
        texts: Sequence[str],
        held_out: Sequence[str],
        out: Path,
        *,
        resume: bool,
        workers: Workers,
        observer: Observer,
        sample: Sampler | None,
    ) -> None:
        self._resume, self._config = resume, config
        self._workers, self._observer, self._sample = workers, observer, sample
        vocabulary, training = config.vocabulary, config.training
        reader = CueReader(vocabulary, config.network.cues)
        observer.reading(len(texts))
        self._repertoire = Repertoire(texts, vocabulary, reader)
        self._held_out = Repertoire(held_out, vocabulary, reader).tunes()
        self._schedule = plan_schedule(self._repertoire.lengths, training)
        self._precision = self._choose_precision(out)
        self._training = replace(config.training, precision=self._precision.precision)
        self._vocabulary = config.vocabulary
        self._config = config = replace(config, training=self._training)
        self._state = out / STATE
        self._keeper = (
            CheckpointWriter(out, config) if workers.place.chief else Witness(out, config)
        )
        self._identity = fingerprint(config, texts, held_out)
        self._learner = Learner(config.network, self._training, self._schedule.batch_size, workers)
        self._position = TrainingPosition()
        self._began = self._saved = time.monotonic()
        self._seconds_before = 0.0

    def _choose_precision(self, out: Path) -> PrecisionChoice:
        """Choose the number type: that of the resumed run, the requested one, or the faster."""
        asked = self._config.training.precision
        if self._resume and asked == "auto":
            asked = load_config(out).training.precision
        batch = min(self._schedule.batch_size, _TRIED_BATCH)

        def measure(precision: Precision) -> float:
            training = replace(self._config.training, precision=precision)
            return seconds_a_step(self._config.network, training, batch)

        # With several processes, the first one decides.
        chief = self._workers.place.chief
        choice = choose_precision(asked, measure if chief else lambda _precision: 0.0)
        return PrecisionChoice(**self._workers.tell(asdict(choice)))

    def prepare(self, initial: Mapping[str, NDArray[np.float32]]) -> None:
        """Bring all processes to the state in which the run stopped, or to a new start."""
        self._check_likeness()
        if self._workers.place.chief:
            self._open_folder(initial)
        self._position = TrainingPosition(**self._workers.tell(asdict(self._position)))
        self._seconds_before = self._position.seconds
        self._learner.start_together()

    def _check_likeness(self) -> None:
        ours = {**self._identity, "patience": self._training.patience}
        differs = self._workers.tell(ours) != ours
        if any(self._workers.totals([differs])):
            self._workers.part()
            raise TrainingError(
                "the processes differ: start all of them with the same command, corpus and "
                "--precision"
            )

    def _open_folder(self, initial: Mapping[str, NDArray[np.float32]]) -> None:
        """Restore the state in which the run stopped, or create the folder of a new run."""
        if not self._resume:
            self._learner.start_from(initial)
            self._keeper.create()
            self._save_state()
            return
        self._position = self._learner.load(self._state, self._identity)
        if self._position.epoch >= self._schedule.epochs:
            raise TrainingError(
                f"{self._state.parent}: has finished its {self._schedule.epochs} epochs"
            )
        self._keeper.reopen(self._position.epoch)

    def go(self) -> TrainingResult:
        """Train until the last epoch, an interrupt or the time limit."""
        self._observer.started(
            RunPlan(
                self._learner.parameters,
                sum(self._repertoire.lengths),
                self._schedule,
                self._precision,
                self._position.step,
            )
        )
        with Interrupt(self._observer.stopping) as interrupt:
            while self._position.epoch < self._schedule.epochs:
                if 0 < self._training.patience <= self._position.epochs_since_best:
                    return self._result("past its best")
                ending = self._go_through_epoch(interrupt)
                if ending:
                    return self._stop(ending)
                self._end_epoch()
        return self._result("finished")

    def _go_through_epoch(self, interrupt: Interrupt) -> Ending | None:
        """Take the remaining steps of an epoch; return why it stops early, or None."""
        position, training, schedule = self._position, self._training, self._schedule
        first = position.step - position.epoch * schedule.steps_per_epoch
        if first == 0:
            self._learner.forget_state()
        shape = (schedule.batch_size, training.window)
        for batch in epoch_batches(
            self._repertoire,
            training.windows,
            shape,
            steps=schedule.steps_per_epoch,
            seed=(training.seed, position.epoch),
            first=first,
        ):
            ending = self._asked_to_stop(interrupt)
            if ending:
                return ending
            rate = schedule.learning_rate(position.step, training)
            before = time.monotonic()
            fit = self._learner.learn(batch, rate)
            self._account(fit, rate, batch.characters, time.monotonic() - before)
            if time.monotonic() - self._saved > training.save_minutes * 60:
                self._save_within_epoch()
        return None

    def _asked_to_stop(self, interrupt: Interrupt) -> Ending | None:
        """Why the run stops before the next step; if one process must stop, all do."""
        endings: tuple[Ending, ...] = ("interrupted", "out of time")
        asked = self._workers.totals([interrupt.received, self._out_of_time()])
        return next((ending for ending, number in zip(endings, asked, strict=True) if number), None)

    def _account(self, fit: Fit, rate: float, characters: int, seconds: float) -> None:
        position = self._position
        if not math.isfinite(fit.nats):
            self._workers.part()
            raise TrainingError(
                f"the loss is NaN or infinite at step {position.step + 1}: "
                "choose a lower learning rate; the last checkpoint is kept"
            )
        position.count_step(characters, nats=fit.nats, right=fit.accuracy, seconds=seconds)
        self._observer.step(
            StepReport(
                position.epoch + 1,
                position.step,
                fit.bits,
                rate,
                position.characters_per_second,
            )
        )

    def _end_epoch(self) -> None:
        position = self._position
        self._observer.evaluating()
        row = self._row(self._learner.measure(self._held_out))
        position.end_epoch()
        before = position.best
        kept = self._keep_if_good(row)
        better = row.held_out_bits_per_character is None or position.best != before
        position.epochs_since_best = 0 if better else position.epochs_since_best + 1
        self._keeper.add(row)
        self._save_state()
        self._observer.epoch(row, kept=kept)
        every = self._training.sample_every
        if self._sample and every and position.epoch % every == 0:
            tune = self._sample(self._learner.weights(), self._vocabulary)
            self._keeper.keep_sample(row.epoch, tune)
            self._observer.tune(tune)

    def _stop(self, ending: Ending) -> TrainingResult:
        """Save a run that ends before its last epoch, and leave a usable checkpoint."""
        if ending == "out of time":
            self._observer.evaluating()
            self._keep_if_good(self._row(self._learner.measure(self._held_out)))
            self._save_state()
        else:
            self._save_within_epoch()
        return self._result(ending)

    def _save_within_epoch(self) -> None:
        """Save what is needed to continue, and a first checkpoint if none has been evaluated."""
        if self._position.epoch == 0 and self._position.best is None:
            self._keeper.keep(self._row(None), self._learner.weights())
        self._save_state()

    def _row(self, held_out: Fit | None) -> EpochRow:
        position, schedule = self._position, self._schedule
        taken = max(1, position.step - position.epoch * schedule.steps_per_epoch)
        return EpochRow(
            epoch=position.epoch + 1,
            step=position.step,
            characters=position.characters,
            train_bits_per_character=position.nats / taken / math.log(2),
            held_out_bits_per_character=held_out.bits if held_out else None,
            learning_rate=schedule.learning_rate(max(0, position.step - 1), self._training),
            characters_per_second=position.characters_per_second,
            seconds=self._seconds(),
            train_accuracy=position.right / taken,
            held_out_accuracy=held_out.accuracy if held_out else None,
        )

    def _keep_if_good(self, row: EpochRow) -> bool:
        """Keep the weights of an epoch that is the best, or within the slack of the best."""
        bits, best = row.held_out_bits_per_character, self._position.best
        if bits is not None and best is not None:
            if bits > best * (1 + self._training.slack):
                return False
            bits = min(bits, best)
        self._keeper.keep(row, self._learner.weights())
        self._position.best = bits
        return True

    def _save_state(self) -> None:
        self._position.seconds = self._seconds()
        if self._workers.place.chief:
            self._learner.save(self._state, self._position, self._identity)
        self._saved = time.monotonic()

    def _seconds(self) -> float:
        return self._seconds_before + time.monotonic() - self._began

    def _out_of_time(self) -> bool:
        minutes = self._training.max_minutes
        return minutes is not None and time.monotonic() - self._began > minutes * 60

    def _result(self, ending: Ending) -> TrainingResult:
        self._workers.part()
        chief = self._workers.place.chief
        return TrainingResult(ending, self._keeper.results, self._keeper.history, chief)
