"""How far up and down a tune has gone, character by character."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.pitch import Pitches
from abclm.notation.syntax.meter import Meter


def pitches_after(text: str) -> Pitches:
    cursor = Cursor.begin(Meter(4, 4), Fraction(1, 8))
    for character in text:
        cursor = cursor.feed(character) or cursor
    return cursor.pitches


def compass(text: str) -> tuple[int | None, int | None]:
    pitches = pitches_after(text)
    return pitches.lowest, pitches.highest


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
def test_the_lowest_and_the_highest_step(
    text: str, lowest: int | None, highest: int | None
) -> None:
    assert compass(text) == (lowest, highest)


def test_a_note_counts_as_far_as_it_is_written() -> None:
    # The B of "B," is above the G until its octave mark comes.
    assert [compass("GB,"[:end]) for end in (1, 2, 3)] == [(4, 4), (4, 6), (-1, 4)]


def test_octave_marks_that_follow_no_note_say_nothing() -> None:
    assert compass("G2,") == compass("G ,") == (4, 4)


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
def test_each_altered_letter_is_told_once(text: str, altered: set[str]) -> None:
    assert pitches_after(text).altered == altered


def test_accidentals_hold_to_the_end_of_their_bar() -> None:
    assert pitches_after("^c _B").carried == (("C", "^"), ("B", "_"))
    assert pitches_after("^c=c").carried == (("C", "="),)
    assert pitches_after("^c|d").carried == ()


@pytest.mark.parametrize(
    ("text", "tied", "holding"),
    [
        ("^c'", False, False),
        ("^c'-", True, False),
        ("^c'-c'", False, True),
        ("^c'-|c'2", False, True),
        ("^c'-c'd", False, False),
    ],
)
def test_a_tie_holds_the_next_note_and_no_other(text: str, tied: bool, holding: bool) -> None:
    pitches = pitches_after(text)
    assert (pitches.tied, pitches.holding) == (tied, holding)
    assert pitches.held == ("c'" if "-" in text else "")


@given(st.text("CDEFGABcdefgab,'^_=2/| z"))
def test_no_text_is_an_error(text: str) -> None:
    lowest, highest = compass(text)
    assert (lowest is None) == (highest is None)
    if lowest is not None and highest is not None:
        assert lowest <= highest
