"""The number of steps of a training run, and the learning rate at each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from abclm.errors import TrainingError
from abclm.model.settings import TrainingSettings

__all__ = ["Schedule", "pack", "plan_schedule", "usual_epochs"]

_LEAST_STEPS = 8
"""The fewest steps of an epoch, if the text is long enough."""
_USUAL_CHARACTERS = 6_600_000
"""The number of characters from which the shipped model learned."""
_MOST_USUAL_EPOCHS = 40
"""Without a cap, ten tunes would be read in thousands of epochs."""


@dataclass(frozen=True)
class Schedule:
    """The steps of a run."""

    batch_size: int
    """Windows in one step: those of the settings, or fewer for a small training text."""
    steps_per_epoch: int
    """Steps in which the number of characters read equals the length of the training text."""
    epochs: int
    """The number of epochs."""

    @property
    def steps(self) -> int:
        """The total number of steps."""
        return self.steps_per_epoch * self.epochs

    def learning_rate(self, step: int, settings: TrainingSettings) -> float:
        """The learning rate at ``step``, from 0: a linear warm-up, then half a cosine."""
        warmup = max(1, round(self.steps * settings.warmup))
        if step < warmup:
            return settings.learning_rate * (step + 1) / warmup
        passed = (step - warmup) / max(1, self.steps - warmup)
        low = settings.final_learning_rate
        share = low + (1 - low) * 0.5 * (1 + math.cos(math.pi * min(1.0, passed)))
        return settings.learning_rate * share


def usual_epochs(characters: int) -> int:
    """The default number of epochs for an untrained network and this number of characters.

    6.6 million characters are read in total, but in no more than 40 and no fewer than 7 epochs.
    """
    enough = round(_USUAL_CHARACTERS / max(1, characters))
    return min(_MOST_USUAL_EPOCHS, max(TrainingSettings.epochs, enough))


def plan_schedule(lengths: Sequence[int], settings: TrainingSettings) -> Schedule:
    """Plan the steps for training tunes of these lengths, ends included.

    A small text gets smaller batches, so that an epoch still has 8 steps if possible.

    Raises:
        TrainingError: all tunes together are no longer than one window.
    """
    characters = sum(lengths)
    if characters <= settings.window:
        raise TrainingError(
            f"the training text has {characters} characters, too few for windows of "
            f"{settings.window}: train on more tunes or choose a smaller window"
        )
    windows = (characters - 1) // settings.window
    batch_size = min(settings.batch_size, max(1, windows // _LEAST_STEPS))
    if settings.windows == "tunes":
        steps = len(pack(sorted(lengths), batch_size * settings.window))
    elif settings.windows == "contiguous":
        steps = windows // batch_size
    else:
        steps = math.ceil(characters / (batch_size * settings.window))
    return Schedule(batch_size, steps, settings.epochs)


def pack(lengths: Sequence[int], characters: int) -> list[range]:
    """Group consecutive tunes into batches of at most ``characters`` characters.

    A longer tune is a batch of its own.

    Args:
        lengths: the lengths of the tunes, ends included.
        characters: the most in a batch.

    Returns:
        The indices of the tunes of each batch.
    """
    batches: list[range] = []
    start = used = 0
    for place, length in enumerate(lengths):
        if place > start and used + length > characters:
            batches.append(range(start, place))
            start, used = place, 0
        used += length
    return [*batches, range(start, len(lengths))] if len(lengths) else batches
