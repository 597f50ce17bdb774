"""The choices that led to a state of a beam search."""

from typing import Generic, NamedTuple, TypeVar

__all__ = ["Trail", "choices"]

Choice = TypeVar("Choice")


class Trail(NamedTuple, Generic[Choice]):
    """The last choice, and the trail before it; states that share a past share the trail."""

    before: "Trail[Choice] | None"
    choice: Choice


def choices(trail: Trail[Choice] | None) -> list[Choice]:
    """All choices of a trail, the first one first."""
    found = []
    while trail is not None:
        found.append(trail.choice)
        trail = trail.before
    return found[::-1]
