"""Which bars of a tune the user means, as musicians count them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from abclm.compose.chosen import ChosenTune
from abclm.compose.replacing import check_bars
from abclm.errors import InputError
from abclm.notation.syntax.source import readable
from abclm.notation.tune.bars import bars
from abclm.notation.tune.numbering import find_bars, number_bars, section_name

__all__ = ["BarChoice", "choose_bars"]

_IN_LINE: Final = 4
"""Bars in a line, as in the canonical form."""
_BARS: Final = re.compile(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class BarChoice:
    """Consecutive bars of a tune.

    Attributes:
        name: their name in messages.
        first, last: indices of the first and the last of them among the tune's bars, from 0.
        numbers: the number that the user has for each.
    """

    name: str
    first: int
    last: int
    numbers: tuple[int, ...]

    def lines(self, music: Sequence[str]) -> tuple[str, ...]:
        """Format the ``music`` of the bars, four to a line, each line after its first number."""
        return tuple(
            f"{self.numbers[at]:>3}  {readable(' | '.join(music[at : at + _IN_LINE]))}"
            for at in range(0, len(music), _IN_LINE)
        )


def choose_bars(chosen: ChosenTune, wanted: str | None, section: str | None) -> BarChoice:
    """Find the bars that ``--bars`` and ``--section`` ask for.

    Args:
        chosen: the tune.
        wanted: numbers such as ``5-8`` or ``3``; None for the whole section.
        section: the section in which they are counted, such as ``B``; None for the whole tune.

    Raises:
        InputError: there are no such bars, or other bars depend on a field in them.
    """
    match = _BARS.fullmatch((wanted or "").strip())
    if wanted is not None and (match is None or int(match[2] or match[1]) < int(match[1])):
        raise InputError(f"--bars takes numbers such as 5-8 or 3, not {wanted!r}")
    if wanted is None and section is None:
        raise InputError("give the bars: --bars 5-8, or --section B")
    numbers = number_bars(bars(chosen.tune))
    names = list(dict.fromkeys(section_name(number.section) for number in numbers))
    if section is not None and section.upper() not in names:
        raise InputError(
            f"{chosen.name} has no section {section}; there are: {', '.join(names) or 'none'}"
        )
    low, high = (int(match[1]), int(match[2] or match[1])) if match else (None, None)
    number = None if section is None else names.index(section.upper())
    found = find_bars(numbers, low, high, number)
    counted = [
        bar.number if number is None else bar.in_section
        for bar in numbers
        if number in {None, bar.section}
    ]
    if found is None or (low is not None and low < counted[0]) or (high or 0) > counted[-1]:
        there_are = f"{counted[0]} to {counted[-1]}" if counted else "none"
        raise InputError(f"{chosen.name} has no bars {wanted}; there are: {there_are}")
    first, last = found
    called = [bar.number for bar in numbers]
    check_bars(chosen.tune, first, last, called)
    parts = [f"section {names[number]}" if number is not None else "", f"bars {wanted}"]
    name = ", ".join(filter(None, parts if wanted else parts[:1]))
    return BarChoice(name, first, last, tuple(called[first : last + 1]))
