"""How far up and down a tune has gone, character by character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.cursor.compass import Compass


def compass_after(text: str) -> Compass:
    compass = Compass()
    for character in text:
        compass = compass.after(character)
    return compass


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("", None, None),
        ("z2|", None, None),
        ("C", 0, 0),
        ("GBd", 4, 8),
        ("B,", -1, -1),
        ("GB,", -1, 4),
        ("Gb'", 4, 20),
        ("G,,c''", -10, 21),
        ("GB,2c", -1, 7),
        ("^c/2 _B|d'", 6, 15),
    ],
)
def test_the_lowest_and_the_highest_step(text: str, lowest: int | None, highest: int | None):
    assert compass_after(text)[:2] == (lowest, highest)


def test_a_note_counts_as_far_as_it_is_written():
    # The B of "B," is above the G until its octave mark comes.
    assert [compass_after("GB,"[:end])[:2] for end in (1, 2, 3)] == [(4, 4), (4, 6), (-1, 4)]


def test_octave_marks_that_follow_no_note_say_nothing():
    assert compass_after("G2,")[:2] == compass_after("G ,")[:2] == (4, 4)


@pytest.mark.parametrize(
    ("text", "altered"),
    [
        ("Gcd", set()),
        ("^cd^c", {"^C"}),
        ("^c^C,", {"^C"}),
        ("^c=c_B", {"^C", "=C", "_B"}),
        ("^^c", {"^^C"}),
        ("^ c", set()),
    ],
)
def test_each_altered_letter_is_told_once(text: str, altered: set[str]):
    assert compass_after(text).altered == altered


@given(st.text("CDEFGABcdefgab,'^_=2/| z"))
def test_no_text_is_an_error(text: str):
    compass = compass_after(text)
    assert (compass.lowest is None) == (compass.highest is None)
    if compass.lowest is not None and compass.highest is not None:
        assert compass.lowest <= compass.highest
