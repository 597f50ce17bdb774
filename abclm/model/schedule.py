"""How many steps a training run has, and the learning rate at each."""

import math
from dataclasses import dataclass

from abclm.errors import TrainingError
from abclm.model.settings import TrainingSettings

__all__ = ["Schedule", "plan_schedule"]

_LEAST_STEPS = 8


@dataclass(frozen=True)
class Schedule:
    """The steps of a run."""

    batch_size: int
    """Windows in one step: those of the settings, or fewer for a small training text."""
    steps_per_epoch: int
    """Steps in which as many characters are read as the training text has."""
    epochs: int
    """How often."""

    @property
    def steps(self) -> int:
        """All steps of the run."""
        return self.steps_per_epoch * self.epochs

    def learning_rate(self, step: int, settings: TrainingSettings) -> float:
        """The learning rate of ``step``, counted from 0: a linear warm-up, then half a cosine."""
        warmup = max(1, round(self.steps * settings.warmup))
        if step < warmup:
            return settings.learning_rate * (step + 1) / warmup
        passed = (step - warmup) / max(1, self.steps - warmup)
        low = settings.final_learning_rate
        share = low + (1 - low) * 0.5 * (1 + math.cos(math.pi * min(1.0, passed)))
        return settings.learning_rate * share


def plan_schedule(characters: int, settings: TrainingSettings) -> Schedule:
    """The steps for a training text of so many ``characters``, ends of tunes included.

    A small text gets smaller batches, so that an epoch still has 8 steps where that is possible.

    Raises:
        TrainingError: the text is shorter than one window.
    """
    if characters <= settings.window:
        raise TrainingError(
            f"the training text has {characters} characters, too few for windows of "
            f"{settings.window}: train on more tunes or choose a smaller window"
        )
    windows = (characters - 1) // settings.window
    batch_size = min(settings.batch_size, max(1, windows // _LEAST_STEPS))
    if settings.windows == "contiguous":
        steps = windows // batch_size
    else:
        steps = math.ceil(characters / (batch_size * settings.window))
    return Schedule(batch_size, steps, settings.epochs)
