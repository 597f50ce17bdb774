"""`history.csv`: one line for each epoch of a training run."""

import csv
import io
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from abclm.errors import CheckpointError
from abclm.files import read_bytes, write_atomically
from abclm.model.checkpoint.stored import read_stored

__all__ = ["EpochRow", "is_empty", "read_history", "write_history"]

_MOST_BYTES = 8 * 2**20
"""The rows of 100,000 epochs."""


@dataclass(frozen=True)
class EpochRow:
    """The results of an epoch."""

    epoch: int
    """Counted from 1."""
    step: int
    """Steps since the start of the run."""
    characters: int
    """Characters read since the start of the run."""
    train_bits_per_character: float
    """Mean over the epoch's steps, each before its update, with dropout."""
    held_out_bits_per_character: float | None
    """After the epoch, over the held-out tunes; None if there are none."""
    learning_rate: float
    """At the last step."""
    characters_per_second: float
    """During training, without evaluation."""
    seconds: float
    """Since the start of the run, without the pauses between interrupt and resume."""
    train_accuracy: float | None = None
    """Share of the training characters, with dropout, that the network thought the likeliest; None
    in a history written before it was measured."""
    held_out_accuracy: float | None = None
    """The same of the held-out characters, after the epoch; None if there are none."""


def write_history(path: Path, rows: list[EpochRow]) -> None:
    """Write ``rows`` to the file ``path``, completely or not at all.

    Raises:
        OutputError: the file cannot be written.
    """
    write_atomically(path, _text(rows))


def is_empty(path: Path) -> bool:
    """Whether the file ``path`` is a history without rows, as at the start of a run.

    Raises:
        InputError: the file cannot be read.
    """
    return read_bytes(path) == _text([]).encode()


def read_history(path: Path) -> list[EpochRow]:
    """Read the rows of the file ``path``.

    Raises:
        CheckpointError: the file is missing, or not a history.
    """
    try:
        text = read_stored(path, _MOST_BYTES).decode("utf-8")
        return [_row(values) for values in csv.DictReader(io.StringIO(text))]
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise CheckpointError(f"{path}: not a training history: {error}") from error


def _text(rows: list[EpochRow]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(EpochRow)], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in asdict(row).items()})
    return text.getvalue()


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.6g}"


def _row(values: dict[str, str]) -> EpochRow:
    return EpochRow(
        epoch=int(values["epoch"]),
        step=int(values["step"]),
        characters=int(values["characters"]),
        train_bits_per_character=float(values["train_bits_per_character"]),
        held_out_bits_per_character=_known(values["held_out_bits_per_character"]),
        learning_rate=float(values["learning_rate"]),
        characters_per_second=float(values["characters_per_second"]),
        seconds=float(values["seconds"]),
        train_accuracy=_known(values.get("train_accuracy")),
        held_out_accuracy=_known(values.get("held_out_accuracy")),
    )


def _known(cell: str | None) -> float | None:
    return float(cell) if cell else None
