"""The files beside a checkpoint's weights: titles, index of the training tunes, judge."""

from collections.abc import Callable
from pathlib import Path

from abclm.api.checkpoints import load_by_name
from abclm.api.copying import check_copying
from abclm.compose.generation import Composer
from abclm.compose.judge import JUDGE, save_judge
from abclm.compose.settings import TEMPERATURE
from abclm.compose.teaching import LEAST_TUNES, REVISION, RIVALS, teach_judge
from abclm.corpus.store import Corpus, load_corpus
from abclm.decoding.sampling import Sampling
from abclm.errors import CorpusError
from abclm.model.checkpoint.checkpoint import Checkpoint, load_checkpoint
from abclm.model.checkpoint.title_list import write_titles
from abclm.model.text import read_canonical

__all__ = ["make_companions", "make_judge", "make_titles", "put_judge"]


def make_companions(
    folder: Path, corpus: Corpus, parent: str | None, say: Callable[[str], None]
) -> None:
    """Write all companion files of a newly trained checkpoint, and warn if it copies.

    A checkpoint of several voices has none: titles, phrases and bars are those of tunes.

    Args:
        folder: the checkpoint's folder.
        corpus: the corpus it was trained on.
        parent: the checkpoint it started from, if any.
        say: called with a line before each long step, and with the warning.
    """
    if corpus.several:
        return
    make_titles(folder, corpus)
    if len(corpus.train) >= LEAST_TUNES:
        make_judge(load_checkpoint(folder), corpus, say)
    if said := check_copying(folder, corpus, parent):
        say(said)


def make_titles(folder: Path, corpus: Corpus) -> None:
    """Write the titles of the training tunes beside a checkpoint."""
    fields = [read_canonical(text).fields for text in corpus.train]
    write_titles(folder, [(each.get("R", ""), each.get("T", "")) for each in fields])


def put_judge(name: str, corpus: str | None, say: Callable[[str], None]) -> None:
    """Train a judge for the checkpoint ``name`` on its training corpus.

    Args:
        name: the checkpoint's name.
        corpus: the name of its corpus here, if it differs from the one in the checkpoint.
        say: called with a line before each step.

    Raises:
        CheckpointError: there is no such checkpoint.
        CorpusError: its corpus is missing, damaged or a different one.
    """
    model = load_by_name(name)
    learnt = model.config.corpus
    loaded = load_corpus(corpus or str(learnt.get("name", "")))
    if loaded.report["sha256"] != learnt.get("sha256"):
        raise CorpusError(f"{name} was not trained on the corpus {loaded.name} as it is now")
    make_judge(model, loaded, say)


def make_judge(checkpoint: Checkpoint, corpus: Corpus, say: Callable[[str], None]) -> None:
    """Train a judge of phrases for a checkpoint and save it beside the weights.

    A second judge is trained to tell the tunes that the first one chose from real tunes; the two
    are then merged.
    """
    file = checkpoint.path / JUDGE
    say("teaching a judge of phrases")
    judge = teach_judge(Composer(checkpoint), corpus.train)
    save_judge(file, judge)
    say("teaching it again on what it has chosen")
    usual = Sampling(TEMPERATURE)
    again = teach_judge(Composer(checkpoint), corpus.train, rivals=RIVALS, sampling=usual)
    save_judge(file, judge.revised(again, REVISION))
