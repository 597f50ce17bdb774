"""The layers of overlays, ``&``, and the state each carries across the bar line."""

from typing import Generic, TypeVar

__all__ = ["Layers"]

State = TypeVar("State")


class Layers(Generic[State]):
    """Keeps the state carried from each layer of a bar to the same layer of the next bar.

    Args:
        nothing: the state for a layer that the bar before did not have.

    Attributes:
        events: whether the bar has an event yet: several bar lines in a row end one bar.
    """

    def __init__(self, nothing: State) -> None:
        self._nothing = nothing
        self._before: list[State] = []
        self._here: list[State] = []
        self.events = False

    def end_layer(self, carried: State) -> State:
        """End a layer whose final state is ``carried``; return the state for the next layer."""
        self._here.append(carried)
        return self._into(len(self._here))

    def end_bar(self, carried: State) -> State:
        """End the last layer and the bar; return the state for the first layer of the next bar."""
        if not self.events:
            return carried
        self._before, self._here = [*self._here, carried], []
        self.events = False
        return self._into(0)

    def _into(self, layer: int) -> State:
        return self._before[layer] if layer < len(self._before) else self._nothing
