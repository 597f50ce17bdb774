"""What the evaluation of a checkpoint needs, and the report on it."""

from collections.abc import Callable, Iterable
from pathlib import Path

from abclm.api.checkpoints import corpus_of
from abclm.api.indexes import index_of
from abclm.compose.network import Network
from abclm.corpus.store import Corpus
from abclm.evaluate.evaluation import Evaluation
from abclm.evaluate.report.report import build_report
from abclm.evaluate.tunes import Split, held_out_splits, read_pieces, read_split
from abclm.files import write_atomically
from abclm.model.checkpoint.checkpoint import HISTORY, Checkpoint
from abclm.model.checkpoint.history import read_history
from abclm.originality.comparison import BarShapeIndex
from abclm.originality.index import INDEX, build_index

__all__ = ["index_for", "real_tunes", "write_report"]


def real_tunes(
    model: Checkpoint,
    corpus: str | None,
    books: Iterable[str] | None,
    say: Callable[[str], None],
) -> tuple[Corpus, list[Split]]:
    """Return the training corpus of a model, and the tunes to measure it against.

    Args:
        model: the checkpoint.
        corpus: the name of its corpus here, if it differs from the one in the checkpoint.
        books: the text of tunebooks to compare with; None for the tunes that the corpus holds out.
        say: called with a line for each reason why tunes were left out.

    Raises:
        CorpusError: its corpus is missing, or is a different one.
        InputError: the tunes cannot be used.
    """
    learnt = corpus_of(model, corpus)
    network = Network(model)
    if books is None:
        splits = held_out_splits(learnt, network.read)
    else:
        splits = [(read_pieces if network.several else read_split)(books, network.read)]
    for split in splits:
        for reason, number in split.left_out:
            say(f"tunes {split.title}: {number} left out: {reason}")
    return learnt, splits


def index_for(model: Checkpoint, corpus: Corpus, say: Callable[[str], None]) -> BarShapeIndex:
    """Return the index in the checkpoint's folder, or else one made from the corpus.

    Raises:
        CheckpointError: its index is damaged or of other tunes.
    """
    if (model.path / INDEX).is_file():
        return index_of(str(model.path), say)
    say(f"indexing {len(corpus.train)} tunes")
    return build_index((corpus.name, corpus.report["sha256"]), corpus.train)


def write_report(path: Path, result: Evaluation, model: Checkpoint) -> None:
    """Write the report with its pictures as one HTML page.

    Raises:
        OutputError: it cannot be written.
    """
    file = model.path / HISTORY
    history = read_history(file) if file.is_file() else []
    write_atomically(path, build_report(result, history))
