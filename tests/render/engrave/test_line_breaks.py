"""Lines with the same number of bars each."""

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.notation.tune.structure import explicit_repeats
from abclm.render.engrave.line_breaks import regular_breaks


def breaks(body: str, bars_in_line: int = 2) -> list[int]:
    tune = parse_tunebook(f"X:1\nM:4/4\nL:1/8\nK:C\n{body}\n")[0].tune
    return sorted(regular_breaks([[bar] for bar in explicit_repeats(bars(tune))], bars_in_line))


def test_two_bars_a_line_whatever_the_lines_of_the_source() -> None:
    assert breaks("C8|D8|E8|\nF8|G8|A8|") == [2, 4]


def test_a_pickup_does_not_count() -> None:
    assert breaks("C|D8|E8|F8|G8|") == [3]


def test_a_section_starts_a_line_and_an_ending_does_not() -> None:
    assert breaks("C8|D8|E8||F8|G8|]") == [2, 3]
    assert breaks("|:C8|1D8:|2E8|]") == [2]


def test_bars_of_many_notes_stand_alone() -> None:
    assert breaks(
        "C/D/E/F/ C/D/E/F/ C/D/E/F/ C/D/E/F/|C/D/E/F/ C/D/E/F/ C/D/E/F/ C/D/E/F/|C8|"
    ) == [1]
