"""Readers for the text of a single token: pitch and length, bar line, ending."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from abclm.notation.syntax.exact import fraction

__all__ = [
    "Pitch",
    "read_bar_line",
    "read_ending",
    "read_length",
    "read_note",
]

_NOTE = re.compile(r"([\^_=\d/]*)([A-Ga-g])([,']*)(.*)")
_IN_WORDS = re.compile(r"\d+(?:[,-]\d+)*")
_TIMES = {"first": 1, "prima": 1, "second": 2, "seconda": 2, "third": 3, "terza": 3}
_NUMBER_LIMIT = 10**6
"""Longer and shorter notes are slips, but their bars must still be added up."""
_ENDING_LIMIT = 64
"""The highest ending number; a repeat is played at most 16 times."""
_SOFT_BAR_LINES = frozenset({".|", "[|]"})


class Pitch(NamedTuple):
    """A written pitch: accidental as written, letter ``A`` to ``G``, octave 0 from middle C up."""

    accidental: str
    letter: str
    octave: int

    def __str__(self) -> str:
        if self.octave > 0:
            return self.accidental + self.letter.lower() + "'" * (self.octave - 1)
        return self.accidental + self.letter + "," * -self.octave


@lru_cache(maxsize=4096)
def read_note(text: str) -> tuple[Pitch, Fraction]:
    """Return the pitch of a note such as ``^c'3/2`` and its length as a multiple of the unit."""
    match = _NOTE.fullmatch(text)
    assert match is not None  # noqa: S101 - the lexer's pattern is narrower than this one
    accidental, letter, marks, length = match.groups()
    octave = (letter.islower()) + marks.count("'") - marks.count(",")
    return Pitch(accidental, letter.upper(), octave), read_length(length)


@lru_cache(maxsize=4096)
def read_length(text: str) -> Fraction:
    """Return a length such as ``2``, ``/``, ``//``, ``3/2``, ``/4`` as a multiple of the unit."""
    digits, slash, below = text.partition("/")
    above = min(int(digits[:9]), _NUMBER_LIMIT) if digits else 1
    if not slash:
        return fraction(above, 1)
    slashes = 1 + len(below) - len(below.lstrip("/"))
    divisor = below.lstrip("/")
    # ABC 2.1 section 4.3: each slash halves; a number is the divisor itself.
    under = min(int(divisor[:9]), _NUMBER_LIMIT) if divisor else 2 ** min(slashes, 12)
    return fraction(above, under) if under else fraction(0, 1)


@lru_cache(maxsize=256)
def read_bar_line(text: str) -> tuple[str, bool, bool, bool]:
    """Return the style of a bar line in any spelling, and whether it closes, opens and is soft.

    These are the attributes of `abclm.notation.tune.music.BarLine` after ``token``, in order.
    """
    if text in _SOFT_BAR_LINES:
        return "|", False, False, True
    # An invisible bar line may be next to another one: "[|]:|" (ABC 2.1 section 4.8).
    shape = text.lstrip(".").replace("[|]", "") or "|"
    closes = shape.startswith(":")
    opens = shape.endswith(":") and len(shape) > 1
    if "]" in shape:
        return "|]", closes, opens, False
    return "||" if "||" in shape or shape.startswith("[|") else "|", closes, opens, False


def read_ending(text: str, following: int = 1) -> tuple[int, ...]:
    """Return the numbers of an ending such as ``[1``, ``2`` or ``[1,3-4``; empty if it is not one.

    Words such as ``["1st time"`` or ``["second"`` give the number they contain. Words without a
    number, such as ``["last"``, give ``following``, or nothing if no ending precedes.

    Args:
        text: the mark.
        following: the number after those of the previous endings in the section.
    """
    if text.startswith('["'):
        number = _IN_WORDS.match(text, 2)
        word = text[2:].split(maxsplit=1)[0].strip('"').lower() if text[2:].split() else ""
        known = _TIMES.get(word, following if following > 1 else 0)
        text = number[0] if number else str(known)
    numbers: list[int] = []
    for part in text.strip("[.").replace(".", ",").split(","):
        first, dash, last = part.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            return ()
        start = int(first[:6])
        stop = int(last[:6]) if dash else start
        if not 0 < start <= stop <= _ENDING_LIMIT:
            return ()
        numbers.extend(range(start, stop + 1))
    return tuple(numbers)
