"""What a training run tells while it goes on. It prints nothing: who calls it does."""

from dataclasses import dataclass

from abclm.model.checkpoint.history import EpochRow
from abclm.model.training.backend import PrecisionChoice
from abclm.model.training.schedule import Schedule

__all__ = ["Observer", "RunPlan", "StepReport"]


@dataclass(frozen=True)
class RunPlan:
    """What is about to be trained."""

    parameters: int
    """Numbers in the network."""
    characters: int
    """Length of the training text, ends of tunes included."""
    schedule: Schedule
    """Its steps."""
    precision: PrecisionChoice
    """The number type, and why."""
    first_step: int
    """0, or where a resumed run goes on."""


@dataclass(frozen=True)
class StepReport:
    """One step."""

    epoch: int
    """Counted from 1."""
    step: int
    """Steps since the start of the run, this one included."""
    bits_per_character: float
    """Of this step's windows, before the change of the weights, dropout on."""
    learning_rate: float
    """At this step."""
    characters_per_second: float
    """Since this epoch began, or went on."""


class Observer:
    """Told of everything, does nothing. Subclass it and override what is of interest."""

    def reading(self, tunes: int) -> None:
        """That many tunes are about to be read, which may take a while."""

    def started(self, plan: RunPlan) -> None:
        """Training begins or goes on; called once."""

    def step(self, report: StepReport) -> None:
        """A step was taken."""

    def evaluating(self) -> None:
        """The held-out tunes are about to be read, which may take a while."""

    def epoch(self, row: EpochRow, *, kept: bool) -> None:
        """An epoch has ended; ``kept`` where its weights are the checkpoint's now."""

    def tune(self, text: str) -> None:
        """A tune was written with the weights of the epoch that has ended."""

    def stopping(self) -> None:
        """An interrupt was received; the current step is finished and everything is saved."""
