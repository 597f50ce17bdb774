"""What may be written in a bar that lasts so long, whatever its place in the form."""

from collections.abc import Hashable, Iterator

from abclm.constraint.grammar import Grammar
from abclm.constraint.metre import Aims, Metre, Moment
from abclm.notation.cursor.cursor import Cursor

__all__ = ["BarGrammar"]


class BarGrammar(Grammar):
    """What may be written in a bar that lasts so long, whatever its place in the form.

    Args:
        metre: meter, unit note length, and what the vocabulary can spell.
        target: how long the bar lasts, in ticks.
    """

    def __init__(self, metre: Metre, target: int) -> None:
        super().__init__(metre)
        self._aims = Aims((target,))

    @property
    def can_begin(self) -> bool:
        """Whether the bar can be filled."""
        return self.metre.takes_event(Moment(), self._aims)

    def aims(self, _cursor: Cursor) -> Aims:
        """How long the bar may last."""
        return self._aims

    def _form_key(self, _cursor: Cursor) -> Hashable:
        return None

    def _after_section(self, cursor: Cursor) -> Iterator[str]:
        yield from self._events(cursor)

    def _after_bar_line(self, cursor: Cursor) -> Iterator[str]:
        yield from self._events(cursor)

    def _bar_lines(self, cursor: Cursor) -> Iterator[str]:
        """``|`` stands for whatever ends the bar."""
        if self.metre.ends(Moment.behind(cursor), self._aims):
            yield "|"

    def _goes_on(self, _tied: Cursor | None) -> bool:
        return False
