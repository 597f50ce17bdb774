"""Makes the index of a corpus against which originality is judged, and keeps it in a file.

The file holds hashes of bars and the titles, so no tune can be read from it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.compose.originality import HALF, Bars, Figures, Index, figures
from abclm.errors import CheckpointError
from abclm.model.weights import read_weights, save_weights
from abclm.notation.bar_shapes import BarShape, bar_shapes
from abclm.notation.parser import parse_tunebook
from abclm.notation.titles import normalise_title

__all__ = ["INDEX", "build_index", "load_index", "save_index"]

INDEX = "originality.safetensors"
"""The name of the file in a checkpoint's folder."""

_ARRAYS: dict[str, type[np.generic]] = {
    "inner": np.uint32,
    "approach": np.int8,
    "notes": np.uint8,
    "full": np.bool_,
    "starts": np.uint32,
}


def build_index(corpus: tuple[str, str], texts: Iterable[str]) -> Index:
    """The index over the tunes ``texts``, with what they share among themselves.

    Args:
        corpus: its name and sha256.
        texts: a tune each.
    """
    tunes = [parsed.tune for text in texts for parsed in parse_tunebook(text)[:1]]
    titles = [" ".join(tune.title.split()) for tune in tunes]
    shapes = [bar_shapes(tune) for tune in tunes]
    data = Bars.of(shapes)
    human, leave_one_out = _human(Index(corpus, titles, data), shapes)
    return Index(corpus, titles, data, human, leave_one_out)


def save_index(path: Path, index: Index) -> None:
    """Write ``index`` to ``path``, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    tensors = {name: getattr(index.data, name) for name in _ARRAYS}
    tensors["titles"] = np.frombuffer("\n".join(index.titles).encode(), np.uint8)
    about = {
        "corpus": index.corpus[0],
        "sha256": index.corpus[1],
        "human": asdict(index.human),
        "leave_one_out": asdict(index.leave_one_out),
    }
    save_weights(path, tensors, dtype=None, notes={"index": json.dumps(about, sort_keys=True)})


def load_index(path: Path) -> Index:
    """The index in the file ``path``.

    Raises:
        CheckpointError: it is missing, damaged or of another format.
    """
    file = read_weights(path)
    try:
        about = json.loads(file.notes["index"])
        arrays: dict[str, NDArray[Any]] = {
            name: file.tensors[name].astype(kind) for name, kind in _ARRAYS.items()
        }
        return Index(
            (str(about["corpus"]), str(about["sha256"])),
            file.tensors["titles"].tobytes().decode().split("\n"),
            Bars(**arrays),
            Figures(**about["human"]),
            Figures(**about["leave_one_out"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: no originality index: {error}") from error


def _human(index: Index, shapes: Sequence[Sequence[BarShape]]) -> tuple[Figures, Figures]:
    """The copying of each tune from all tunes that are not it, and from all others."""
    distinct = np.array([len({shape[:2] for shape in tune if shape.full}) for tune in shapes])
    titles = np.unique(
        [normalise_title(title) or title for title in index.titles], return_inverse=True
    )[1]
    different: list[float] = []
    others: list[float] = []
    for number, tune in enumerate(shapes):
        counts, own = index.shared(tune)
        if not own:
            continue
        counts[number] = 0
        others.append(counts.max() / own)
        counts[_settings(counts, distinct, titles, number)] = 0
        different.append(counts.max() / own)
    return figures(different), figures(others)


def _settings(
    counts: NDArray[np.int64], distinct: NDArray[np.int64], titles: NDArray[np.int64], number: int
) -> NDArray[np.bool_]:
    """Which tunes are the same tune: by title, or by half of the bars of one of the two."""
    fewer = np.minimum(distinct, distinct[number])
    same: NDArray[np.bool_] = (counts >= HALF * np.maximum(fewer, 1)) | (titles == titles[number])
    return same
