"""Where each rule begins and ends: what is just allowed, and what is just too much."""

import pytest

from abclm.notation.check.validate import examine, validate

HEADER = "X:1\nT:t\nM:4/4\nL:1/8\nK:G\n"
VOICES = "X:1\nT:t\nM:4/4\nL:1/8\nV:1\nV:2\nV:3\nK:G\n"


def found(music: str, header: str = HEADER) -> list[str]:
    """``line:column rule`` of each problem, lines counted from the first of the music."""
    lines = header.count("\n")
    return [f"{one.line - lines}:{one.column} {one.rule}" for one in validate(f"{header}{music}\n")]


def messages(music: str) -> list[str]:
    return [one.message for one in validate(f"{HEADER}{music}\n")]


def test_two_bars_that_are_wrong_are_two_slips_and_three_alike_are_the_meters() -> None:
    assert found("|:G6|A6|B6|c6:|") == ["1:6 bar-length", "1:9 bar-length"]
    assert messages("|:G6|A6|B6|c6|d6:|") == ["from here on bars last 3/4, meter is 4/4"]
    # Where one bar is right, so is the meter.
    assert len(found("|:G6|A6|B6|c6|G8:|")) == 3


def test_a_bar_of_two_says_that_a_bar_line_is_missing() -> None:
    assert messages("G8|A16|B8|]") == [
        "bar lasts 8/4, meter is 4/4: 1 too long; it makes two bars: a bar line is missing"
    ]
    (message,) = messages("G8|A4|B4|c8|]")
    assert message.endswith("with the next it makes one bar: remove the bar line between them")


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("A,,,,8", []),
        ("C,,,,,8", ["1:1 octave"]),
        ("c'''8", []),
        ("c''''8", ["1:1 octave"]),
        ("[L:1/1][M:64/1]G64", []),
        ("[L:1/1][M:65/1]G65", ["1:16 length"]),
        ("G/32", []),
        ("G/33", ["1:1 length"]),
    ],
)
def test_a_note_lies_within_hearing_and_lasts_as_long_as_can_be_played(
    note: str, rule: list[str]
) -> None:
    assert [one for one in found(f"{note}|]") if "bar-length" not in one] == rule


@pytest.mark.parametrize(
    ("music", "problems", "remarks"),
    [
        ("G-G2A4G|]", [], 0),
        # One that leads elsewhere is a slip; several, and half of them all, are slurs.
        ("G-A6G|]", ["1:1 tie"], 0),
        ("G-A2G-G2G2|]", ["1:1 tie"], 0),
        ("G-A2G-A2G2|]", [], 1),
        ("G-A2G-A2G2|G-G2G-G2G-G|]", ["1:1 tie", "1:5 tie"], 0),
        # What follows at a repeat or an ending may stand elsewhere.
        ("|:GABc dedB-|1A8:|2c8|]", [], 0),
        ("|:GABc dedB-:|c8|]", [], 0),
    ],
)
def test_a_tie_leads_to_the_same_pitch(music: str, problems: list[str], remarks: int) -> None:
    assert found(music) == problems
    assert len(examine(f"{HEADER}{music}\n").remarks) == remarks


def test_a_book_of_which_two_tunes_write_slurs_as_ties_is_told_once() -> None:
    slurs, slip = f"{HEADER}G-A2G-A2G2|]\n\n", f"{HEADER}G-A6G|]\n"
    assert len(examine(slurs + slip).problems) == 1
    (remark,) = examine(slurs * 2 + slip).remarks
    assert remark.message.endswith("this book has 3 such places or tunes")
    assert examine(slurs * 2 + slip).problems == []


def test_each_block_that_does_not_end_is_named() -> None:
    opened = "%%beginsvg\n%%begintext\nhello\n%%endtext\nG8|]"
    assert found(opened) == ["1:1 block"]
    assert found("G8|]\n%%begintext\nhello\n%%endtext") == []


@pytest.mark.parametrize(
    ("music", "problems"),
    [
        # A fault of the grammar explains the length of its own bar, of the first where it is
        # before all bars.
        (")G9|A10|B11|]", ["1:1 slur", "1:5 bar-length", "1:9 bar-length"]),
        ("G9|A10)|B11|]", ["1:1 bar-length", "1:7 slur", "1:9 bar-length"]),
        ("G9|A10|B11)|]", ["1:1 bar-length", "1:4 bar-length", "1:11 slur"]),
    ],
)
def test_a_bar_with_a_fault_of_its_own_is_not_said_to_be_too_long(
    music: str, problems: list[str]
) -> None:
    assert found(music) == problems


def test_a_voice_with_a_fault_of_its_own_is_not_compared_with_the_others() -> None:
    music = "[V:1])G8|G8|G8|]\n[V:2]G8|G8|]\n[V:3]G8|G8|]"
    assert found(music.replace(")", ""), VOICES) == ["1:12 voices-align"]
    assert found(music, VOICES) == ["1:6 slur"]


@pytest.mark.parametrize(("first", "second", "line"), [(5, 4, 1), (4, 5, 2), (3, 8, 1), (8, 3, 2)])
def test_of_two_voices_the_one_with_sections_of_four_bars_is_right(
    first: int, second: int, line: int
) -> None:
    header = VOICES.replace("V:3\n", "")
    music = f"[V:1]{'G8|' * first}]\n[V:2]{'C8|' * second}]"
    assert [one.partition(":")[0] for one in found(music, header)] == [str(line)]
