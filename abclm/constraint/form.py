"""The requested form: which sections come in which order, and how many bars each has."""

import re
from itertools import groupby

from abclm.constraint.section_plan import SectionPlan
from abclm.errors import InputError

__all__ = ["parse_form", "section_of"]

_FORM = re.compile(r"[A-Z]{1,16}")
_MOST_TIMES = 2
"""A ``|:`` and a ``:|`` have a section played twice."""
_FEWEST_BARS, _MOST_BARS = 2, 64
"""The longest section of the shipped corpus has 47 bars."""


def parse_form(form: str | None, bars: int | None) -> tuple[SectionPlan, ...]:
    """The sections of a form such as ``AABB``, ``AAB`` or ``ABA``; empty for any form.

    A letter is a section; the same letter twice in a row is a repeated section. A letter that
    returns later is the same section again, note for note.

    Args:
        form: letters, or None for any form.
        bars: number of whole bars in each section, or None for any number.

    Raises:
        InputError: the form or the number of bars is invalid.
    """
    section_of(bars)
    if form is None:
        return ()
    letters = form.upper()
    if not _FORM.fullmatch(letters):
        raise InputError(f"{form!r} is not a form: give letters such as AABB, AAB or ABA")
    runs = [(letter, len(list(run))) for letter, run in groupby(letters)]
    if any(times > _MOST_TIMES for _, times in runs):
        raise InputError(f"{form}: a section can be played twice in a row, not more often")
    names = [letter for letter, _ in runs]
    return tuple(
        SectionPlan(
            repeated=times == _MOST_TIMES,
            bars=bars,
            copy_of=names.index(letter) if letter in names[:index] else None,
            endings=names.count(letter) == 1,
        )
        for index, (letter, times) in enumerate(runs)
    )


def section_of(bars: int | None) -> SectionPlan:
    """Any section, with the given number of ``bars`` unless it is None.

    Raises:
        InputError: the number of bars is out of range.
    """
    if bars is not None and not _FEWEST_BARS <= bars <= _MOST_BARS:
        raise InputError(f"a section has {_FEWEST_BARS} to {_MOST_BARS} bars, not {bars}")
    return SectionPlan(bars=bars)
