"""Direct connections from what the network is told to its logits, past the layers.

Bengio et al. had some in their model of 2003, and Mikolov et al. (2011, "Strategies for training
large scale neural network language models") trained n-gram features with a recurrent network. Here
each table has a row for what one column says, or two columns together: what may follow after half
a length depends on how much of the bar is left, and so a rule of the notation is a row to look up
rather than something the state has to work out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from abclm.model.settings import DIRECT_SCALE

__all__ = ["CHARACTER", "DirectTable", "admitting_tables", "direct_tables", "first_tables"]

CHARACTER: Final = "character"
"""The column of the ids themselves, before the columns of the cues."""
_CHARACTERS: Final = frozenset({CHARACTER, "echo", "two", "four", "first", "planned"})
"""Columns whose ids are those of characters."""

_LEAST_ADMITTED: Final = -1.0
"""Logit below which no table puts what the tunes to be learnt have."""

_TOGETHER: Final = (
    (CHARACTER, "syntax"),
    (CHARACTER, "section_form"),
    ("syntax", "section_form"),
    ("syntax", "bar"),
    ("bar", "section_form"),
    ("section", "section_form"),
    ("section", "section_left"),
    ("tuplet", "syntax"),
    ("tuplet", "bar"),
    ("two", "two_state"),
    ("four", "four_state"),
    ("first", "first_state"),
    ("planned", "planned_state"),
    ("moved", "moved_run"),
    ("step", "step_before"),
    ("step", "syntax"),
    ("step", "beats_left"),
    ("end", "beats_left"),
    ("step", "end"),
    ("kind", "beats_left"),
)


@dataclass(frozen=True)
class DirectTable:
    """A table of direct connections; its rows are for one column or for two together."""

    columns: tuple[str, ...]
    """Their names."""
    places: tuple[int, ...]
    """Which they are, the ids counted as 0."""
    sizes: tuple[int, ...]
    """How many different ids each has."""

    @property
    def name(self) -> str:
        """The layer's name."""
        return "_".join(("direct", *self.columns))

    @property
    def weight(self) -> str:
        """The name of its weight, see `abclm.model.weights.weight_shapes`."""
        return f"{self.name}/embeddings"

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(np.prod(self.sizes))

    @property
    def strides(self) -> tuple[int, ...]:
        """How many rows lie between one id of each column and the next."""
        return tuple(int(np.prod(self.sizes[at:])) for at in range(1, len(self.sizes) + 1))

    @property
    def characters(self) -> tuple[bool, ...]:
        """Of each of its columns whether it names a character."""
        return tuple(column in _CHARACTERS for column in self.columns)

    def row(self, told: Sequence[Any]) -> Any:
        """The row for what is told.

        Args:
            told: the ids and the columns of the cues, whole numbers, arrays or tensors.
        """
        return sum(
            told[place] * stride for place, stride in zip(self.places, self.strides, strict=True)
        )


def direct_tables(vocabulary_size: int, columns: Mapping[str, int]) -> tuple[DirectTable, ...]:
    """All tables of a network that is told ``columns``, see `CueReader.columns`."""
    sizes = {CHARACTER: vocabulary_size, **columns}
    places = {column: place for place, column in enumerate(sizes)}
    groups: list[tuple[str, ...]] = [(column,) for column in sizes]
    groups += [group for group in _TOGETHER if sizes.keys() >= set(group)]
    return tuple(
        DirectTable(
            group,
            tuple(places[column] for column in group),
            tuple(sizes[column] for column in group),
        )
        for group in groups
    )


def first_tables(
    tables: Sequence[DirectTable],
    told: Sequence[NDArray[np.int32]],
    following: NDArray[np.int32],
    vocabulary_size: int,
) -> dict[str, NDArray[np.float32]]:
    """The tables of an untrained network, by the names of their weights.

    What never follows is said from the start: a network learns it by being wrong, a step at a time,
    and the less it is wrong the less it learns. A pair that never comes gets the logit
    ``-log(1 + e)``, where ``e`` is how often it would come had its two sides nothing to do with
    each other; all others get 0. Of what is rare little is said: there ``e`` is small.

    Args:
        tables: of the network.
        told: the ids and the columns of the cues of all training tunes, each of shape `(time,)`.
        following: the id that follows each, shape `(time,)`.
        vocabulary_size: the number of ids.
    """
    return {
        table.weight: _first_table(table.row(told), following, (table.rows, vocabulary_size))
        for table in tables
    }


def admitting_tables(
    tables: Sequence[DirectTable],
    weights: Mapping[str, NDArray[np.float32]],
    told: Sequence[NDArray[np.int32]],
    following: NDArray[np.int32],
) -> dict[str, NDArray[np.float32]]:
    """The tables of a network that goes on with other tunes, by the names of their weights.

    What those have is not forbidden any more, however rightly it was for the tunes before: to
    unlearn it step by step would take longer than to learn all else.

    Args:
        tables: of the network.
        weights: of the network, the tables among them.
        told: the ids and the columns of the cues of the tunes to be learnt, each of shape
            `(time,)`.
        following: the id that follows each, shape `(time,)`.
    """
    admitted = {}
    for table in tables:
        logits = weights[table.weight].copy()
        cells = (table.row(told), following)
        logits[cells] = np.maximum(logits[cells], _LEAST_ADMITTED / DIRECT_SCALE)
        admitted[table.weight] = logits
    return admitted


def _first_table(
    rows: NDArray[np.int32], following: NDArray[np.int32], shape: tuple[int, int]
) -> NDArray[np.float32]:
    cells = rows.astype(np.int64) * shape[1] + following
    counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(1, len(cells))
    logits = np.where(counts == 0, -np.log1p(expected), 0.0)
    return (logits / DIRECT_SCALE).astype(np.float32)
