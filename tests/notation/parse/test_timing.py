"""Lengths, tuplets, broken rhythm: what each note of a body lasts, in eighths."""

from fractions import Fraction

import pytest

from abclm.notation.parse.parser import parse_body, parse_tunebook
from abclm.notation.syntax.meter import Meter
from abclm.notation.tune.bars import bars

EIGHTH = Fraction(1, 8)
COMMON = Meter(4, 4)


def lengths(music: str, meter: Meter = COMMON) -> list[str]:
    parsed = parse_body(music, meter, EIGHTH)
    return [str(event.duration / EIGHTH) for event in parsed.tune.events]


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("A A2 A/ A// A/4 A3/2 A3/ A3//", ["1", "2", "1/2", "1/4", "1/4", "3/2", "3/2", "3/4"]),
        ("A>B", ["3/2", "1/2"]),
        ("A<B", ["1/2", "3/2"]),
        ("A>>B", ["7/4", "1/4"]),
        ("A2>B2", ["3", "1"]),
        ("A>{g}B", ["3/2", "1/2"]),
        ("A>[Bd]", ["3/2", "1/2"]),
        ("A>B>c", ["3/2", "1", "1/2"]),
        ("A<B>c", ["1/2", "2", "1/2"]),
        ("(3ABc d", ["2/3", "2/3", "2/3", "1"]),
        ("(3:2:2A2B c", ["4/3", "2/3", "1"]),
        ("(3A>BA", ["1", "1/3", "2/3"]),
        ("(2AB", ["3/2", "3/2"]),
        ("(4ABcd", ["3/4"] * 4),
        ("[DF]2 [D2F2]2 [D/F/]", ["2", "4", "1/2"]),
        ("z2 x Z", ["2", "1", "8"]),
        ("[C2z2] [z2C4] [zx]2", ["2", "2", "2"]),
        ("[CE G|", ["1", "1", "1"]),
        ("[C2z|[DF]2", ["2", "1", "2"]),
        ("{gag}A", ["1"]),
        ("A-A", ["1", "1"]),
        ("A y B", ["1", "1"]),
    ],
)
def test_notes_last(music: str, expected: list[str]) -> None:
    assert lengths(music) == expected


def test_a_five_in_compound_meter_takes_three() -> None:
    assert lengths("(5ABcde", Meter(6, 8)) == ["3/5"] * 5
    assert lengths("(5ABcde", Meter(2, 4)) == ["2/5"] * 5


def test_a_change_of_unit_inside_the_body_counts_from_there() -> None:
    (parsed,) = parse_tunebook("X:1\nT:t\nL:1/8\nK:C\nA[L:1/16]A\nL:1/4\nA\n")
    durations = [event.duration for event in parsed.tune.events]
    assert durations == [Fraction(1, 8), Fraction(1, 16), Fraction(1, 4)]


def test_a_missing_unit_follows_the_meter() -> None:
    text = "X:1\nT:t\nM:{}\nK:C\nA\n"
    units = [parse_tunebook(text.format(meter))[0].tune.unit for meter in ("2/4", "3/4", "C")]
    assert units == [Fraction(1, 16), EIGHTH, EIGHTH]


def test_bars_know_what_stands_around_them() -> None:
    parsed = parse_body("D|:GABc|1d8:|2e8||f8|]", Meter(4, 4), EIGHTH)
    found = bars(parsed.tune)
    assert [str(bar.duration / EIGHTH) for bar in found] == ["1", "4", "8", "8", "8"]
    assert [bar.before.ending for bar in found] == [(), (), (1,), (2,), ()]
    assert [bar.after.closes for bar in found] == [False, False, True, False, False]
    assert found[1].before.opens


def test_bar_lines_with_nothing_between_are_one() -> None:
    parsed = parse_body("| A8 |\n| B8 |\n|: c8 :|\n", Meter(4, 4), EIGHTH)
    assert len(bars(parsed.tune)) == 3


@pytest.mark.parametrize(
    ("music", "exact"),
    [
        ("A8|B8|c8|", [True, True, True]),
        ("A8|B7|c8|", [True, False, True]),
        ("A8|B9|c8|", [True, False, True]),
        ("A2|B8|c6|", [True, True, True]),
        ("A8|B6||c2|d8|", [True, True, True, True]),
        ("A9|B8|", [False, True]),
        ("A8|Z2|c8|", [True, True, True]),
    ],
)
def test_only_a_bar_at_a_section_boundary_may_be_short(music: str, exact: list[bool]) -> None:
    parsed = parse_body(music, Meter(4, 4), EIGHTH)
    assert [bar.exact for bar in bars(parsed.tune)] == exact
