"""The form of a tune while it is read: sections, repeats, endings, and the bars in them."""

from typing import Final, NamedTuple

from abclm.notation.cursor.time import Time

__all__ = ["FIRST_ENDING", "NO_ENDING", "SECOND_DUE", "SECOND_ENDING", "Form"]

NO_ENDING: Final = 0
FIRST_ENDING: Final = 1
SECOND_DUE: Final = 2
"""After the ``:|`` of a first ending."""
SECOND_ENDING: Final = 3


class Form(NamedTuple):
    """Which bar of which section comes next. Immutable.

    In ``d|:G8|A8|1B6:|2B6||`` the pickup ``d`` belongs to no section, and one section follows.
    After ``:|2``, `bars` is 2 again, as it was before the first ending. After ``||``, one section
    has ended and `bars_before` is 3: its short last bar counts.

    Attributes:
        bars: whole bars since the section began, without the pickup.
        lines: bars since then as written, of any length, pickups included.
        number: the next bar's number in its section, from 0; short bars count, the pickup does not.
        last: ticks of the bar that ended last.
        pickup: ticks of the section's pickup.
        borrowed: ticks of the pickup that every section's last bar leaves out, 0 for none; None
            before the tune's first bar has ended. A pickup before the first ``|:`` does not count.
        repeated: whether a repeat is open.
        ending: `NO_ENDING`, `FIRST_ENDING`, `SECOND_DUE` or `SECOND_ENDING`.
        common: `bars` where the first ending began, or -1.
        common_lines: `lines` where the first ending began.
        due: whether the section must end here because its last bar was short.
        sections: number of sections that have ended.
        bars_before: bars of the section that ended last, including a short last bar.
        first_bars: bars of the first section; 0 until it has ended.
    """

    bars: int = 0
    lines: int = 0
    number: int = 0
    last: int = 0
    pickup: int = 0
    borrowed: int | None = None
    repeated: bool = False
    ending: int = NO_ENDING
    common: int = -1
    common_lines: int = 0
    due: bool = False
    sections: int = 0
    bars_before: int = 0
    first_bars: int = 0

    def barred(self, character: str, time: Time) -> "Form":
        """Return the form after a character of a bar line.

        The character ends a bar if one has begun, and the section otherwise.

        Args:
            character: ``|`` or ``:``.
            time: the time of the bar before it.
        """
        if not time.begun:
            if character == "|" and self.ending == SECOND_DUE:
                return self  # ``|`` completes the ``:|`` between two endings
            return self.begun(repeated=self.repeated or character == ":")
        ended = self._with_bar(time)
        if character == "|":
            return ended
        if self.ending == FIRST_ENDING:
            return ended._replace(
                bars=0, lines=self.common_lines, repeated=False, ending=SECOND_DUE, due=False
            )
        return ended.begun(repeated=False, closed=True)

    def _with_bar(self, time: Time) -> "Form":
        """Return the form at the end of a bar.

        In free meter a bar may have any length: one longer than common time counts as several, and
        only the first bar, or one shortened by the pickup, can be short.
        """
        more, last = time.whole_bars()
        before = self.bars + more
        if time.counts_bars and not time.gone:
            more, last = (more or last // time.bar - 1), time.bar
            before = self.bars + more
        pays = time.free and before > 0 and last != time.bar - self.pickup
        whole = last == time.bar or pays
        short = not before and last < time.bar
        borrowed = self.borrowed
        if borrowed is None:
            borrowed = last if short else 0
        bars = before + whole
        return self._replace(
            bars=bars,
            lines=self.lines + 1,
            number=max(bars, self.number + 1) if self.number else bars,
            last=last,
            pickup=last if short else self.pickup,
            borrowed=borrowed,
            due=before > 0 and not whole,
        )

    def begun(self, *, repeated: bool, closed: bool = False) -> "Form":
        """Return the form at the start of a section.

        Args:
            repeated: whether its repeat is open.
            closed: whether a repeat sign closed the previous section.
        """
        # A third ending may follow the ``:|`` of a second one.
        keeps = not self.lines or (closed and self.ending == SECOND_ENDING)
        common = self.common if keeps else -1
        begun = self._replace(
            bars=0,
            lines=0,
            pickup=0,
            repeated=repeated,
            ending=NO_ENDING,
            common=common,
            due=False,
        )
        alone = self.lines == 1 and not closed
        if alone and not self.bars:
            begun = begun._replace(borrowed=0)
        if not self.bars:
            return begun
        bars = self.bars + self.due
        first = self.first_bars or (0 if alone else bars)
        sections = self.sections + 1
        return begun._replace(number=0, sections=sections, bars_before=bars, first_bars=first)

    def with_ending(self, number: str) -> "Form":
        """Return the form at the start of an ending; all but the first replace its bars.

        In ``|:GABc|1d4:|2e4||`` both endings are bar 2 of the same section. A third one continues
        the numbers of the second.
        """
        if number == "1":
            return self._replace(
                common=self.bars, common_lines=self.lines, ending=FIRST_ENDING, due=False
            )
        reopened = self.ending == NO_ENDING and self.common >= 0 and not self.lines
        bars = max(self.bars, self.common)
        return self._replace(
            bars=bars,
            number=self.bars_before if reopened else bars,
            lines=max(self.lines, self.common_lines) if reopened else self.lines,
            ending=SECOND_ENDING,
            due=False,
            sections=self.sections - reopened,
        )

    def passed(self, bars: int) -> "Form":
        """Return the form after whole bars that no bar line ended, in free meter."""
        return self._replace(bars=self.bars + bars, due=False) if bars or self.due else self

    def could_end(self, *, begun: bool, left: int) -> bool:
        """Whether the section could end here: the bar lacks exactly what the pickup took.

        Args:
            begun: whether the bar has an event.
            left: ticks left in the bar.
        """
        if begun:
            return left == self.pickup
        return self.due or bool(self.bars and not self.pickup)
