"""The index of a checkpoint's training tunes: read, or made from the corpus built here."""

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

__all__ = ["index_of", "make_index", "put_index"]


def index_of(
    checkpoint: str, say: Callable[[str], None], corpus: str | None = None
) -> "BarShapeIndex":
    """The index over what ``checkpoint`` learnt from, or over ``corpus``.

    It is the file in the checkpoint's folder, else made from the corpus built here.

    Raises:
        CheckpointError: there is no such checkpoint, or its index is damaged or of other tunes.
        CorpusError: there is no index, and no corpus to make one from.
    """
    if corpus is not None:
        return make_index(corpus, say)
    path = find(checkpoint)
    learnt = load_config(path).corpus
    if not (path / INDEX).is_file():
        return make_index(str(learnt.get("name", "")), say, learnt.get("sha256"))
    index = load_index(path / INDEX)
    if index.corpus[1] != learnt.get("sha256"):
        raise CheckpointError(
            f"{path / INDEX}: of other tunes than {path.name} learnt from: "
            f"make it again with abclm checkpoint index {checkpoint}"
        )
    return index


def make_index(
    corpus: str, say: Callable[[str], None], sha256: str | None = None
) -> "BarShapeIndex":
    """The index over the training tunes of a corpus that is built here.

    Args:
        corpus: its name.
        say: is given a line before the work.
        sha256: what it must have, if it matters.

    Raises:
        CorpusError: it is missing, damaged or another one.
    """
    loaded = load_corpus(corpus)
    if sha256 is not None and loaded.report["sha256"] != sha256:
        raise CorpusError(
            f"corpora/{corpus} is not what the model learnt from: build it again, "
            f"or compare all the same with --corpus {corpus}"
        )
    say(f"indexing {len(loaded.train)} tunes")
    return build_index((loaded.name, loaded.report["sha256"]), loaded.train)


def put_index(
    checkpoint: str, corpus: str | None, say: Callable[[str], None]
) -> "tuple[Path, BarShapeIndex]":
    """Put the index beside a checkpoint, made from its training corpus; its file, and the index.

    Args:
        checkpoint: its name.
        corpus: what it was trained on, if that has another name here.
        say: is given a line before the work.

    Raises:
        CheckpointError: there is no such checkpoint.
        CorpusError: its corpus is missing, damaged or another one.
    """
    path = find(checkpoint)
    learnt = load_config(path).corpus
    made = make_index(corpus or str(learnt.get("name", "")), say, learnt.get("sha256"))
    save_index(path / INDEX, made)
    return path / INDEX, made
