"""The grammar of a whole tune: bars, sections, repeats and endings."""

from collections.abc import Hashable, Iterator

from abclm.constraint.grammar import END, Grammar
from abclm.constraint.metre import Aims, Metre, Moment
from abclm.constraint.sections import Sections
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.form import SECOND_DUE
from abclm.notation.cursor.state import State

__all__ = ["TuneGrammar"]


class TuneGrammar(Grammar):
    """The grammar of a whole tune.

    Args:
        metre: meter, unit note length, and what the vocabulary can spell.
        sections: how sections may continue and end.
    """

    def __init__(self, metre: Metre, sections: Sections) -> None:
        super().__init__(metre)
        self.sections = sections

    def aims(self, cursor: Cursor) -> Aims:
        """The lengths that the current bar may have."""
        return self.sections.aims(cursor.form)

    def _form_key(self, cursor: Cursor) -> Hashable:
        sections, form = self.sections, cursor.form
        number = sections.number(form)
        repeat = form.repeated, form.ending, form.borrowed
        if cursor.state in {State.BAR_LINE, State.SECTION}:
            counts = form.bars, form.lines, form.last, form.pickup, form.due, form.first_bars
            return (number, repeat, counts, form.sections > 0)
        # Inside a bar, the successors depend on how it may end, not on the bars before it.
        ends = sections.may_continue(form), sections.may_be_last(form)
        return (number, repeat, ends, form.lines == 0)

    def _after_section(self, cursor: Cursor) -> Iterator[str]:
        """A section, or the end of the tune, after a bar line at the end of a line."""
        ends = cursor.may_end
        planned = self.sections.has_more(cursor.form, ended=True)
        if ends and not planned:
            yield END
        if cursor.form.ending == SECOND_DUE or "|]" in cursor.text or (ends and planned is False):
            return
        repeated = self.sections.here(cursor.form).repeated
        if repeated is not False:
            yield "|"
        if repeated is not True:
            yield from self._events(cursor)

    def _after_bar_line(self, cursor: Cursor) -> Iterator[str]:
        text, form = cursor.text, cursor.form
        if text == "|":
            yield from self._after_plain_bar_line(cursor) if form.lines else ":"
        elif text == ":":
            yield "|"
        elif text.endswith(":"):
            yield from self._events(cursor)
        elif ":|" in text and form.ending == SECOND_DUE:
            yield "2"
        else:
            yield "\n"

    def _after_plain_bar_line(self, cursor: Cursor) -> Iterator[str]:
        sections, form = self.sections, cursor.form
        if sections.ends_inside(cursor):
            yield from self._events(cursor)
            yield "\n"
            if sections.takes_first_ending(cursor) and self._can_spell("12:"):
                yield "1"
        if sections.may_double(cursor):
            more = sections.has_more(form, ended=False)
            if more is not False:
                yield "|"
            if more is not True:
                yield "]"
        if sections.is_lone_pickup(cursor):
            yield ":"

    def _bar_lines(self, cursor: Cursor) -> Iterator[str]:
        """``|`` and ``:``, if a bar line that begins with them may come."""
        after = cursor.feed("|")
        if after is not None and self._may_end(cursor) and any(self._after_plain_bar_line(after)):
            yield "|"
        if not Moment.at(cursor).pending and self.sections.may_close(cursor):
            yield ":"

    def _may_end(self, cursor: Cursor) -> bool:
        return self.metre.ends(Moment.at(cursor), self.aims(cursor))
