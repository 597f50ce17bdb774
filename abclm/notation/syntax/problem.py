"""A problem found in a tune: its position, its rule, and a message."""

from dataclasses import asdict, dataclass

__all__ = ["Problem"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding of `validate`.

    Attributes:
        line, column: position in the text, from 1.
        rule: the name of the rule, in kebab case.
        message: what is wrong, and how to fix it.
    """

    line: int
    column: int
    rule: str
    message: str

    def describe(self, path: str, kind: str = "") -> str:
        """Return ``path:line:column: rule: message``, with ``kind`` before the rule."""
        return f"{path}:{self.line}:{self.column}: {kind}{self.rule}: {self.message}"

    def as_dict(self) -> dict[str, int | str]:
        """Return the problem as a dictionary for JSON."""
        return asdict(self)
