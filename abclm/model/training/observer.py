"""Reports the progress of a training run. It prints nothing; the caller does."""

from dataclasses import dataclass

from abclm.model.checkpoint.history import EpochRow
from abclm.model.training.backend import PrecisionChoice
from abclm.model.training.schedule import Schedule

__all__ = ["Observer", "RunPlan", "StepReport"]


@dataclass(frozen=True)
class RunPlan:
    """The run that is about to start."""

    parameters: int
    """Number of parameters of the network."""
    characters: int
    """Length of the training text, ends of tunes included."""
    schedule: Schedule
    """Its steps."""
    precision: PrecisionChoice
    """The number type, and the reason for it."""
    first_step: int
    """0, or the step at which a resumed run continues."""


@dataclass(frozen=True)
class StepReport:
    """One step."""

    epoch: int
    """Counted from 1."""
    step: int
    """Steps since the start of the run, this one included."""
    bits_per_character: float
    """Over this step's windows, before the update, with dropout."""
    learning_rate: float
    """At this step."""
    characters_per_second: float
    """Since this epoch began or was resumed."""


class Observer:
    """Receives every event and does nothing. Subclass it and override what is of interest."""

    def reading(self, tunes: int) -> None:
        """This number of tunes is about to be read, which may take a while."""

    def started(self, plan: RunPlan) -> None:
        """Training begins or continues; called once."""

    def step(self, report: StepReport) -> None:
        """A step was taken."""

    def evaluating(self) -> None:
        """The held-out tunes are about to be read, which may take a while."""

    def epoch(self, row: EpochRow, *, kept: bool) -> None:
        """An epoch has ended; ``kept`` says whether the checkpoint now has its weights."""

    def tune(self, text: str) -> None:
        """A tune was written with the weights of the last epoch."""

    def stopping(self) -> None:
        """An interrupt was received; the current step is finished and everything is saved."""
