"""What a model that was just trained copies: told beside what real tunes share."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.corpus.store import Corpus
    from abclm.originality.comparison import BarShapeIndex, Figures

__all__ = ["check_copying"]

_WRITTEN = 32
_LEARNT = 3.0
"""Held-out bits per character from which on a network has learnt too little to copy anything; to
keep one in metre that wants none takes long, too."""
_ENOUGH = 200
"""Of fewer tunes it cannot be told what real tunes share."""


def check_copying(folder: Path, corpus: "Corpus", parent: str | None) -> None:
    """Put an index of the training tunes beside the checkpoint, and warn of a model that copies.

    Args:
        folder: of the checkpoint.
        corpus: that it was trained on.
        parent: the checkpoint it started from, which tells what real tunes share where ``corpus``
            is too small to.
    """
    from abclm.compose.generation import Composer
    from abclm.model.checkpoint.checkpoint import load_checkpoint
    from abclm.notation.parse.parser import parse_tunebook
    from abclm.originality.comparison import figures
    from abclm.originality.index import INDEX, build_index, save_index

    index = build_index((corpus.name, corpus.report["sha256"]), corpus.train)
    save_index(folder / INDEX, index)
    checkpoint = load_checkpoint(folder)
    bits = checkpoint.config.results.get("held_out_bits_per_character")
    if bits is not None and bits > _LEARNT:
        return
    tunes = Composer(checkpoint).generate(count=_WRITTEN, seed=1)
    parsed = [parse_tunebook(f"X:1\n{tune.text}") for tune in tunes]
    found = figures([index.judge(each[0].tune).share for each in parsed if each])
    real = _real(index, len(corpus.train), parent)
    told = (
        f"of {_WRITTEN} tunes written, half share {found.median:.0%} or more of their bars with a "
        f"training tune and one in twenty {found.p95:.0%}; real tunes {real.median:.0%} and "
        f"{real.p95:.0%}"
    )
    if found.p95 > real.p95 or found.half > real.half:
        told = f"warning: it copies: {told}: train for fewer epochs or with more --dropout"
    print(told, file=sys.stderr)


def _real(index: "BarShapeIndex", tunes: int, parent: str | None) -> "Figures":
    """What different real tunes share, here or in the corpus of the parent, else in general."""
    from abclm.cli.checkpoint import folders
    from abclm.model.checkpoint.checkpoint import find_checkpoint
    from abclm.originality.comparison import Figures
    from abclm.originality.index import INDEX, load_index

    if tunes >= _ENOUGH:
        return index.human
    if parent is not None and (path := find_checkpoint(parent, folders()) / INDEX).is_file():
        return load_index(path).human
    # DESIGN section 7: real tunes of a large collection.
    return Figures(0.08, 0.20, 0.008)
