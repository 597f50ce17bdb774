"""The features of a phrase besides its notes: shape, motifs, position in the form."""

import pytest

from abclm.compose.phrase_features import misses_end, phrase_features, phrases, plan_features
from abclm.compose.phrase_notes import Heading
from abclm.notation.cursor.bar_memory import PICKUP
from abclm.notation.cursor.plan import Plan, parse_plan
from abclm.notation.cursor.plan_reader import remembered_bars

HEAD = "M:4/4\nL:1/8\nK:G\n"
HEADING = Heading.of(HEAD)


def features(music: str, which: int = -1, plan: str = "") -> set[str]:
    """The features of one phrase of a tune, by default of the last one."""
    done = remembered_bars(HEAD + music).done
    found = phrases(done)[which]
    return phrase_features(done, found, parse_plan(plan) if plan else Plan(), HEADING)


def starting(name: str, found: set[str]) -> set[str]:
    """The words of one kind, without the number of their copies."""
    return {word.partition(" #")[0] for word in found if word.startswith(f"{name} ")}


def test_a_phrase_is_four_bars_with_its_pickup_and_second_ending() -> None:
    music = "|:D2|G8|A8|B8|c8|d8|1e6:|2f6||\ng8|"
    done = remembered_bars(HEAD + music).done
    assert phrases(done) == [
        ((0, PICKUP, 0), (0, 0, 0), (0, 1, 0), (0, 2, 0), (0, 3, 0)),
        ((0, 4, 0), (0, 5, 0), (0, 5, 1)),
        ((1, 0, 0),),
    ]


@pytest.mark.parametrize(
    ("second", "level"),
    [("GABc dedB", 8), ("ABcd efec", 8), ("ABcd gagd", 4), ("B2g2 C2d2", 2)],
)
def test_the_shape_of_a_bar_is_compared_with_the_one_before(second: str, level: int) -> None:
    assert starting("k1", features(f"GABc dedB|{second}|")) == {f"k1 1 {level}"}


@pytest.mark.parametrize(
    ("second", "same", "moved"),
    [("GABc dedB", 5, 0), ("cdef gage", 0, 5), ("g2B4 D2", 0, 0)],
)
def test_motifs_are_heard_again_where_they_were_or_elsewhere(
    second: str, same: int, moved: int
) -> None:
    """Of the eight motifs that end in the last bar, five lie in it; levels are eighths."""
    found = features(f"GABc dedB|A8|B8|c8|{second}|")
    count = 8 if len(second) > 8 else 3
    assert starting("ms", found) == {f"ms {8 * same // count} 1"}
    assert starting("mm", found) == {f"mm {8 * moved // count} 1"}


def test_motifs_of_a_first_phrase_are_known_as_such() -> None:
    assert all(word.endswith(" 0") for word in starting("ma", features("GABc dedB|")))
    assert all(word.endswith(" 1") for word in starting("ma", features("G8|A8|B8|c8|GABc d4|")))


FIRST = "GABc dedB|A8|B8|c8|"


@pytest.mark.parametrize(
    ("second", "pitches", "leaps"),
    [("GABc dedB|A8", 0, 0), ("GABc dedB|g8", 1, 1), ("g2a2 b2g2|C8", 4, 1)],
)
def test_what_is_new_in_a_phrase_is_counted(second: str, pitches: int, leaps: int) -> None:
    found = features(f"{FIRST}{second}|")
    assert starting("np", found) == {f"np {pitches} True"}
    assert starting("nl", found) == {f"nl {leaps}"}


def test_moves_are_known_by_the_degree_they_start_on() -> None:
    assert starting("nm", features(f"{FIRST}GABc dedB|")) == {"nm 8"}
    assert starting("nm", features(f"{FIRST}cdef gage|")) == {"nm 3"}
    assert not starting("nm", features("GABc dedB|"))


def test_a_phrase_stands_above_the_first_section() -> None:
    found = features("G8|A8|G8|G8||\ng8|a8|g8|g8|")
    assert starting("ha", found) == {"ha 7 1 0"}
    assert starting("ht", found) == {"ht 7 1 0"}
    assert not starting("ha", features("G8|A8|"))


@pytest.mark.parametrize(
    ("music", "plan", "missed"),
    [
        ("G8|A8|B8|G8||", "abca1", False),
        ("G8|A8|B8|A8||", "abcb1", True),
        ("G8|A8|B8|A8||", "abcb2", False),
        ("G8|A8|B8|A8||", "abcb", False),
        # The section continues.
        ("G8|A8|B8|A8|", "abcbd1", False),
        # More sections than are planned.
        ("G8||A8||", "a1", False),
        ("G8|A8|B8|z8||", "abcd1", True),
    ],
)
def test_an_end_on_another_degree_than_planned_is_missed(
    music: str, plan: str, missed: bool
) -> None:
    done = remembered_bars(HEAD + music).done
    assert misses_end(done, phrases(done)[-1], parse_plan(plan)) == missed


def test_the_plan_is_judged_alone_and_with_the_first_phrase() -> None:
    plan = "abac1/efec1"
    of_plan = plan_features(parse_plan(plan))
    music = "G8|A8|G8|G8||\nB8|c8|B8|G8||\n"
    assert of_plan <= features(music, 0, plan)
    assert not of_plan & features(music, 1, plan)


def test_features_are_the_same_for_the_same_phrase_whatever_comes_after() -> None:
    start = "GABc dedB|A8|B8|G8|"
    assert features(start, 0) == features(f"{start}c8|d8|e8|f8|", 0)
