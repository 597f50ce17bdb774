"""What decides, character by character, what may be drawn."""

from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Guide", "Mask", "stack"]

Mask = NDArray[np.bool_]


class Guide(Protocol):
    """What generation asks while a tune is written."""

    @property
    def opening(self) -> str:
        """The text that the model is fed before its first draw."""
        ...

    def allowed(self) -> Mask | None:
        """Which ids may be drawn now, shape ``(vocabulary,)``; None for all."""
        ...

    def accept(self, character: str) -> str:
        """What is fed now that ``character`` was drawn; empty for the end of the tune."""
        ...

    @property
    def in_field(self) -> bool:
        """Whether a field of the header is drawn, before the plan and the music."""
        ...

    @property
    def can_return(self) -> bool:
        """Whether this is a place to come back to when what follows ends badly: a bar's start."""
        ...

    @property
    def insists(self) -> bool:
        """Whether going back would not change what may come."""
        ...

    def clone(self) -> Self:
        """Another one that goes on from the same place."""
        ...

    def bookmark(self) -> object:
        """Where it is now, for `return_to`."""
        ...

    def return_to(self, bookmark: Any) -> None:
        """Be again where `bookmark` was made."""
        ...


def stack(masks: list[Mask | None], size: int) -> Mask | None:
    """One mask for a batch, shape ``(batch, vocabulary)``; None where none is needed."""
    if all(mask is None for mask in masks):
        return None
    free: Any = np.ones(size, np.bool_)
    return np.stack([free if mask is None else mask for mask in masks])
