"""Training on the terminal: a progress bar, a line for each epoch, a sample now and then."""

from typing import Self

from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn

from abclm.cli.console import TerminalConsole, TerminalProgress
from abclm.model.checkpoint.history import EpochRow
from abclm.model.training.observer import Observer, RunPlan, StepReport

__all__ = ["ProgressBar"]


class ProgressBar(Observer):
    """An observer that draws on stderr; off a terminal it only prints lines."""

    def __init__(self) -> None:
        self._console = TerminalConsole(to_stderr=True, soft_wrap=True)
        self._progress = TerminalProgress(
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(),
            TextColumn("{task.percentage:3.0f} %"),
            TextColumn("{task.fields[bits]:.3f} bits per character"),
            TextColumn("{task.fields[speed]:,.0f} characters/s"),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID | None = None
        self._epochs = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def reading(self, tunes: int) -> None:
        """Print that the tunes are being read, which takes a while."""
        self._say(f"reading {tunes:,} tunes")

    def started(self, plan: RunPlan) -> None:
        """Print the size of the network, the text and the schedule."""
        schedule = plan.schedule
        self._epochs = schedule.epochs
        self._say(
            f"{plan.parameters:,} parameters, {plan.characters:,} characters, "
            f"{schedule.epochs} epochs of {schedule.steps_per_epoch} steps, "
            f"{plan.precision.precision} ({plan.precision.reason})"
        )
        if plan.first_step:
            self._say(f"resuming at step {plan.first_step} of {schedule.steps}")
        self._task = self._progress.add_task(
            "train",
            total=schedule.steps,
            completed=plan.first_step,
            epoch=f"1/{schedule.epochs}",
            bits=0.0,
            speed=0.0,
        )

    def step(self, report: StepReport) -> None:
        """Advance the bar."""
        if self._task is not None:
            self._progress.update(
                self._task,
                completed=report.step,
                epoch=f"{report.epoch}/{self._epochs}",
                bits=report.bits_per_character,
                speed=report.characters_per_second,
            )

    def epoch(self, row: EpochRow, *, kept: bool) -> None:
        """Print a line for the epoch that has ended."""
        held_out = row.held_out_bits_per_character
        measured = f"held out {held_out:.4f}" if held_out is not None else "nothing held out"
        self._say(
            f"epoch {row.epoch}/{self._epochs}: {row.train_bits_per_character:.4f} bits per "
            f"character, {measured}{' (kept)' if kept else ''}, "
            f"{row.characters_per_second:,.0f} characters/s, {row.seconds / 60:.1f} min"
        )

    def tune(self, text: str) -> None:
        """Print a sample tune."""
        self._say(text)

    def stopping(self) -> None:
        """Acknowledge Ctrl-C."""
        self._say("stopping after this step; everything is being saved")

    def _say(self, text: str) -> None:
        self._console.print(text)
