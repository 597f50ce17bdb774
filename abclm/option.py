"""How a dataclass field becomes a command-line option: its help and its name."""

from dataclasses import dataclass

__all__ = ["Option"]


@dataclass(frozen=True, slots=True)
class Option:
    """Marks a field as an option, in ``Annotated``; the default is that of the field.

    Attributes:
        help: the help text, one sentence.
        name: the name of the option if it differs from the field's, without leading hyphens.
        again: the help text where it changes the value of an earlier tune; empty if it cannot.
    """

    help: str
    name: str = ""
    again: str = ""
