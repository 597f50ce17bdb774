"""Tunes in other keys."""

import pytest

from abclm.corpus.transpositions import versions

HEAD = "T:t\nM:4/4\nL:1/8\nK:{}\n"
IN_G, IN_D, IN_A = "GABc d^cBA|G8|]\n", "DEFG A^GFE|D8|]\n", "ABcd e^dcB|A8|]\n"


def text(key: str, body: str = IN_G) -> str:
    return HEAD.format(key) + body


G, D, HIGH = text("G"), text("D", IN_D), text("D", "defg a^gfe|d8|]\n")


def keys(found: tuple) -> list[str]:
    return [version.text.partition("K:")[2].partition("\n")[0] for version in found]


def test_a_tune_comes_in_the_usual_keys_of_its_mode() -> None:
    found = versions([G, G, D, text("Am", IN_A), text("Gm", IN_G), text("Ador", IN_A)])
    assert [keys(each) for each in found] == [
        ["G", "D"],
        ["G", "D"],
        ["D", "G"],
        ["Am", "Gm"],
        ["Gm", "Am"],
        ["Ador"],
    ]
    assert [version.text for version in found[0]] == [G, D]


def test_weights_are_those_of_the_keys() -> None:
    (first, *_) = versions([G] * 3 + [D])
    assert [version.weight for version in first] == [0.75, 0.25]


def test_a_key_that_hardly_occurs_is_left_out() -> None:
    (first, *_) = versions([G] * 150 + [D] * 50 + [text("F#")])
    assert keys(first) == ["G", "D"]


def test_a_version_lies_where_tunes_in_that_key_lie() -> None:
    assert versions([G, HIGH])[0][1].text == HIGH
    # Neither octave is near to where the only tune in G lies: it stays in D.
    between = text("G", "cdef gfed|c8|]\n")
    assert keys(versions([D, between])[0]) == ["D"]


def test_a_version_stays_on_the_fiddle() -> None:
    low = text("G", "G,A,B,D GBdf|G8|]\n")
    assert keys(versions([low, HIGH])[0]) == ["G", "D"]
    # A fourth below the open G string no fiddle goes, nor a fifth above the highest c.
    wide = text("G", "G,A,B,D Gbc'g|G8|]\n")
    assert keys(versions([wide, HIGH])[0]) == ["G"]


@pytest.mark.parametrize("key", ["none", "HP", "G exp ^c"])
def test_a_tune_without_a_usual_key_stays_as_it_is(key: str) -> None:
    assert [len(each) for each in versions([text(key), G, D])] == [1, 2, 2]


def test_a_change_of_key_moves_along() -> None:
    (first, *_) = versions([text("G", "GABc d2[K:D]e2|d8|]\n"), text("D", "DEFG A4|A8|]\n")])
    assert "[K:A]" in first[1].text
