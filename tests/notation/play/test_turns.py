"""Where the tunes of a set start."""

from fractions import Fraction

import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.notation.play.turns import turns_of


def turns(*bodies: str) -> list[list[Fraction]]:
    """The turns of a set in 6/8: start, end and next start, in eighth notes."""
    book = "\n".join(f"X:1\nM:6/8\nL:1/8\nK:G\n{body}\n" for body in bodies)
    found = turns_of([perform(parsed.tune) for parsed in parse_tunebook(book)])
    return [[place * 8 for place in turn if place is not None] for turn in found]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("G6|A6|", "B6|c6|", 12),  # no pickups
        ("D|G6|G5|", "D|B6|B5|", 12),  # a pickup fills the short last bar
        ("D|G6|G5|", "B6|c6|", 13),  # the last note is held for an eighth
        ("G6|A6|", "D2|B6|B4|", 10),  # the last note is cut off by the pickup
        ("G|", "B6|", 1),  # a lone bar is not filled up
    ],
)
def test_the_beat_goes_on(first: str, second: str, expected: int) -> None:
    assert turns(first, second)[1][0] == expected


def test_each_tune_ends_where_the_next_starts() -> None:
    assert turns("G6|A6|", "D|B6|B5|", "c6|c3|") == [[0, 12, 11], [11, 23, 24], [24, 33]]
