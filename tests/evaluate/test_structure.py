import pytest

from abclm.evaluate.structure import repeats_match
from abclm.notation.check.strictness import has_exact_bars, has_strict_metre
from abclm.notation.tune.hearing import has_eight_bar_sections, section_bars
from abclm.notation.tune.music import Tune
from tests.evaluate.conftest import parse

HEADER = "T:t\nM:2/4\nL:1/8\nK:G\n"


def tune(body: str, header: str = HEADER) -> Tune:
    return parse(f"{header}{body}\n")


def test_three_tunes_by_hand(three: list[Tune]) -> None:
    # One: D and G3 stand at the repeat signs, where a bar may be short. Two: A2 stands between two
    # plain bar lines. Three: 4/8 four times in 2/4, then 6/8 in 3/4.
    assert [has_exact_bars(one) for one in three] == [True, False, True]
    # Two: the first section may be closed without having been opened. Three: |: and no :|.
    assert [repeats_match(one) for one in three] == [True, True, False]
    # One: 1/8 and 3/8 make 2/4. Three: its meter changes.
    assert [has_strict_metre(one) for one in three] == [True, False, False]
    # One: the pickup belongs to no bar of its own. Three: four bars, then one.
    assert [section_bars(one) for one in three] == [[8], [3], [4, 1]]
    assert [has_eight_bar_sections(one) for one in three] == [True, False, False]


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("d4|d4|]", True),
        ("d4|d2|d4|]", False),  # too short inside a section
        ("d4|d6|]", False),  # too long, also at the end
        ("d4|d2:|d4|d2||d4|]", True),  # short at a repeat and at a double bar
        ("|:d4|1d2:|2d4|]", True),  # short in an ending
    ],
)
def test_a_bar_is_exact_or_short_at_a_boundary(body: str, right: bool) -> None:
    assert has_exact_bars(tune(body)) is right


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("d|d4|d3|]", True),  # 1/8 + 3/8
        ("d|d4|d4|]", False),  # a pickup too much
        ("d4|d4|d2|]", False),  # a last bar too short
        ("d|d4|d3:|d|d4|d3|]", True),
        ("d|d4|d3:|d2|d4|d3|]", False),  # the second section has another pickup
        ("d4|[M:4/8]d4|]", False),  # as long, but another meter
        ("d4|[M:2/4]d4|]", True),  # said once more, not changed
    ],
)
def test_strict_metre(body: str, right: bool) -> None:
    assert has_strict_metre(tune(body)) is right


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("|:d4|d4:|:d4|d4:|", True),
        ("d4|d4:|d4|d4|]", True),  # the tune's start opens
        ("d4|d4:|d4|d4:|", False),  # nothing opens the second section
        ("d4|d4||d4|d4:|", False),  # nor here
        ("|:d4|d4||d4|d4:|", True),  # a double bar inside a repeat that was opened
        ("|:d4|d4|:d4|d4:|", False),  # opened twice
        ("|:d4|d4|]", False),  # never closed
        ("|:d4|1d4:|2d4|]", True),
        ("|:d4|1d4:|2d4:|", True),  # the second ending may close too
        ("|:d4|1d4:|2d4:|d4:|", False),  # but not what comes after it
        ("|:d4|1d4:|d4|]", False),  # a first ending alone
    ],
)
def test_repeats_open_and_close(body: str, right: bool) -> None:
    assert repeats_match(tune(body)) is right


@pytest.mark.parametrize("body", ["", "d4|d4|]"])
def test_nothing_is_right_in_a_tune_without_bars_or_without_meter(body: str) -> None:
    header = HEADER if not body else "T:t\nM:none\nL:1/8\nK:G\n"
    one = tune(body, header)
    assert not has_exact_bars(one)
    assert not has_strict_metre(one)
    assert repeats_match(one) is bool(body)
    assert not has_eight_bar_sections(one)
