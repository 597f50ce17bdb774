"""The protocol of a constraint: what may be drawn at each character."""

from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bias", "Constraint", "Mask", "stack", "stack_biases"]

Mask = NDArray[np.bool_]
Bias = NDArray[np.float64]


class Constraint(Protocol):
    """Follows one tune: what may be drawn, and what is fed after each draw."""

    @property
    def opening(self) -> str:
        """The text fed to the model before its first draw."""
        ...

    def mask(self) -> Mask | None:
        """The ids that may be drawn now, shape ``(vocabulary,)``; None for all."""
        ...

    def bias(self) -> Bias | None:
        """What is added to the logits now, shape ``(vocabulary,)``; None for nothing."""
        ...

    def accept(self, character: str) -> str:
        """Take the ``character`` that was drawn.

        Returns:
            The text to feed: the character and its forced continuation.
        """
        ...

    @property
    def is_terminated(self) -> bool:
        """Whether only the end of the tune may come."""
        ...

    @property
    def in_field(self) -> bool:
        """Whether a header field is being drawn, before the plan and the music."""
        ...

    @property
    def can_roll_back(self) -> bool:
        """Whether decoding may return here if the continuation fails: the start of a bar."""
        ...

    @property
    def is_committed(self) -> bool:
        """Whether rolling back would not change what may be drawn."""
        ...

    def snapshot(self) -> object:
        """The current state, for `rollback`."""
        ...

    def rollback(self, snapshot: Any) -> None:
        """Return to the state in which `snapshot` was taken."""
        ...

    def clone(self) -> Self:
        """An independent copy in the same state."""
        ...


def stack(masks: list[Mask | None], size: int) -> Mask | None:
    """One mask for a batch, shape ``(batch, vocabulary)``; None if all are None."""
    if all(mask is None for mask in masks):
        return None
    free: Any = np.ones(size, np.bool_)
    return np.stack([free if mask is None else mask for mask in masks])


def stack_biases(biases: list[Bias | None], size: int) -> Bias | None:
    """The biases of a batch, shape ``(batch, vocabulary)``; None if all are None."""
    if all(bias is None for bias in biases):
        return None
    none: Any = np.zeros(size)
    return np.stack([none if bias is None else bias for bias in biases])
