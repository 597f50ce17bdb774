"""A problem found in a tune: where, which rule, and what is wrong with what would be right."""

from dataclasses import asdict, dataclass

__all__ = ["Problem"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding of `validate`.

    Attributes:
        line, column: 1-based place in the text.
        rule: name of the rule, in kebab case.
        message: what is wrong, and what would be right.
    """

    line: int
    column: int
    rule: str
    message: str

    def describe(self, path: str, kind: str = "") -> str:
        """``path:line:column: rule: message``, with ``kind`` before the rule."""
        return f"{path}:{self.line}:{self.column}: {kind}{self.rule}: {self.message}"

    def as_dict(self) -> dict[str, int | str]:
        """The problem as JSON wants it."""
        return asdict(self)
