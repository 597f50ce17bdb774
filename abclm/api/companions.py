"""What stands beside the weights of a checkpoint: its titles, the index of its tunes, its judge."""

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
    """Put everything beside a checkpoint that was just trained, and warn if it copies.

    Args:
        folder: of the checkpoint.
        corpus: that it was trained on.
        parent: the checkpoint it started from.
        say: is given a line before each piece of work that takes a while, and the warning.
    """
    make_titles(folder, corpus)
    if len(corpus.train) >= LEAST_TUNES:
        make_judge(load_checkpoint(folder), corpus, say)
    if said := check_copying(folder, corpus, parent):
        say(said)


def make_titles(folder: Path, corpus: Corpus) -> None:
    """Put the titles of the training tunes beside a checkpoint."""
    fields = [read_canonical(text).fields for text in corpus.train]
    write_titles(folder, [(each.get("R", ""), each.get("T", "")) for each in fields])


def put_judge(name: str, corpus: str | None, say: Callable[[str], None]) -> None:
    """Teach a judge for the checkpoint ``name`` from the corpus that it was trained on.

    Args:
        name: of the checkpoint.
        corpus: that it was trained on, if that has another name here.
        say: is given a line before each piece of work.

    Raises:
        CheckpointError: there is no such checkpoint.
        CorpusError: its corpus is missing, damaged or another one.
    """
    model = load_by_name(name)
    learnt = model.config.corpus
    loaded = load_corpus(corpus or str(learnt.get("name", "")))
    if loaded.report["sha256"] != learnt.get("sha256"):
        raise CorpusError(f"{name} was not trained on the corpus {loaded.name} as it is now")
    make_judge(model, loaded, say)


def make_judge(checkpoint: Checkpoint, corpus: Corpus, say: Callable[[str], None]) -> None:
    """Teach a judge of phrases for a checkpoint, and put it beside it.

    What still gives away the tunes that the first judge has chosen, a second one hears; they become
    one.
    """
    file = checkpoint.path / JUDGE
    say("teaching a judge of phrases")
    judge = teach_judge(Composer(checkpoint), corpus.train)
    save_judge(file, judge)
    say("teaching it again on what it has chosen")
    usual = Sampling(TEMPERATURE)
    again = teach_judge(Composer(checkpoint), corpus.train, rivals=RIVALS, sampling=usual)
    save_judge(file, judge.revised(again, REVISION))
