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

__all__ = ["CHARACTER", "DirectTable", "direct_tables"]

CHARACTER: Final = "character"
"""The column of the ids themselves, before the columns of the cues."""
_CHARACTERS: Final = frozenset({CHARACTER, "echo", "two", "four", "first", "planned"})
"""Columns whose ids are those of characters."""

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
        """The name of its weight, see `abclm.model.checkpoint.weights.weight_shapes`."""
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
