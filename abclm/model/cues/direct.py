"""Direct connections from the features of the network to its logits, past the layers.

Bengio et al. had some in their model of 2003, and Mikolov et al. (2011, "Strategies for training
large scale neural network language models") trained n-gram features with a recurrent network. Here
each table has a row for each value of a column, or of two columns together: what may follow after
half a length depends on how much of the bar is left, so that a rule of the notation is a row to
look up rather than something that the state has to work out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

__all__ = ["CHARACTER", "DirectTable", "direct_tables"]

CHARACTER: Final = "character"
"""The name of the column of ids, which comes before the columns of the cues."""
_CHARACTERS: Final = frozenset({CHARACTER, "echo", "two", "four", "first", "planned"})
"""Columns whose values are ids of characters."""

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
    ("rhythm", "syntax"),
    ("rhythm", "beats_left"),
    ("voice", "pitch"),
    ("voice", "syntax"),
    ("pitch", "melody"),
    ("pitch", "bass"),
    ("pitch", "inner"),
    (CHARACTER, "ceiling"),
    (CHARACTER, "floor"),
    (CHARACTER, "avoid_melody"),
    (CHARACTER, "avoid_bass"),
    (CHARACTER, "avoid_inner"),
    ("closing", "left"),
    ("melody", "bass"),
    ("melody", "inner"),
    ("bass", "inner"),
    ("melody_move", "bass_move"),
    ("next", "left"),
    ("left", "syntax"),
    ("left", "section_form"),
    ("left", "voice"),
    ("phrase_at", "phrase_before"),
    ("phrase_at", "left"),
    ("phrase_at", "phrases"),
    ("pause", "voice"),
)


@dataclass(frozen=True)
class DirectTable:
    """A table of direct connections, with a row for each value of one column or of two."""

    columns: tuple[str, ...]
    """The names of its columns."""
    places: tuple[int, ...]
    """The indices of its columns, where index 0 is the id."""
    sizes: tuple[int, ...]
    """The number of different values of each column."""

    @property
    def name(self) -> str:
        """The layer's name."""
        return "_".join(("direct", *self.columns))

    @property
    def weight(self) -> str:
        """The name of its weight; see `abclm.model.checkpoint.weights.weight_shapes`."""
        return f"{self.name}/embeddings"

    @property
    def rows(self) -> int:
        """The number of rows."""
        return int(np.prod(self.sizes))

    @property
    def strides(self) -> tuple[int, ...]:
        """The number of rows between consecutive values of each column."""
        return tuple(int(np.prod(self.sizes[at:])) for at in range(1, len(self.sizes) + 1))

    @property
    def characters(self) -> tuple[bool, ...]:
        """Whether each of its columns holds ids of characters."""
        return tuple(column in _CHARACTERS for column in self.columns)

    def row(self, features: Sequence[Any]) -> Any:
        """Compute the row for the values of all columns.

        Args:
            features: the ids and the columns of the cues, as integers, arrays or tensors.
        """
        return sum(
            features[place] * stride
            for place, stride in zip(self.places, self.strides, strict=True)
        )


def direct_tables(vocabulary_size: int, columns: Mapping[str, int]) -> tuple[DirectTable, ...]:
    """All tables of a network with these cue ``columns``; see `CueReader.columns`."""
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
