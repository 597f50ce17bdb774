"""The plan is read off a tune: copies, variations, moved bars, pickups, endings, last notes."""

import pytest
from hypothesis import given

from abclm.notation.cursor.bar_memory import RememberedBar
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan import LETTERS, BarKind, Plan, parse_plan
from abclm.notation.cursor.plan_reader import (
    bar_stops,
    likeness,
    moved_likeness,
    read_plan,
    remembered_bars,
)
from tests.notation.random_music import tunes

HEAD = "M:4/4\nL:1/8\nK:G\n"


def plan_of(body: str) -> Plan:
    plan = read_plan(remembered_bars(HEAD + body).done)
    assert plan is not None
    return plan


def bar(text: str) -> RememberedBar:
    (found,) = remembered_bars(f"{HEAD}{text}|").done.values()
    return found


@pytest.mark.parametrize(
    ("body", "plan"),
    [
        # The same text is the same bar, in another section too.
        ("G8|A8|G8|B8|]\n", "abac3"),
        ("|:G8|A8:|\n|:A8|d8:|\n", "ab2/bc5"),
        # A variation sounds alike in six tenths of the time, whatever its rhythm is.
        ("GABc dedB|GABc dedc|GABc d4|]\n", "aa'a''5"),
        ("GABc dedB|GABc defg|gfed cBAG|]\n", "aa'b1"),
        # What is near to a variation varies its letter, and what is the same copies it.
        ("GABc dedB|GABc dedc|GABc dedc|]\n", "aa'a'4"),
        # A moved bar has the same shape on other steps.
        ("GABc dedB|ABcd efec|g8|]\n", "aa^b1"),
        ("GABc dedB|ABcd efec|Bcde fgfd|]\n", "aa^a^^5"),
        # One note is no shape that could be moved.
        ("G8|A8|B8|]\n", "abc3"),
    ],
)
def test_bars_are_named_for_what_they_repeat(body: str, plan: str) -> None:
    assert plan_of(body).compact() == plan


def test_after_three_marks_another_relative_has_a_letter_of_its_own() -> None:
    bars = [f"GABc ded{last}" for last in "BcdefgD"]
    assert plan_of("|".join(bars) + "|]\n").compact() == "aa'a''a'''bcd5"


def test_after_three_marks_a_bar_that_is_also_moved_says_so() -> None:
    bars = [f"GABc ded{last}" for last in "Bcde"]
    # Seven notes of eight are those of the first bar, and all are those of the second, moved.
    last = "GABc dede"
    assert plan_of("|".join([*bars, "FGAB cdcB", last]) + "|]\n").compact() == "aa'a''a'''a^a'''6"


@pytest.mark.parametrize(
    ("body", "plan"),
    [
        ("|:D2|G8|A6:|\n", "ab2"),
        ("D2|:G8|A8:|\n|:B8:|\n", "ab2/c3"),
        ("|:D2|G8|A6:|\n|:E2|B8|d6:|\n", "ab2/cd5"),
        ("|:D2|G8|A6:|\n|:B8|d6:|\n", "ab2/cd5"),
    ],
)
def test_a_pickup_has_a_place_of_its_own_and_no_name(body: str, plan: str) -> None:
    assert plan_of(body).compact() == plan


def test_a_second_ending_is_left_out_but_its_last_note_counts() -> None:
    assert plan_of("|:G8|1A8:|2B8||\nc8|d8|]\n").compact() == "ab3/cd5"
    assert plan_of("|:G8|1A8|B8:|2c8|d8|]\n").compact() == "abc5"


@pytest.mark.parametrize(
    ("note", "degree"),
    [("G", 1), ("A", 2), ("B", 3), ("c", 4), ("d", 5), ("e", 6), ("f", 7), ("g", 1), ("D", 5)],
)
def test_a_section_ends_on_a_degree_of_g(note: str, degree: int) -> None:
    assert plan_of(f"G8|{note}8||\nG8|]\n").end(0) == degree
    assert plan_of(f"G8|^{note},4z4|]\n").end(0) == degree


def test_a_section_of_rests_ends_on_none() -> None:
    assert plan_of("z8|A8|z4z4||\nz6z2|]\n").ends == (0, 0)


def test_without_a_whole_bar_there_is_no_plan() -> None:
    assert read_plan(remembered_bars(HEAD).done) is None
    assert read_plan(remembered_bars(HEAD + "|:D2|G4").done) is None
    assert read_plan(remembered_bars(HEAD + "|:D2|G8|").done) == parse_plan("a1")


def test_more_bars_than_letters_have_no_plan() -> None:
    notes = "CDEFGABcdefgabc'"
    bars = [f"{one}4{other}4" for one in notes for other in notes if one != other]
    assert len(bars) > len(LETTERS)
    assert read_plan(remembered_bars(HEAD + "|".join(bars) + "|]\n").done) is None


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("G8", "G8", 1.0),
        ("G8", "A8", 0.0),
        ("G4A4", "G4B4", 0.5),
        ("G2G2 G4", "G8", 1.0),
        ("G3A B4", "G2A2 B4", 7 / 8),
        ("z4G4", "z2z2 G4", 1.0),
        ("^G8", "G8", 1.0),
        ("G8", "G4z4", 0.5),
        # A shorter bar does not sound on.
        ("G4", "G8", 0.5),
        ("z4", "z8", 0.5),
        ("G4A2", "G4A4", 0.75),
        ("G8", "g8", 0.0),
    ],
)
def test_likeness_is_the_share_of_time_on_the_same_step(one: str, other: str, share: float) -> None:
    assert likeness(bar(one), bar(other)) == pytest.approx(share)
    assert likeness(bar(other), bar(one)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("G4B4", "A4c4", 1.0),
        ("G4B4", "g4b4", 1.0),
        ("G4B4", "A4d4", 0.5),
        ("G4z4", "A4z4", 0.5),
        ("G8", "G8", 0.0),
        ("G6A2", "G6c2", 0.0),
        ("z8", "z8", 0.0),
        ("G4", "A8", 0.5),
    ],
)
def test_moved_likeness_is_that_of_the_best_other_place(one: str, other: str, share: float) -> None:
    assert moved_likeness(bar(one), bar(other)) == pytest.approx(share)
    assert moved_likeness(bar(other), bar(one)) == pytest.approx(share)


def test_the_music_of_a_bar_stops_at_its_bar_line() -> None:
    text = HEAD + "|:D2|G8|1A6:|2B6||\nc8"
    memory, stops = bar_stops(text)
    assert list(stops) == list(memory.done)
    pieces = [text[:stop].rpartition("|")[2] for stop in stops.values()]
    assert pieces == [":D2", "G8", "1A6", "2B6"]
    assert memory.text == "c8"


def test_a_tune_with_a_plan_is_read_after_it() -> None:
    planned = HEAD + "P:ab1\nG8|A8|]\n"
    assert read_plan(remembered_bars(planned, Cursor(last_field="P")).done) == plan_of("G8|A8|]\n")


@given(tunes())
def test_a_plan_names_exactly_the_equal_bars_alike(text: str) -> None:
    done = remembered_bars(text).done
    plan = read_plan(done)
    assert plan is not None
    names: dict[str, str] = {}
    for (section, number, ending), found in done.items():
        planned = plan.at(section, number)
        if number < 0 or ending:
            continue
        assert planned is not None
        assert names.setdefault(found.text, planned.name) == planned.name
        if planned.kind is BarKind.COPY:
            assert planned.origin is not None
            assert done[*planned.origin, 0].text == found.text
        elif planned.origin is not None:
            like = likeness if planned.kind is BarKind.VARIATION else moved_likeness
            relatives = [one for one in done.values() if one.text != found.text]
            assert max(like(found, one) for one in relatives) >= 0.6
    assert len(set(names.values())) == len(names)


@given(tunes())
def test_the_plan_of_a_tune_is_read_from_its_own_text_again(text: str) -> None:
    plan = read_plan(remembered_bars(text).done)
    assert plan is not None
    assert parse_plan(plan.compact()) == plan
