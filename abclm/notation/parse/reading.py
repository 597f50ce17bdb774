"""What all voices of a body are read into, and the part that one of them takes in it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from abclm.notation.syntax.lexer import Token
from abclm.notation.syntax.problem import Problem
from abclm.notation.tune.music import Event, Item

__all__ = ["ReadBody", "VoiceItems"]


@dataclass(slots=True)
class ReadBody:
    """What all voices of a body are read into.

    Attributes:
        symbols: what ``U:`` fields make of letters.
        names: the decorations that the tune defines itself.
        items: the body, in the order in which it is written.
        problems: what is wrong with its grammar.
        remarks: what is not wrong, but may not be what was meant.
        has_ties: whether any note is tied.
        fields, directives: those of the body, in order.
        open_from: from this problem on each is of something still open where the body ends.
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
    """What one voice adds to a body.

    Attributes:
        body: that it is added to.
        last: the place of the last sound of the voice in the items of the body.
    """

    def __init__(self, body: ReadBody) -> None:
        self.body = body
        self.last: int | None = None

    def add(self, item: Item) -> None:
        """Add what is no sound."""
        self.body.items.append(item)

    def add_event(self, event: Event) -> None:
        """Add a sound."""
        self.last = len(self.body.items)
        self.body.items.append(event)

    def change_last(self, change: Callable[[Event], Event]) -> None:
        """Exchange the last sound, if there is one."""
        if self.last is not None:
            event = self.body.items[self.last]
            if isinstance(event, Event):
                self.body.items[self.last] = change(event)

    def problem(self, token: Token, rule: str, message: str) -> None:
        """Say what is wrong at ``token``."""
        self.body.problems.append(Problem(token.line, token.column, rule, message))

    def remark(self, token: Token, rule: str, message: str) -> None:
        """Say what may not be meant at ``token``."""
        self.body.remarks.append(Problem(token.line, token.column, rule, message))
