"""Checkpoints found by name, in the current folder or among the shipped ones."""

from pathlib import Path
from typing import TYPE_CHECKING

from abclm.errors import CheckpointError, CorpusError, InputError
from abclm.model.checkpoint.checkpoint import (
    Checkpoint,
    CheckpointConfig,
    find_checkpoint,
    list_checkpoints,
    load_checkpoint,
    load_config,
    shipped_checkpoints,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from abclm.corpus.store import Corpus

__all__ = ["checkpoints", "corpus_of", "find", "load_by_name"]


def find(name: str) -> Path:
    """Return the folder of the checkpoint called ``name``, or the folder ``name`` itself.

    Raises:
        CheckpointError: there is none; the message lists the existing ones.
    """
    return find_checkpoint(name, _folders())


def load_by_name(name: str) -> Checkpoint:
    """Load the checkpoint called ``name``, or the one in the folder ``name``.

    Raises:
        CheckpointError: there is none (the message lists the existing ones), or it is damaged.
    """
    return load_checkpoint(find(name))


def checkpoints(
    on_damaged: "Callable[[str], None]" = lambda _reason: None,
) -> dict[Path, CheckpointConfig]:
    """Return the folder and configuration of each checkpoint that can be loaded by name.

    Args:
        on_damaged: called with a message for each damaged checkpoint, which is skipped.

    Example:
        >>> [path.name for path in abclm.checkpoints()]
        ['chorales', 'irish']
    """
    found: dict[Path, CheckpointConfig] = {}
    for path in list_checkpoints(_folders()):
        try:
            found[path] = load_config(path)
        except CheckpointError as error:
            on_damaged(str(error))
    return found


def corpus_of(model: Checkpoint, name: str | None = None) -> "Corpus":
    """Load the corpus that a checkpoint was trained on, as built here.

    Args:
        model: the checkpoint.
        name: the corpus's name, if it differs from the one in the checkpoint.

    Raises:
        CorpusError: it is missing, or is a different corpus.
        InputError: the checkpoint names no corpus.
    """
    from abclm.corpus.store import load_corpus

    learnt = model.config.corpus
    wanted = name or str(learnt.get("name", ""))
    if not wanted:
        raise InputError(f"{model.path}: does not say what it was trained on: give --corpus NAME")
    corpus = load_corpus(wanted)
    sha256 = learnt.get("sha256")
    if sha256 is not None and corpus.report["sha256"] != sha256:
        raise CorpusError(
            f"corpus {wanted} ({corpus.report['sha256'][:12]}) is not what {model.config.name} was "
            f"trained on ({str(sha256)[:12]}): it may have learnt tunes that are held out now, so "
            f"figures would not be comparable; build the old one again, or train anew with "
            f"abclm train {wanted}"
        )
    return corpus


def _folders() -> list[Path]:
    return [Path("checkpoints"), shipped_checkpoints()]
