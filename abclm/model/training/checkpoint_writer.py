"""The folder of a training run: best weights, their configuration, history, curves, samples."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.errors import OutputError, TrainingError
from abclm.files import claimed, leftovers, write_atomically
from abclm.model.checkpoint.checkpoint import (
    CONFIG,
    CURVES,
    HISTORY,
    WEIGHTS,
    CheckpointConfig,
    load_config,
    save_config,
)
from abclm.model.checkpoint.curves import draw_curves
from abclm.model.checkpoint.history import EpochRow, is_empty, read_history, write_history
from abclm.model.checkpoint.tensor_file import save_tensors
from abclm.model.training.training_state import STATE
from abclm.model.training.workers import read_place

__all__ = ["SAMPLES", "CheckpointWriter", "Witness", "check_folder", "claim_folder"]

SAMPLES = "samples"
"""The folder of the tunes that were written during training."""


@contextmanager
def claim_folder(out: Path, *, resume: bool) -> Iterator[None]:
    """Make ``out`` the folder of this run, and keep other runs out of it until the run ends.

    Of several processes only the first has a folder. A run that cannot start leaves none behind.

    Raises:
        TrainingError, InputError, OutputError: as for `check_folder`.
    """
    check_folder(out, resume=resume)
    if not read_place().chief:
        yield
        return
    made = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out}: cannot be made: {error.strerror}") from error
    try:
        with claimed(out) as ours:
            _check_claim(out, ours=ours)
            _check_files(out, resume=resume)
            yield
    except TrainingError:
        if made:
            with suppress(OSError):
                out.rmdir()
        raise


def check_folder(out: Path, *, resume: bool) -> None:
    """Check that training into ``out`` overwrites nothing, or that there is a run to resume.

    Of several processes only the first has a folder.

    Raises:
        TrainingError: it would, or there is none, or another run is training into it.
        InputError: `TF_CONFIG` is not as TensorFlow documents it.
        OutputError: the folder cannot be read.
    """
    if not read_place().chief:
        return
    with claimed(out) as ours:
        _check_claim(out, ours=ours)
        _check_files(out, resume=resume)


def _check_claim(out: Path, *, ours: bool) -> None:
    if not ours:
        raise TrainingError(f"{out}: another run is training into it: choose another --out")


def _check_files(out: Path, *, resume: bool) -> None:
    try:
        if resume and not (out / STATE).is_file():
            raise TrainingError(f"{out}: nothing to resume: it has no {STATE}")
        if not resume and out.exists() and not _is_unused(out):
            raise TrainingError(f"{out}: exists: continue with --resume, or choose another --out")
    except OSError as error:
        raise OutputError(f"{out}: cannot be read: {error.strerror}") from error


def _is_unused(out: Path) -> bool:
    """Whether the folder ``out`` is empty, or has only what a run killed at its start left."""
    if not out.is_dir():
        return False
    history = out / HISTORY
    left = {*_leftovers(out), *([history] if history.is_file() and is_empty(history) else [])}
    return left.issuperset(out.iterdir())


def _leftovers(out: Path) -> list[Path]:
    names = (CONFIG, WEIGHTS, HISTORY, CURVES, STATE)
    return [file for name in names for file in leftovers(out / name)]


class CheckpointWriter:
    """Writes the files of a checkpoint during training.

    Args:
        out: its folder.
        config: its configuration, whose results are updated with the weights.
    """

    def __init__(self, out: Path, config: CheckpointConfig) -> None:
        self._out = out
        self._config = replace(config, results={})
        self._history: list[EpochRow] = []

    @property
    def results(self) -> dict[str, Any]:
        """The results of the saved weights, as in `config.json`."""
        return self._config.results

    @property
    def history(self) -> tuple[EpochRow, ...]:
        """One row for each epoch."""
        return tuple(self._history)

    def create(self) -> None:
        """Create the folder, with an empty history, and delete what a killed run left in it.

        Raises:
            OutputError: it cannot be created or written; better to know now than after an epoch.
        """
        try:
            self._out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self._out}: cannot be made: {error.strerror}") from error
        self._clear()
        self._write_history()

    def reopen(self, epochs: int) -> None:
        """Continue in the folder of a run that has completed this number of ``epochs``.

        Raises:
            CheckpointError: its history or configuration is damaged.
        """
        self._clear()
        self._history = read_history(self._out / HISTORY)[:epochs]
        if (self._out / CONFIG).is_file():
            self._config = replace(self._config, results=load_config(self._out).results)

    def add(self, row: EpochRow) -> None:
        """Add a row to the history, write it, and draw its curves."""
        self._history.append(row)
        self._write_history()

    def keep_sample(self, epoch: int, tune: str) -> None:
        """Save a ``tune`` that was written after ``epoch`` as a tunebook of its own."""
        file = self._out / SAMPLES / f"epoch-{epoch:02}.abc"
        try:
            file.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(f"{file.parent}: cannot be made: {error.strerror}") from error
        write_atomically(file, tune)

    def keep(self, row: EpochRow, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Save ``weights`` as those of the checkpoint, with the results in ``row``."""
        results = {
            "held_out_bits_per_character": row.held_out_bits_per_character,
            "train_bits_per_character": row.train_bits_per_character,
            "epoch": row.epoch,
            "step": row.step,
            "characters_seen": row.characters,
            "seconds": round(row.seconds, 1),
        }
        self._config = replace(self._config, results=results)
        self._write_checkpoint(weights)

    def _write_history(self) -> None:
        write_history(self._out / HISTORY, self._history)
        if self._history:
            write_atomically(self._out / CURVES, draw_curves(self._history, self._config.name))

    def _write_checkpoint(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        save_tensors(self._out / WEIGHTS, weights)
        save_config(self._out, self._config)

    def _clear(self) -> None:
        """Delete the temporary files of a run that was killed while writing."""
        for file in _leftovers(self._out):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise OutputError(f"{file}: cannot be deleted: {error.strerror}") from error


class Witness(CheckpointWriter):
    """Replaces the writer in all processes but the first: the same records, but no files."""

    def _write_history(self) -> None:
        pass

    def _write_checkpoint(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        pass
