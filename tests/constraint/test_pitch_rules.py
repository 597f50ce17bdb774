"""Which characters may not come because of their pitch, one rule a test."""

from fractions import Fraction

import pytest

from abclm.constraint.pitch_range import parse_range
from abclm.constraint.pitch_rules import PitchRules
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.meter import Meter


def forbidden(music: str, instrument: str | None = None) -> str:
    """What may not follow ``music`` in G major, on an instrument of the range that is given."""
    key = parse_key("G")
    assert key is not None
    cursor = Cursor.begin(Meter(4, 4), Fraction(1, 8), key).through(music)
    assert cursor is not None
    return PitchRules(parse_range(instrument) if instrument else None).forbidden(cursor)


def test_a_fermata_and_broken_rhythm_do_not_meet() -> None:
    """abc2midi lengthens a note under a fermata, and finds the two of unequal length."""
    assert "H" not in forbidden("G")
    assert "H" in forbidden("G>")
    assert "H" in forbidden("G>A")
    assert {"<", ">"} <= {*forbidden("HG2")}


@pytest.mark.parametrize(("music", "useless"), [("^", "Ff"), ("=", "ABCDEGabcdeg"), ("_", "")])
def test_an_accidental_that_changes_nothing_is_not_written(music: str, useless: str) -> None:
    assert {*forbidden(music)} == {*useless}


def test_only_the_note_that_a_tie_holds_may_come() -> None:
    assert {*"ABCDEFGabcdefg"} - {*forbidden("G-")} == {"G"}


@pytest.mark.parametrize(
    ("instrument", "beyond"),
    [
        ("D4-B5", "C"),
        ("G3-B6", ""),
        # In G an f sounds F sharp.
        ("D4-F#5", "Cgab"),
        ("D4-F5", "Cfgab"),
        ("E4-B5", "CD"),
    ],
)
def test_notes_lie_within_the_range_as_they_sound(instrument: str, beyond: str) -> None:
    assert {*forbidden("", instrument)} == {*beyond}


def test_octave_marks_lie_within_the_range_too() -> None:
    assert "'" in forbidden("f", "D4-B5")
    assert "'" not in forbidden("c", "D4-C6")
