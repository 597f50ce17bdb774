"""Training: from tunes to a checkpoint; it can be interrupted and resumed at any step."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abclm.errors import OutputError
from abclm.model.checkpoint.checkpoint import CheckpointConfig
from abclm.model.training.checkpoint_writer import check_folder, claim_folder
from abclm.model.training.observer import Observer
from abclm.model.training.run import Ending, Sampler, TrainingResult, TrainingRun
from abclm.model.training.tensorflow_workers import join_workers

__all__ = ["Ending", "Sampler", "TrainingResult", "check_folder", "train"]


def train(
    config: CheckpointConfig,
    texts: Sequence[str],
    held_out: Sequence[str],
    out: Path,
    *,
    resume: bool = False,
    initial: Mapping[str, NDArray[np.float32]] | None = None,
    observer: Observer | None = None,
    sample: Sampler | None = None,
) -> TrainingResult:
    """Train a network and save it as the checkpoint ``out``.

    After each epoch the held-out tunes are evaluated, and the weights of the best epoch are kept,
    or those of a later one that is hardly worse; see `TrainingSettings.slack`.
    The first Ctrl-C ends the run after the current step, with everything saved. Several processes
    train together if `TF_CONFIG` says so; see `abclm.model.training.workers`.

    Args:
        config: everything known beforehand; its results are filled in.
        texts: the training tunes.
        held_out: tunes to evaluate on; without any, the last epoch's weights are kept.
        out: the folder to create.
        resume: continue the run in ``out``.
        initial: initial weights instead of random ones, by the names of `weight_shapes`.
        observer: receives every step and epoch.
        sample: writes the tune that is shown and kept every `sample_every` epochs.

    Raises:
        TrainingError: ``out`` exists, cannot be resumed or is used by another run; the tunes are
            too few; the loss is NaN or infinite; another process cannot be reached or was started
            with other settings.
        InputError: `TF_CONFIG` is not as TensorFlow documents it.
        UnknownCharacterError: a tune has a character that is not in the vocabulary.
        OutputError: a file cannot be written; what was saved before remains.
        MissingExtraError: TensorFlow is not installed.
    """
    with claim_folder(out, resume=resume):
        workers = join_workers()
        if not workers.place.chief:
            observer = sample = None
        listener = observer or Observer()
        run = TrainingRun(
            config,
            texts,
            held_out,
            out,
            resume=resume,
            workers=workers,
            observer=listener,
            sample=sample,
        )
        run.prepare(initial or {})
        try:
            return run.go()
        except OutputError as error:
            message = f"{error}; what was saved before is kept: continue with --resume"
            raise OutputError(message) from error
