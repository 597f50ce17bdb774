"""How a field of a dataclass is offered to the user: its help, and how it is typed."""

from dataclasses import dataclass

__all__ = ["Option"]


@dataclass(frozen=True, slots=True)
class Option:
    """Stands beside the type of a field, in ``Annotated``; the default is that of the field.

    Attributes:
        help: what it does, in a sentence.
        name: the option, where it is not called as the field; without the hyphens before it.
        again: its help where the value of an earlier tune is changed; empty where it cannot be.
    """

    help: str
    name: str = ""
    again: str = ""
