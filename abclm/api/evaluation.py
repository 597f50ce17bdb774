"""A checkpoint measured against real tunes, and the report on it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from abclm.api.checkpoints import corpus_of
from abclm.api.indexes import index_of
from abclm.compose.network import Network
from abclm.corpus.store import Corpus
from abclm.evaluate.evaluation import Evaluation, Options
from abclm.evaluate.evaluation import evaluate as measure
from abclm.evaluate.report.report import build_report
from abclm.evaluate.tunes import Split, held_out_splits, read_pieces, read_split
from abclm.evaluate.voices.evaluation import VoicesEvaluation
from abclm.evaluate.voices.evaluation import evaluate_voices as measure_voices
from abclm.files import write_atomically
from abclm.model.checkpoint.checkpoint import HISTORY, Checkpoint
from abclm.model.checkpoint.history import read_history
from abclm.originality.comparison import BarShapeIndex
from abclm.originality.index import INDEX, build_index

__all__ = ["evaluate", "evaluate_voices", "write_report"]


def evaluate(
    model: Checkpoint,
    options: Options,
    say: Callable[[str], None],
    *,
    corpus: str | None = None,
    books: Iterable[str] | None = None,
    by: Sequence[str] = (),
) -> Evaluation:
    """Measure a model and real tunes.

    Args:
        model: the checkpoint.
        options: how tunes are written for the evaluation.
        say: called with a line for each step, and for each reason why tunes were left out.
        corpus: the name of its corpus here, if it differs from the one in the checkpoint.
        books: the text of tunebooks to compare with; None for the tunes that the corpus holds out.
        by: what to break the musical figures down by: ``rhythm``, ``key``.

    Raises:
        CheckpointError: its index is damaged or of other tunes.
        CorpusError: its corpus is missing, or is a different one.
        InputError: the tunes or an option cannot be used.
    """
    learnt = corpus_of(model, corpus)
    splits = _splits(books, learnt, model, say)
    index = _index_of(model, learnt, say)
    return measure(model, learnt, splits, index, options, by=by, progress=say)


def evaluate_voices(
    model: Checkpoint,
    options: Options,
    say: Callable[[str], None],
    *,
    corpus: str | None = None,
    books: Iterable[str] | None = None,
    no_parallels: bool = False,
) -> VoicesEvaluation:
    """Measure a model of several voices and real pieces.

    Args:
        model: the checkpoint.
        options: how pieces are written for the evaluation.
        say: called with a line for each step, and for each reason why pieces were left out.
        corpus: the name of its corpus here, if it differs from the one in the checkpoint.
        books: the text of tunebooks to compare with; None for the pieces that the corpus holds out.
        no_parallels: whether another row has pieces in which parallels cost.

    Raises:
        CorpusError: its corpus is missing, or is a different one.
        InputError: the pieces cannot be used.
    """
    learnt = corpus_of(model, corpus)
    splits = _splits(books, learnt, model, say)
    return measure_voices(model, learnt, splits, options, no_parallels=no_parallels, progress=say)


def write_report(path: Path, result: Evaluation, model: Checkpoint) -> None:
    """Write the report with its pictures as one HTML page.

    Raises:
        OutputError: it cannot be written.
    """
    file = model.path / HISTORY
    history = read_history(file) if file.is_file() else []
    write_atomically(path, build_report(result, history))


def _splits(
    books: Iterable[str] | None, corpus: Corpus, model: Checkpoint, say: Callable[[str], None]
) -> list[Split]:
    """Return the tunes to compare with, and report those that cannot be read."""
    network = Network(model)
    given = read_pieces if network.several else read_split
    read = network.read
    splits = held_out_splits(corpus, read) if books is None else [given(books, read)]
    for split in splits:
        for reason, number in split.left_out:
            say(f"tunes {split.title}: {number} left out: {reason}")
    return splits


def _index_of(model: Checkpoint, corpus: Corpus, say: Callable[[str], None]) -> BarShapeIndex:
    """Return the index in the checkpoint's folder, or else one made from the corpus."""
    if (model.path / INDEX).is_file():
        return index_of(str(model.path), say)
    say(f"indexing {len(corpus.train)} tunes")
    return build_index((corpus.name, corpus.report["sha256"]), corpus.train)
