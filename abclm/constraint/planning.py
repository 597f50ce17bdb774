"""What may come next while the plan of a tune is written, and the requirements for it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from abclm.constraint.form import section_of
from abclm.constraint.section_plan import ANY_SECTION, SectionPlan
from abclm.notation.cursor.bar_memory import BarMemory
from abclm.notation.cursor.plan import LETTERS, MOST_MARKS, MOVED, PHRASE, VARIED, parse_plan
from abclm.notation.cursor.plan_reader import read_plan

__all__ = ["PlanRequirements", "after_plan", "parse_outline"]

_NAME = re.compile(r"[A-Za-z](?:'+|\^+)?")
_DEGREES: Final = "1234567"
_MOST_BARS: Final = 16
"""Of 100 sections of the shipped corpus, 99 have no more."""
_MOST_SECTIONS: Final = 6
"""Of 1,000 tunes of the shipped corpus, 3 have more."""
_ANY_NUMBER: Final = 1000
"""More bars than a plan can have."""
_LINE_END: Final = "\n"
_MORE: Final = "/"


class PlanRequirements(NamedTuple):
    """The requirements for a plan.

    Attributes:
        names: the given bar names, section by section; None for a free bar. They are relative:
            where free bars come between, later letters shift.
        ends: the degree on which each of those sections ends; 0 for any.
        more: whether the last of these sections continues.
        open: whether more sections may follow the given ones.
        least: minimum number of bars, if the form is open.
        most: maximum number of bars, unless the shortest possible plan is longer.
        sections: the requirements for each section; empty leaves the form to the model.
        usual: the requirements for every section if ``sections`` is empty.
    """

    names: tuple[tuple[str | None, ...], ...] = ()
    ends: tuple[int, ...] = ()
    more: bool = True
    open: bool = True
    least: int = 0
    most: int = _ANY_NUMBER
    sections: tuple[SectionPlan, ...] = ()
    usual: SectionPlan = ANY_SECTION

    def after(self, memory: BarMemory) -> "PlanRequirements":
        """The requirements with the complete bars of a prompt, unless names are given."""
        plan = read_plan(memory.done)
        if plan is None or self.names:
            return self
        unfinished = memory.place[0] < len(plan.names)
        return self._replace(
            names=plan.names,
            ends=(*plan.ends[:-1], 0) if unfinished else plan.ends,
            more=unfinished,
            most=self.most + sum(plan.lengths),
        )

    def section(self, number: int) -> SectionPlan:
        """The requirements for a section."""
        return self.sections[number] if number < len(self.sections) else self.usual

    def given(self, number: int) -> tuple[str | None, ...]:
        """The bar names given for a section."""
        return self.names[number] if number < len(self.names) else ()

    def closed(self, number: int) -> bool:
        """Whether a section has only the given bars."""
        last = len(self.names) - 1
        return number < last or (number == last and not self.more)


def parse_outline(text: str | None) -> PlanRequirements:
    """The requirements of a user's plan; one that ends in a slash is only the start.

    Raises:
        InputError: the text is not a plan.
    """
    if text is None:
        return PlanRequirements()
    shape = "".join(text.split())
    plan = parse_plan(shape.rstrip(_MORE))
    for length in plan.lengths:
        section_of(length)
    return PlanRequirements(plan.names, plan.ends, more=False, open=shape.endswith(_MORE))


def after_plan(text: str, required: PlanRequirements) -> str:
    """The characters that may follow the unfinished plan ``text``.

    New letters come in order, a mark only where there is something to vary or move. A section has
    the required number of bars, or else 4, 8, 12 or 16, but no fewer than the first section.
    """
    done, _, current = text.rpartition(_MORE)
    sections = [_names(part) for part in done.split(_MORE)] if done else []
    number, names = len(sections), _names(current)
    if current[-1:].isdigit():
        return _after_section([*sections, names], required)
    given = _given(number, sections, required)
    closed, again = given.closed, given.copied
    earlier = [name for row in sections for name in row]
    # The last name may still get a mark if the model chose it.
    own = len(names) > len(given.names) or (bool(names) and given.names[len(names) - 1] is None)
    following = _marks([*earlier, *names]) if own else ""
    if names and not own:
        *before, last = names
        whole = given.names[len(before)] or ""
        if not again:
            whole = _actual(whole, _known([*sections, before], required), [*earlier, *before])
        if whole != last:
            return whole[len(last)]
    if closed and len(names) == len(given.names):
        return following + _end(number, required)
    wanted = given.names[len(names)] if len(names) < len(given.names) else None
    if wanted is not None:
        known = _known([*sections, names], required)
        name = wanted if again else _actual(wanted, known, [*earlier, *names])
        return following + name[0]
    lengths = [len(given.names)] if closed else _lengths(number, sections, required)
    if len(names) < max(lengths):
        following += _letters([*earlier, *names])
    return following + _end(number, required) if len(names) in lengths else following


class _Given(NamedTuple):
    """What is given of a section.

    Attributes:
        names: its bars; None where a bar is free.
        closed: whether it has no other bars.
        copied: whether it is an earlier section again, with names as they were written there.
    """

    names: tuple[str | None, ...]
    closed: bool
    copied: bool = False


def _given(number: int, sections: Sequence[Sequence[str]], required: PlanRequirements) -> _Given:
    again = required.section(number).copy_of
    if again is not None and again < number:
        return _Given(tuple(sections[again]), closed=True, copied=True)
    return _Given(required.given(number), required.closed(number))


def _names(part: str) -> list[str]:
    return _NAME.findall(part)


def _known(sections: Sequence[Sequence[str]], required: PlanRequirements) -> dict[str, str]:
    """How each given name has been written so far."""
    found: dict[str, str] = {}
    for number, row in enumerate(sections):
        for wanted, actual in zip(required.given(number), row, strict=False):
            if wanted is not None:
                found.setdefault(wanted, actual)
    return found


def _actual(wanted: str, known: Mapping[str, str], written: Sequence[str]) -> str:
    """How a given name is written after the names ``written``."""
    if wanted in known:
        return known[wanted]
    base = known.get(wanted[0])
    if len(wanted) > 1 and base is not None:
        for marks in range(1, MOST_MARKS + 1):
            if (name := base[0] + wanted[1] * marks) not in written:
                return name
    return _letters(written)[-1]


def _end(number: int, required: PlanRequirements) -> str:
    """The degrees on which a section may end."""
    end = required.ends[number] if number < len(required.ends) else 0
    return str(end) if end else _DEGREES


def _after_section(sections: Sequence[Sequence[str]], required: PlanRequirements) -> str:
    """What may follow the last of ``sections`` once it is complete."""
    number = len(sections) - 1
    if required.sections:
        return _MORE if number + 1 < len(required.sections) else _LINE_END
    if number + 1 < len(required.names):
        return _MORE
    if not required.open:
        return _LINE_END
    bars = sum(map(len, sections))
    if number + 1 == _MOST_SECTIONS or bars + _least_length(sections) > required.most:
        return _LINE_END
    return _MORE if bars < required.least else _LINE_END + _MORE


def _lengths(
    number: int, sections: Sequence[Sequence[str]], required: PlanRequirements
) -> Sequence[int]:
    planned = required.section(number).bars
    if planned is not None:
        return [planned]
    before = sum(map(len, sections))
    later = (len(required.sections) or _MOST_SECTIONS) - 1 - number
    needed = min(_MOST_BARS, required.least - before - _MOST_BARS * later)
    # A section that continues after a prompt's notes has at least one more bar.
    given = len(required.given(number)) + (required.more and number == len(required.names) - 1)
    least = max(_least_length(sections), _in_phrases(given), _in_phrases(needed))
    return range(least, max(least, min(_MOST_BARS, required.most - before)) + 1, PHRASE)


def _in_phrases(bars: int) -> int:
    """The number of bars rounded up to whole phrases."""
    return -(-bars // PHRASE) * PHRASE


def _least_length(sections: Sequence[Sequence[str]]) -> int:
    """The minimum number of bars of a section after ``sections``."""
    first = len(sections[0]) if sections else 0
    return max(PHRASE, first if first % PHRASE == 0 else 0)


def _letters(names: Sequence[str]) -> str:
    """The letters in use, and the first unused one."""
    known = sorted({name[0] for name in names}, key=LETTERS.index)
    return "".join(known) + LETTERS[len(known) : len(known) + 1]


def _marks(names: Sequence[str]) -> str:
    """The marks that may be added to the last name."""
    *others, last = names
    if last[0] not in {name[0] for name in others}:
        return ""
    marks = last[1:]
    return "".join(
        mark
        for mark in (VARIED, MOVED)
        if marks in {"", mark * len(marks)} and len(marks) < MOST_MARKS
        # Another mark makes a new name, or the name of an existing bar.
        if not marks or last in others
    )
