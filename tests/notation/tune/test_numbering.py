import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.notation.tune.numbering import BarNumber, find_bars, number_bars, section_name

HEADER = "X:1\nT:t\nM:2/4\nL:1/8\nK:G\n"


def numbers(body: str) -> list[BarNumber]:
    return number_bars(bars(parse_tunebook(HEADER + body)[0].tune))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("GABc|d4|]", [(1, 0, 1), (2, 0, 2)]),
        ("D|GABc|d3:|", [(0, 0, 0), (1, 0, 1), (2, 0, 2)]),
        ("GABc|d3:|\n|:D|GABc|d3:|", [(1, 0, 1), (2, 0, 2), (2, 1, 0), (3, 1, 1), (4, 1, 2)]),
        ("d|:GABc|d3:|", [(0, 0, 0), (1, 0, 1), (2, 0, 2)]),
        ("|:GABc|1d4:|2d4||e4|]", [(1, 0, 1), (2, 0, 2), (3, 0, 3), (4, 1, 1)]),
    ],
)
def test_bars_are_counted_as_musicians_do(body: str, expected: list[tuple[int, int, int]]) -> None:
    assert [(one.number, one.section, one.in_section) for one in numbers(body)] == expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((1, 2), (1, 2)),
        ((0, 1), (0, 1)),
        ((1, 3), (1, 4)),
        ((2, 2), (2, 2)),
        ((3, 4), (4, 5)),
        ((None, None, 1), (3, 5)),
        ((0, 0, 1), (3, 3)),
        ((1, 1, 1), (4, 4)),
        ((9, 9), None),
    ],
)
def test_a_pickup_inside_goes_with_the_bars_around_it(
    args: tuple[int | None, ...], expected: tuple[int, int] | None
) -> None:
    assert find_bars(numbers("D|GABc|d3:|\n|:D|GABc|d3:|"), *args) == expected


def test_sections_have_letters() -> None:
    assert [section_name(number) for number in (0, 1, 25, 26)] == ["A", "B", "Z", "27"]
