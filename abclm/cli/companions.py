"""What stands beside the weights of a checkpoint: its titles, the index of its tunes, its judge."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.corpus.store import Corpus
    from abclm.model.checkpoint.checkpoint import Checkpoint

__all__ = ["make_companions", "make_judge", "make_titles"]


def make_companions(folder: Path, corpus: "Corpus", parent: str | None) -> None:
    """Put everything beside a checkpoint that was just trained, and warn if it copies.

    Args:
        folder: of the checkpoint.
        corpus: that it was trained on.
        parent: the checkpoint it started from.
    """
    from abclm.cli.copying import check_copying
    from abclm.compose.teaching import LEAST_TUNES
    from abclm.model.checkpoint.checkpoint import load_checkpoint

    make_titles(folder, corpus)
    if len(corpus.train) >= LEAST_TUNES:
        make_judge(load_checkpoint(folder), corpus)
    check_copying(folder, corpus, parent)


def make_titles(folder: Path, corpus: "Corpus") -> None:
    """Put the titles of the training tunes beside a checkpoint."""
    from abclm.model.checkpoint.title_list import write_titles
    from abclm.model.text import read_canonical

    fields = [read_canonical(text).fields for text in corpus.train]
    write_titles(folder, [(each.get("R", ""), each.get("T", "")) for each in fields])


def make_judge(checkpoint: "Checkpoint", corpus: "Corpus") -> None:
    """Teach a judge of phrases for a checkpoint, and put it beside it.

    What still gives away the tunes that the first judge has chosen, a second one hears; they become
    one.
    """
    from abclm.compose.generation import Composer
    from abclm.compose.judge import JUDGE, save_judge
    from abclm.compose.settings import TEMPERATURE
    from abclm.compose.teaching import REVISION, RIVALS, teach_judge
    from abclm.decoding.sampling import Sampling

    file = checkpoint.path / JUDGE
    print("teaching a judge of phrases", file=sys.stderr)
    judge = teach_judge(Composer(checkpoint), corpus.train)
    save_judge(file, judge)
    print("teaching it again on what it has chosen", file=sys.stderr)
    usual = Sampling(TEMPERATURE)
    again = teach_judge(Composer(checkpoint), corpus.train, rivals=RIVALS, sampling=usual)
    save_judge(file, judge.revised(again, REVISION))
