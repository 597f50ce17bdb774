"""How much a newly trained model copies, compared with what real tunes share."""

from pathlib import Path

from abclm.api.checkpoints import find
from abclm.compose.generation import Composer
from abclm.corpus.store import Corpus
from abclm.model.checkpoint.checkpoint import load_checkpoint
from abclm.notation.parse.parser import parse_tunebook
from abclm.originality.comparison import BarShapeIndex, Figures, figures
from abclm.originality.index import INDEX, build_index, load_index, save_index

__all__ = ["check_copying"]

_WRITTEN = 32
"""The number of tunes written: enough for a median and a first look at the 95th percentile."""
_LEARNT = 3.0
"""A network with more held-out bits per character has learnt too little to copy anything. Writing
metrically correct tunes with it is slow, too."""
_ENOUGH = 200
"""The fewest tunes that show how much real tunes share."""


def check_copying(folder: Path, corpus: Corpus, parent: str | None) -> str:
    """Save an index of the training tunes beside the checkpoint, and measure how much it copies.

    Args:
        folder: the checkpoint's folder.
        corpus: the corpus it was trained on.
        parent: the checkpoint it started from; its index says how much real tunes share if
            ``corpus`` is too small.

    Returns:
        How much it copies, as a warning if that is too much; an empty string if the network has
        learnt too little to copy.
    """
    index = build_index((corpus.name, corpus.report["sha256"]), corpus.train)
    save_index(folder / INDEX, index)
    checkpoint = load_checkpoint(folder)
    bits = checkpoint.config.results.get("held_out_bits_per_character")
    if bits is not None and bits > _LEARNT:
        return ""
    tunes = Composer(checkpoint).generate(count=_WRITTEN, seed=1)
    parsed = [parse_tunebook(f"X:1\n{tune.text}") for tune in tunes]
    found = figures([index.judge(each[0].tune).share for each in parsed if each])
    real = _real(index, len(corpus.train), parent)
    summary = (
        f"of {_WRITTEN} tunes written, half share {found.median:.0%} or more of their bars with a "
        f"training tune and one in twenty {found.p95:.0%}; real tunes {real.median:.0%} and "
        f"{real.p95:.0%}"
    )
    if found.p95 > real.p95 or found.half > real.half:
        return f"warning: it copies: {summary}: train for fewer epochs or with more --dropout"
    return summary


def _real(index: BarShapeIndex, tunes: int, parent: str | None) -> Figures:
    """How much different real tunes share: here, in the parent's corpus, or in general."""
    if tunes >= _ENOUGH:
        return index.human
    if parent is not None and (path := find(parent) / INDEX).is_file():
        return load_index(path).human
    # The median, the 95th percentile, and the share of .5 or more, in a large collection.
    return Figures(0.08, 0.20, 0.008)
