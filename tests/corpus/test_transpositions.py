"""Tunes in other keys."""

import pytest

from abclm.corpus.transpositions import versions

HEAD = "T:t\nM:4/4\nL:1/8\nK:{}\n"


def text(key: str, body: str = "GABc d^cBA|G8|]\n") -> str:
    return HEAD.format(key) + body


def keys(found: tuple) -> list[str]:
    return [version.text.partition("K:")[2].partition("\n")[0] for version in found]


def test_a_tune_comes_in_the_usual_keys_of_its_mode() -> None:
    found = versions([text("G"), text("G"), text("D"), text("Am"), text("Em"), text("Ador")])
    assert [keys(each) for each in found] == [
        ["G", "D"],
        ["G", "D"],
        ["D", "G"],
        ["Am", "Em"],
        ["Em", "Am"],
        ["Ador"],
    ]
    assert found[0][0].text == text("G")
    assert found[0][1].text == text("D", "DEFG A^GFE|D8|]\n")


def test_weights_are_those_of_the_keys() -> None:
    (first, *_) = versions([text("G")] * 3 + [text("D")])
    assert [version.weight for version in first] == [0.75, 0.25]


def test_a_key_that_hardly_occurs_is_left_out() -> None:
    (first, *_) = versions([text("G")] * 150 + [text("D")] * 50 + [text("F#")])
    assert keys(first) == ["G", "D"]


def test_a_version_stays_on_the_fiddle() -> None:
    low, high = text("G", "G,A,B,D G2G2|G,8|]\n"), text("D", "d'c'bd' d2d2|d'8|]\n")
    found = versions([low, high, text("D"), text("G")])
    # Down a fourth is below the open G string, up a fifth is not.
    assert found[0][1].text.endswith("\nDEFA d2d2|D8|]\n")
    # The tune itself may be as high as it is; its version is the one that can be played.
    assert found[1][0].text == high
    assert keys(found[1]) == ["D", "G"]
    assert found[1][1].text.endswith("gfeg G2G2|g8|]\n")


@pytest.mark.parametrize("key", ["none", "HP", "G exp ^c"])
def test_a_tune_without_a_usual_key_stays_as_it_is(key: str) -> None:
    tune = text(key)
    assert [len(each) for each in versions([tune, text("G"), text("D")])] == [1, 2, 2]


def test_a_change_of_key_moves_along() -> None:
    body = "GABc d2[K:D]e2|d8|]\n"
    (first, *_) = versions([text("G", body), text("D")])
    assert "[K:A]" in first[1].text
