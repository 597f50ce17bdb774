"""What decides, character by character, what may be drawn."""

from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Constraint", "Mask", "stack"]

Mask = NDArray[np.bool_]


class Constraint(Protocol):
    """Follows one tune: says what may be drawn, and what is fed for what was drawn."""

    @property
    def opening(self) -> str:
        """The text that the model is fed before its first draw."""
        ...

    def mask(self) -> Mask | None:
        """Which ids may be drawn now, shape ``(vocabulary,)``; None for all."""
        ...

    def accept(self, character: str) -> str:
        """Take the ``character`` that was drawn.

        Returns:
            What is fed: the character and its forced continuation.
        """
        ...

    @property
    def is_terminated(self) -> bool:
        """Whether only the end of the tune may come."""
        ...

    @property
    def in_field(self) -> bool:
        """Whether a field of the header is drawn, before the plan and the music."""
        ...

    @property
    def can_roll_back(self) -> bool:
        """Whether this is a place to come back to if what follows ends badly: a bar's start."""
        ...

    @property
    def is_committed(self) -> bool:
        """Whether rolling back would not change what may come."""
        ...

    def snapshot(self) -> object:
        """Where it is now, for `rollback`."""
        ...

    def rollback(self, snapshot: Any) -> None:
        """Be again where `snapshot` was taken."""
        ...

    def clone(self) -> Self:
        """Another one that continues from the same place."""
        ...


def stack(masks: list[Mask | None], size: int) -> Mask | None:
    """One mask for a batch, shape ``(batch, vocabulary)``; None where none is needed."""
    if all(mask is None for mask in masks):
        return None
    free: Any = np.ones(size, np.bool_)
    return np.stack([free if mask is None else mask for mask in masks])
