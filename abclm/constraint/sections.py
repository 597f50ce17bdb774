"""How sections may continue and end: by the plan, or else in phrases of four bars.

A tune is in metre when every section that starts with a pickup ends with a bar that is short by
the pickup: played with its repeats, such a tune never gains or loses a beat. So the first pickup
binds: all later sections start with a pickup of the same length, and every last bar makes room for
it. With a pickup of 1/8, the last bar of each section in 6/8 has 5/8.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from abclm.constraint.metre import Aims
from abclm.constraint.section_plan import ANY_SECTION, SectionPlan
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.form import FIRST_ENDING, NO_ENDING, SECOND_DUE, Form
from abclm.notation.cursor.plan import PHRASE
from abclm.notation.cursor.state import State

__all__ = ["Sections"]

_MOST_BARS: Final = 16
"""Without a plan, a section ends with the first phrase that reaches 16 bars."""


class _Bar(NamedTuple):
    """A bar at its position in the form: the current bar, or one just ended by ``|``.

    Attributes:
        used: its ticks so far.
        number: its number in the section, from 1.
        first: whether it is the section's first.
        form: the form of the tune.
    """

    used: int
    number: int
    first: bool
    form: Form


@dataclass(frozen=True)
class Sections:
    """How the sections of a tune and their bars may continue and end.

    Args:
        bar: ticks in a bar; None in free meter.
        plan: the plan of each section; empty leaves the form to the model.
        usual: the requirements for every section if ``plan`` is empty.
    """

    bar: int | None
    plan: tuple[SectionPlan, ...] = ()
    usual: SectionPlan = ANY_SECTION

    def here(self, form: Form) -> SectionPlan:
        """The plan of the current section, or of the next one between sections."""
        return self.plan[form.sections] if form.sections < len(self.plan) else self.usual

    def number(self, form: Form) -> int:
        """The number of the section in the plan; always 0 without a plan."""
        return form.sections if self.plan else 0

    def aims(self, form: Form) -> Aims:
        """The lengths that the current bar may have."""
        bar = self.bar
        if bar is None:
            return Aims(None)
        if _is_first(form):
            if form.borrowed is None:
                return Aims((bar,), pickup=bar // 2)
            return Aims((form.borrowed or bar,))
        lengths = (bar,) if self.may_continue(form) else ()
        return Aims((*lengths, bar - (form.borrowed or 0)) if self.may_be_last(form) else lengths)

    def may_continue(self, form: Form) -> bool:
        """Whether the section may have a bar after the current one."""
        return self._may_continue(form, self._written(form))

    def may_be_last(self, form: Form) -> bool:
        """Whether the current bar may be the section's last."""
        return self._may_be_last(form, self._written(form))

    def ends_inside(self, cursor: Cursor) -> bool:
        """Whether a plain ``|`` may come, or may remain plain if it was just read."""
        bar = self._bar(cursor)
        if not bar.used:
            return False
        if self.bar is None:
            return self._may_continue(bar.form, bar.number)
        borrowed = bar.form.borrowed or 0
        if bar.first and 0 < bar.used < self.bar and bar.used == borrowed:
            return True
        owes = bar.first and borrowed > 0
        return bar.used == self.bar and not owes and self._may_continue(bar.form, bar.number)

    def ends_section(self, cursor: Cursor) -> bool:
        """Whether the section may end here."""
        bar = self._bar(cursor)
        if not bar.used:
            return False
        borrowed = bar.form.borrowed or 0
        if bar.first and (borrowed or self.here(bar.form).bars != 1):
            return False  # a pickup, or the first of several bars
        if not self._may_be_last(bar.form, bar.number):
            return False
        return self.bar is None or bar.used == self.bar - borrowed

    def may_close(self, cursor: Cursor) -> bool:
        """Whether ``:|`` may come."""
        form = cursor.form
        repeated = form.repeated and form.ending in {NO_ENDING, FIRST_ENDING}
        return repeated and not cursor.pitches.tied and self.ends_section(cursor)

    def may_double(self, cursor: Cursor) -> bool:
        """Whether the ``|`` just read may become ``||`` or ``|]``."""
        form = cursor.form
        closed = not form.repeated or form.ending > FIRST_ENDING
        return closed and not cursor.pitches.tied and self.ends_section(cursor)

    def takes_first_ending(self, cursor: Cursor) -> bool:
        """Whether ``1`` may follow the ``|`` just read, in an open repeat."""
        form = cursor.form
        return (
            form.repeated
            and form.ending == NO_ENDING
            and self.here(form).endings
            and not cursor.pitches.tied
            and form.lines > 1
            and (self.bar is None or form.last == self.bar)
            and self.ends_inside(cursor)
        )

    def is_lone_pickup(self, cursor: Cursor) -> bool:
        """Whether the tune so far is only a pickup, which may come before a ``|:``."""
        form = cursor.form
        begun = form.lines == 1 and not (form.bars or form.sections or form.repeated)
        may_repeat = self.here(form).repeated is not False
        return begun and form.pickup > 0 and may_repeat and not cursor.pitches.tied

    def has_more(self, form: Form, *, ended: bool) -> bool | None:
        """Whether another section is planned after this one; None without a plan.

        Args:
            form: the form of the tune.
            ended: whether the section has already ended.
        """
        return form.sections + (not ended) < len(self.plan) if self.plan else None

    def _bar(self, cursor: Cursor) -> _Bar:
        form, time = cursor.form, cursor.time
        if cursor.state is State.BAR_LINE and not time.begun:
            number = form.lines if self.bar is None else form.bars + form.due
            return _Bar(form.last, number, form.lines == 1, form)
        return _Bar(time.used, self._written(form), _is_first(form), form)

    def _written(self, form: Form) -> int:
        """The number of the current bar in its section, from 1."""
        return 1 + (form.lines if self.bar is None else form.bars)

    def _may_continue(self, form: Form, number: int) -> bool:
        planned = self.here(form).bars
        if planned is not None:
            return number < planned
        if number % PHRASE != 0 or number < form.first_bars:
            return True
        return number < _MOST_BARS and form.ending == NO_ENDING

    def _may_be_last(self, form: Form, number: int) -> bool:
        planned = self.here(form).bars
        if planned is not None:
            return number == planned
        return number % PHRASE == 0 and number >= form.first_bars


def _is_first(form: Form) -> bool:
    return form.lines == 0 and form.ending != SECOND_DUE
