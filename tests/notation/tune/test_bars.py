"""Where in its bar a tune begins."""

from fractions import Fraction

import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars, pickup_offset

HEADER = "X:1\nT:t\nM:4/4\nL:1/8\nK:G\n"


@pytest.mark.parametrize(
    ("music", "offsets"),
    [
        ("G8|A8|]", [0, 0]),
        # A pickup falls where the bar before would have it, of each section anew.
        ("ABc|G8|A5:|", [5, 0, 0]),
        ("A2|G8|A6||ABc|G8|]", [6, 0, 0, 5, 0]),
        # A short bar inside a section, or at the start of an ending, begins with the beat.
        ("G8|A4|B8|]", [0, 0, 0]),
        ("|:G8|1A6:|2B6|]", [0, 0, 0]),
        ("G10|]", [0]),
        ("[M:none]G3|A8|]", [0, 0]),
    ],
)
def test_a_pickup_is_counted_from_the_end_of_its_bar(music: str, offsets: list[int]) -> None:
    (parsed,) = parse_tunebook(HEADER + music + "\n")
    assert [pickup_offset(bar) for bar in bars(parsed.tune)] == [Fraction(n, 8) for n in offsets]
