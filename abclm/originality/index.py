"""Builds the index of a corpus that originality is measured against, and stores it in a file.

The file holds titles and hashes of bars, so no tune can be recovered from it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from abclm.errors import CheckpointError
from abclm.model.checkpoint.tensor_file import Tensors, read_tensors, save_tensors
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bar_shapes import BarShape, bar_shapes
from abclm.notation.tune.titles import normalise_title
from abclm.originality.comparison import HALF, Bars, BarShapeIndex, Figures, figures
from abclm.untrusted.strict_json import read_json

__all__ = ["INDEX", "build_index", "load_index", "save_index"]

INDEX = "originality.safetensors"
"""The name of the file in a checkpoint's folder."""

_MOST_BYTES: Final = 256 * 2**20
"""Five hundred times the shipped index."""
_ARRAYS: Final[dict[str, type[np.generic]]] = {
    "inner": np.uint32,
    "approach": np.int8,
    "notes": np.uint8,
    "full": np.bool_,
    "starts": np.uint32,
}


def build_index(corpus: tuple[str, str], texts: Iterable[str]) -> BarShapeIndex:
    """Build the index of the tunes ``texts``, and measure what they share among themselves.

    Args:
        corpus: name and sha256 of the corpus.
        texts: one tune each.
    """
    tunes = [parsed.tune for text in texts for parsed in parse_tunebook(text)[:1]]
    titles = [" ".join(tune.title.split()) for tune in tunes]
    shapes = [bar_shapes(tune) for tune in tunes]
    data = Bars.of(shapes)
    human, leave_one_out = _human(BarShapeIndex(corpus, titles, data), shapes)
    return BarShapeIndex(corpus, titles, data, human, leave_one_out)


def save_index(path: Path, index: BarShapeIndex) -> None:
    """Write ``index`` to ``path``, completely or not at all.

    Raises:
        OutputError: the file cannot be written.
    """
    tensors = {name: getattr(index.data, name) for name in _ARRAYS}
    tensors["titles"] = np.frombuffer("\n".join(index.titles).encode(), np.uint8)
    about = {
        "corpus": index.corpus[0],
        "sha256": index.corpus[1],
        "human": asdict(index.human),
        "leave_one_out": asdict(index.leave_one_out),
    }
    save_tensors(path, tensors, dtype=None, notes={"index": json.dumps(about, sort_keys=True)})


def load_index(path: Path) -> BarShapeIndex:
    """Read the index in the file ``path``.

    Raises:
        CheckpointError: the file is missing, damaged or of another format.
    """
    file = read_tensors(path, _MOST_BYTES)
    try:
        about = read_json(file.notes["index"])
        bars = _bars(file.tensors)
        return BarShapeIndex(
            (str(about["corpus"]), str(about["sha256"])),
            _titles(file.tensors, len(bars.starts) - 1),
            bars,
            _figures(about["human"]),
            _figures(about["leave_one_out"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: no originality index: {error}") from error


def _bars(tensors: Tensors) -> Bars:
    """Check and return the arrays of bars.

    Raises:
        ValueError: they are inconsistent.
    """
    for name, kind in _ARRAYS.items():
        if tensors[name].dtype != kind or tensors[name].ndim != 1:
            raise ValueError(f"{name} is not a row of {np.dtype(kind)}")
    bars = Bars(**{name: tensors[name] for name in _ARRAYS})
    starts = bars.starts.astype(np.int64)
    if len({len(one) for one in (bars.inner, bars.approach, bars.notes, bars.full)}) > 1:
        raise ValueError("its arrays are not of one length")
    if not len(starts) or starts[0] or starts[-1] != len(bars.inner) or (np.diff(starts) < 0).any():
        raise ValueError("its tunes do not follow one another")
    return bars


def _titles(tensors: Tensors, tunes: int) -> list[str]:
    titles = tensors["titles"].tobytes().decode().split("\n") if tunes else []
    if len(titles) != tunes:
        raise ValueError(f"it has {len(titles)} titles for {tunes} tunes")
    return titles


def _figures(values: dict[str, float]) -> Figures:
    if not all(isinstance(value, float | int) for value in values.values()):
        raise TypeError("its figures are not numbers")
    return Figures(**values)


def _human(index: BarShapeIndex, shapes: Sequence[Sequence[BarShape]]) -> tuple[Figures, Figures]:
    """The copying of each tune from different tunes, and from all other tunes."""
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
    """Which tunes are settings of the same tune: equal titles, or half of either's bars shared."""
    fewer = np.minimum(distinct, distinct[number])
    same: NDArray[np.bool_] = (counts >= HALF * np.maximum(fewer, 1)) | (titles == titles[number])
    return same
