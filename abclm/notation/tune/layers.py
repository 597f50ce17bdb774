"""The layers of overlays, ``&``, and what each carries over the bar line into its own next bar."""

from typing import Generic, TypeVar

__all__ = ["Layers"]

State = TypeVar("State")


class Layers(Generic[State]):
    """Keeps what is carried from each layer of a bar to the same layer of the next.

    Args:
        nothing: what is carried into a layer that the bar before has not.

    Attributes:
        sounds: whether the bar has a sound yet: bar lines in a row end one bar.
    """

    def __init__(self, nothing: State) -> None:
        self._nothing = nothing
        self._before: list[State] = []
        self._here: list[State] = []
        self.events = False

    def end_layer(self, carried: State) -> State:
        """End a layer that carries ``carried`` on; what is carried into the next one."""
        self._here.append(carried)
        return self._into(len(self._here))

    def end_bar(self, carried: State) -> State:
        """End the last layer and the bar; what is carried into the first layer of the next bar."""
        if not self.events:
            return carried
        self._before, self._here = [*self._here, carried], []
        self.events = False
        return self._into(0)

    def _into(self, layer: int) -> State:
        return self._before[layer] if layer < len(self._before) else self._nothing
