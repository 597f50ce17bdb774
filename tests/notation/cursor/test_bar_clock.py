"""Where in the bar a tune is, character by character."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.cursor.bar_clock import START, BarClock
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.notation.write.writer import write_tune
from tests.notation.random_music import COMPOUND, METERS, SIMPLE, pieces

BOOKS = sorted((Path(__file__).parents[2] / "tunes" / "valid").glob("*.abc"))


WHOLE = 16 * 40320
"""Ticks in a whole note."""


def clocked(text: str) -> list[Fraction]:
    """How long each bar of a tune lasts by the clock, in whole notes."""
    lengths, clock = [], START
    for character in text:
        after = clock.after(character)
        begun = clock.gone or clock.length is not None
        if begun and not after.gone and after.length is None:
            lengths.append(Fraction(clock.used, WHOLE))
        clock = after
    return lengths


def clock_after(body: str, meter: str = "4/4", unit: str = "1/8") -> BarClock:
    clock = START
    for character in f"T:t\nM:{meter}\nL:{unit}\nK:G\n{body}":
        clock = clock.after(character)
    return clock


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("", 96),
        ("G", 84),
        ("G2", 72),
        ("G/", 90),
        ("G//", 93),
        ("G3/2", 78),
        ("G/4", 93),
        ("^G,2 =a'", 60),
        ("z4", 48),
        ("G>", 78),
        ("G>A", 72),
        ("G>A B", 60),
        ("G<A>B", 60),
        ("G>A>B", 60),
        ("G>>A>B", 60),
        ("G<A", 72),
        ("G2>A2", 48),
        ("G>>A", 72),
        ("G>>", 75),
        ("(3", 96),
        ("(3G", 88),
        ("(3GAB c", 60),
        ("(3G/A/B/", 84),
        ("(3:2:2G2A", 72),
        ("(5GABcd", 72),
        ("[GBd]2", 72),
        ("[GB", 84),
        ("{ga}G2", 72),
        ('"Am"G2', 72),
        ("!trill!G2", 72),
        ("~G2 TA HB .c", 36),
        ("G2-G2", 48),
        ("G8", 0),
        ("G9", -1),
        ("G8|", 96),
        ("G2|A", 84),
        ("G8|1 A2", 72),
        ("G8:|2A2", 72),
        ("G8|[1 A2", 72),
        ("[K:D]G2", 72),
        ("[M:6/8]G2", 48),
        ("G8|[M:3/4]A2|", 72),
    ],
)
def test_what_is_left_of_a_bar(body: str, left: int) -> None:
    assert clock_after(body).left == left


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("", 96),
        ("G2", 72),
        ("G2|", 72),
        ("G2|A4", 24),
        ("G2|A6", 0),
        ("G2|A7", -1),
        ("G2|A8|", 72),
        ("G2|A8|B6||", 96),
        ("|:G2|A8|1 B6", 0),
        ("|:G2|A8|1 B6:|2", 72),
        ("G8|A6", 24),
        ("[M:none]G", 84),
    ],
)
def test_what_is_left_until_a_section_could_end(body: str, left: int) -> None:
    assert clock_after(body).left_for_pickup == left


@pytest.mark.parametrize(
    ("meter", "left"),
    [("C", 96), ("C|", 96), ("6/8", 72), ("12/8", 144)],
)
def test_a_bar_is_as_long_as_its_meter(meter: str, left: int) -> None:
    assert clock_after("", meter).left == left


@pytest.mark.parametrize("meter", ["none", "", "free", "?", "4/0"])
def test_without_a_meter_bars_count_as_common_time(meter: str) -> None:
    for body in ("(5GABcd", "G2|A8|B6||c2|d3"):
        assert clock_after(body, meter) == clock_after(body, "4/4")._replace(free=True)


@pytest.mark.parametrize(
    ("body", "left", "gone_by"),
    [
        ("G8", 0, 0),
        ("G8A", 84, 1),
        ("G12", 48, 0),
        ("G12|", 96, 2),
        ("G8A4|", 96, 2),
        ("G8|A4|", 96, 2),
        ("G8|A16B", 84, 3),
        ("G8|A8|[M:4/4]B12", -1, 2),
    ],
)
def test_without_a_meter_a_bar_may_be_shorter_and_a_longer_one_is_several(
    body: str, left: int, gone_by: int
) -> None:
    clock = clock_after(body, "none")
    assert (clock.left, clock.bars) == (left, gone_by)


def test_tuplets_follow_the_meter() -> None:
    assert clock_after("(5GABcd", "6/8").left == 72 - 36
    assert clock_after("(2GA", "6/8").left == 72 - 36


@pytest.mark.parametrize("meter", sorted(METERS))
def test_a_five_lasts_the_same_in_the_clock_and_the_parser(meter: str) -> None:
    """ABC 2.1 section 4.13: only in compound meter is it in the time of three."""
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:{meter}\nL:1/8\nK:G\n(5CDEFG|\n")
    (bar,) = bars(parsed.tune)
    assert bar.duration * 8 == (3 if meter in COMPOUND else 2)
    assert Fraction(clock_after("(5CDEFG", meter).used, WHOLE) == bar.duration


@pytest.mark.parametrize(
    ("meter", "compound"),
    [*((meter, False) for meter in (*SIMPLE, "3/8")), *((meter, True) for meter in COMPOUND)],
)
def test_the_clock_knows_which_meters_are_compound(meter: str, compound: bool) -> None:
    assert clock_after("", meter).compound is compound


@given(
    st.sampled_from(sorted(METERS)),
    st.sampled_from(["1/8", "1/16", "1/4"]),
    st.lists(st.lists(pieces(), min_size=1, max_size=6), min_size=1, max_size=5),
    st.sampled_from(["", "[M:6/8]", "[M:6/4]", "[M:3/4]"]),
)
def test_clock_and_parser_agree_at_every_bar_line(
    meter: str, unit: str, body: list[list[str]], change: str
) -> None:
    music = f"|{change}".join(map("".join, body)) + "|"
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:{meter}\nL:{unit}\nK:G\n{music}\n")
    expected = [bar.duration for bar in bars(parsed.tune)]
    assert clocked(f"M:{meter}\nL:{unit}\nK:G\n{music}\n") == expected
    assert clocked(write_tune(parsed.tune)) == expected


@pytest.mark.parametrize(
    ("body", "eighths"),
    [("", 0), ("G", 1), ("G3/2A/", 2), ("G8", 8), ("G8A", 9), ("G8|", 0), ("G2|A4", 4)],
)
def test_what_is_used_of_a_bar_is_what_its_sounds_last(body: str, eighths: int) -> None:
    assert clock_after(body).used == eighths * WHOLE // 8


@pytest.mark.parametrize(
    ("last_field", "text", "inside"),
    [
        ("K", "M:4/4\nK:G\n", "music"),
        ("P", "M:4/4\nK:G\n", "header"),
        ("P", "M:4/4\nK:G\nP:ab1", "header"),
        ("P", "M:4/4\nK:G\nP:ab1\n", "music"),
    ],
)
def test_the_music_begins_behind_the_last_field(last_field: str, text: str, inside: str) -> None:
    clock = BarClock(last_field=last_field)
    for character in text:
        clock = clock.after(character)
    assert clock.inside == inside
    assert clock.bar == WHOLE


def test_nothing_is_left_in_a_header() -> None:
    clock = START
    for character in "T:GABc|\nM:6/8\nK:":
        assert clock.left is None
        clock = clock.after(character)


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("|:D2|G8|A8:|", [0, 0, 1, 0]),
        ("G8|A8||B8|]", [1, 0, 0]),
        ("G8|A8|1 B8:|2 c8|]", [1, 2, 0, 0]),
        ("G8|A8|[1 B8:|[2 c8||d8|", [1, 2, 0, 0, 1]),
        ("G8::A8|B8:|", [0, 1, 0]),
    ],
)
def test_the_bars_of_a_section_are_counted(body: str, counts: list[int]) -> None:
    """After each bar line as a whole."""
    ends = [match.end() for match in re.finditer(r"[|:]+\]?", body)]
    assert [clock_after(body[:end]).bars for end in ends] == counts


@pytest.mark.parametrize(
    ("body", "repeated", "ending", "could_end"),
    [
        ("", False, 0, False),
        ("|:", True, 0, False),
        ("|:D2|G8|A6", True, 0, True),
        ("|:D2|G8|A8", True, 0, False),
        ("|:D2|G8|A6:|", False, 0, False),
        ("|:G8:|\nA8", False, 0, True),
        ("|:G8::A8", True, 0, True),
        ("|:D2|G8|1 A6", True, 1, True),
        ("|:D2|G8|1 A6:|", False, 2, False),
        ("|:D2|G8|1 A6:|2 B4", False, 3, False),
        ("|:D2|G8|1 A6:|2 B6", False, 3, True),
        ("|:D2|G8|1 A6:|2 B8", False, 3, False),
        ("|:D2|G8|1 A6:|2 B6||\nA8", False, 0, True),
        ("D2|:G8|A6", True, 0, False),
        ("D2|:G8|A8", True, 0, True),
        ("D2|G8|A8|", False, 0, False),
        ("D2|G8|A6|", False, 0, True),
        ("G8|A8|", False, 0, True),
        ("G8|A8|]", False, 0, False),
    ],
)
def test_what_is_open_and_where_the_section_could_end(
    body: str, repeated: bool, ending: int, could_end: bool
) -> None:
    clock = clock_after(body)
    assert (clock.repeated, clock.ending, clock.could_end) == (repeated, ending, could_end)


@pytest.mark.parametrize(
    ("body", "due"),
    [
        ("D2|", False),
        ("D2|G8|", False),
        ("D2|G8|A6", False),
        ("D2|G8|A6|", True),
        ("D2|G8|A6|\n", True),
        ("D2|G8|A6||", False),
        ("D2|G8|A6|]", False),
        ("D2|G8|A6:|", False),
        ("D2|G8|A6|1 ", False),
        ("D2|G8|A6|B", False),
        ("G8|A8|", False),
    ],
)
def test_behind_a_short_bar_the_section_is_due_to_end(body: str, due: bool) -> None:
    assert clock_after(body).due is due


def test_a_second_ending_counts_from_where_the_first_began() -> None:
    assert clock_after("G8|A8|1 B8|c8:|2 ").bars == 2
    assert clock_after("G8|A8|1 B8|c8:|2 d8|").bars == 3


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_whole_bar_of_a_canonical_tune_ends_with_nothing_left(path: Path) -> None:
    """Judged by the parser, which reads a tune as a whole."""
    for parsed in parse_tunebook(path.read_text(encoding="utf-8")):
        if parsed.tune.key is None or parsed.tune.values("V"):
            continue
        text = write_tune(parsed.tune)
        (again,) = parse_tunebook(text)
        whole = sum(bar.duration == bar.meter.bar for bar in bars(again.tune))
        full, clock = 0, START
        for character in text:
            after = clock.after(character)
            begun = clock.gone or clock.length is not None
            full += bool(begun and clock.left == 0 and not after.gone and after.length is None)
            clock = after
        assert full == whole


@given(st.text("GAbc2348/<>()[]{}|:\"!KM\n '^", max_size=60))
def test_no_text_is_an_error(body: str) -> None:
    clock = clock_after(body)
    assert clock.left is None or -1 <= clock.left <= 192
    assert clock.bars >= 0
