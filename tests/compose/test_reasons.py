"""What a musician hears in a tune is said in a musician's words, and changes its score."""

import pytest

from abclm.compose.reasons import Reasons

HEADER = "M:2/4\nL:1/8\nK:D\n"
A = "|:DEFG|A2F2|GFED|C4|DEFG|A2F2|GFEC|D4:|\n"
B = "|:dcBA|B2A2|dcBA|F4|dcBA|B2A2|GFEC|D4:|\n"


def words(text: str) -> list[str]:
    return list(Reasons.of(text).words())


def test_all_that_is_heard_is_told() -> None:
    assert words(HEADER + A + B) == ["ends on D", "bars 5-6 answer bars 1-2", "its parts rhyme"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("GFEC|D4:|\n|:", "GFEC|E4:|\n|:", "its parts end on different notes"),
        ("GFEC|D4:|\n", "GFEC|^D4:|\n", "does not end on D"),
        ("K:D\n", "K:Em\n", "does not end on E"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, told: str) -> None:
    assert told in words((HEADER + A + B).replace(old, new))


def test_the_tonic_has_the_name_of_the_key() -> None:
    text = "M:2/4\nL:1/8\nK:Bbm\nBcde|B4|]\n"
    assert words(text) == ["ends on Bb"]


@pytest.mark.parametrize("text", ["", "T:a\n", HEADER, HEADER + "z4|]\n", "K:none\nABc|]\n"])
def test_of_nothing_nothing_is_told(text: str) -> None:
    assert Reasons.of(text) == Reasons()
    assert (words(text), Reasons.of(text).score) == ([], 0)


def test_a_reference_number_makes_no_difference() -> None:
    assert Reasons.of("X:7\n" + HEADER + A) == Reasons.of(HEADER + A)


@pytest.mark.parametrize(
    "worse",
    [
        Reasons("D", False, True, 0.6, 0.6),
        Reasons("D", True, False, 0.6, 0.6),
        Reasons("D", True, True, 0.1, 0.6),
        Reasons("D", True, True, 0.6, 0.1),
        Reasons("D", True, True, None, 0.6),
    ],
)
def test_each_reason_counts(worse: Reasons) -> None:
    assert worse.score < Reasons("D", True, True, 0.6, 0.6).score


def test_more_alike_than_real_tunes_are_is_no_better() -> None:
    assert Reasons(answer=1.0, rhyme=1.0).score == Reasons(answer=0.7, rhyme=0.7).score
    assert Reasons(answer=0.7).score > Reasons(answer=0.5).score
