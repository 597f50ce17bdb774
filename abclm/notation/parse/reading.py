"""The body that all voices are read into, and one voice's access to it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.music import Event, Item

__all__ = ["ReadBody", "VoiceItems"]


@dataclass(slots=True)
class ReadBody:
    """The body that all voices are read into.

    Attributes:
        symbols: the decorations that ``U:`` fields assign to letters.
        names: the decorations that the tune defines itself.
        items: the items of the body, in written order.
        problems: what is wrong with its grammar.
        remarks: what is legal but may not be intended.
        has_ties: whether any note is tied.
        fields, directives: those of the body, in order.
        open_from: the index of the first problem about something still open where the body ends.
    """

    symbols: dict[str, str]
    names: frozenset[str]
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    has_ties: bool = False
    fields: list[Token] = field(default_factory=list)
    directives: list[Token] = field(default_factory=list)
    open_from: int = 0


class VoiceItems:
    """Adds the items of one voice to a body.

    Attributes:
        body: the body they are added to.
        last: the index of the last event of the voice in the items of the body.
    """

    def __init__(self, body: ReadBody) -> None:
        self.body = body
        self.last: int | None = None

    def add(self, item: Item) -> None:
        """Add an item that is not an event."""
        self.body.items.append(item)

    def add_event(self, event: Event) -> None:
        """Add a note, chord or rest."""
        self.last = len(self.body.items)
        self.body.items.append(event)

    def change_last(self, change: Callable[[Event], Event]) -> None:
        """Replace the last event of the voice, if there is one."""
        if self.last is not None:
            event = self.body.items[self.last]
            if isinstance(event, Event):
                self.body.items[self.last] = change(event)

    def problem(self, token: Token, rule: str, message: str) -> None:
        """Report what is wrong at ``token``."""
        self.body.problems.append(Problem(token.line, token.column, rule, message))

    def remark(self, token: Token, rule: str, message: str) -> None:
        """Report what may not be intended at ``token``."""
        self.body.remarks.append(Problem(token.line, token.column, rule, message))
