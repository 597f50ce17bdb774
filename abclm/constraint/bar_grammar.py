"""The grammar of one bar of a given length, whatever its position in the form."""

from collections.abc import Hashable, Iterator

from abclm.constraint.grammar import Grammar
from abclm.constraint.metre import Aims, Metre, Moment
from abclm.notation.cursor.cursor import Cursor

__all__ = ["BarGrammar"]


class BarGrammar(Grammar):
    """The grammar of one bar of a given length, whatever its position in the form.

    Args:
        metre: meter, unit note length, and what the vocabulary can spell.
        target: length of the bar, in ticks.
    """

    def __init__(self, metre: Metre, target: int) -> None:
        super().__init__(metre)
        self._aims = Aims((target,))

    @property
    def can_begin(self) -> bool:
        """Whether the bar can be filled."""
        return self.metre.takes_event(Moment(), self._aims)

    def aims(self, _cursor: Cursor) -> Aims:
        """The lengths that the bar may have."""
        return self._aims

    def _form_key(self, _cursor: Cursor) -> Hashable:
        return None

    def _after_section(self, cursor: Cursor) -> Iterator[str]:
        yield from self._events(cursor)

    def _after_bar_line(self, cursor: Cursor) -> Iterator[str]:
        yield from self._events(cursor)

    def _bar_lines(self, cursor: Cursor) -> Iterator[str]:
        """``|`` stands for any bar line that ends the bar."""
        if self.metre.ends(Moment.at(cursor), self._aims):
            yield "|"

    def _may_end_bar(self, _tied: Cursor | None) -> bool:
        return False
