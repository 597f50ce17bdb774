"""A melodic line as n-grams of words, one word per note, in any key.

There are two kinds of words: ``+2:1/8`` is a note two scale steps higher than the one before, an
eighth long; ``5@1/4`` is the fifth degree, a quarter of a whole note into the bar. ``|`` is a bar
line, ``||`` the end of a section, ``|]`` the end of the tune.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from abclm.notation.tune.line import MelodicLine

__all__ = ["note_ngrams"]

_LONGEST_INTERVALS: Final = 4
_LONGEST_DEGREES: Final = 3
"""The lengths of the longest n-grams."""
_SIGNS: Final = frozenset({"|", "||", "|]"})


def note_ngrams(line: MelodicLine) -> tuple[list[str], list[str]]:
    """Return the n-grams of up to 4 intervals, and of up to 3 degrees, with repetitions."""
    intervals, degrees = _words(line)
    return (
        list(_ngrams(intervals, _LONGEST_INTERVALS)),
        list(_ngrams(degrees, _LONGEST_DEGREES)),
    )


def _words(line: MelodicLine) -> tuple[list[str], list[str]]:
    intervals: list[str] = []
    degrees: list[str] = []
    last = line.notes[0]
    for note in line.notes:
        if note.bar != last.bar:
            same = line.bars[note.bar].section == line.bars[last.bar].section
            intervals.append("|" if same else "||")
            degrees.append(intervals[-1])
        intervals.append(f"{note.step - last.step:+d}:{_length(note.duration, line.ticks)}")
        degrees.append(f"{note.degree}@{_length(note.onset, line.ticks)}")
        last = note
    return [*intervals, "|]"], [*degrees, "|]"]


def _ngrams(words: Sequence[str], longest: int) -> Iterator[str]:
    for size in range(1, longest + 1):
        for start in range(len(words) - size + 1):
            if size > 1 or words[start] not in _SIGNS:
                yield " ".join(words[start : start + size])


@lru_cache(maxsize=4096)
def _length(time: int, ticks: int) -> str:
    return str(Fraction(time, ticks))
