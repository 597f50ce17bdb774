"""The index of a checkpoint's training tunes, read or made from the corpus built here."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from abclm.api.checkpoints import find
from abclm.corpus.store import load_corpus
from abclm.errors import CheckpointError, CorpusError
from abclm.model.checkpoint.checkpoint import load_config
from abclm.originality.index import INDEX, build_index, load_index, save_index

if TYPE_CHECKING:
    from pathlib import Path

    from abclm.originality.comparison import BarShapeIndex

__all__ = ["index_corpus", "index_of", "put_index"]


def index_of(
    checkpoint: str, say: Callable[[str], None], corpus: str | None = None
) -> "BarShapeIndex":
    """Return the index of the training tunes of ``checkpoint``, or of ``corpus``.

    It is read from the checkpoint's folder, or else made from the corpus built here.

    Raises:
        CheckpointError: there is no such checkpoint, or its index is damaged or of other tunes.
        CorpusError: there is no index, and no corpus to make one from.
    """
    if corpus is not None:
        return index_corpus(corpus, say)
    path = find(checkpoint)
    learnt = load_config(path).corpus
    if not (path / INDEX).is_file():
        return index_corpus(str(learnt.get("name", "")), say, learnt.get("sha256"))
    index = load_index(path / INDEX)
    if index.corpus[1] != learnt.get("sha256"):
        raise CheckpointError(
            f"{path / INDEX}: is not the index of what {path.name} learnt from: "
            f"make it again with abclm checkpoint index {checkpoint}"
        )
    return index


def index_corpus(
    corpus: str, say: Callable[[str], None] = lambda _line: None, sha256: str | None = None
) -> "BarShapeIndex":
    """Make the index of the training tunes of a corpus that is built here.

    Args:
        corpus: its name.
        say: called with a line before the work begins.
        sha256: the hash that the corpus must have; None for any.

    Raises:
        CorpusError: it is missing, damaged or a different one.

    Example:
        >>> abclm.index_corpus("mine").judge(tune.music).share
        0.0
    """
    loaded = load_corpus(corpus)
    if sha256 is not None and loaded.report["sha256"] != sha256:
        raise CorpusError(
            f"corpora/{corpus} is not what the model learnt from: build it again, "
            f"or compare anyway with --corpus {corpus}"
        )
    say(f"indexing {len(loaded.train)} tunes")
    return build_index((loaded.name, loaded.report["sha256"]), loaded.train)


def put_index(
    checkpoint: str, corpus: str | None, say: Callable[[str], None]
) -> "tuple[Path, BarShapeIndex]":
    """Make the index of a checkpoint's training corpus, save it beside it, return path and index.

    Args:
        checkpoint: its name.
        corpus: the name of its corpus here, if it differs from the one in the checkpoint.
        say: called with a line before the work begins.

    Raises:
        CheckpointError: there is no such checkpoint.
        CorpusError: its corpus is missing, damaged or a different one.
    """
    path = find(checkpoint)
    learnt = load_config(path).corpus
    made = index_corpus(corpus or str(learnt.get("name", "")), say, learnt.get("sha256"))
    save_index(path / INDEX, made)
    return path / INDEX, made
