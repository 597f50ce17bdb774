"""Characters, ids, and what is said about a character that is unknown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import InputError, UnknownCharacterError
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary


@given(st.text())
def test_decode_gives_back_what_was_encoded(text: str) -> None:
    vocabulary = Vocabulary.from_text([text])
    assert vocabulary.decode(vocabulary.encode(text)) == text


@given(st.text(), st.text())
def test_encode_knows_exactly_the_characters_not_listed_as_unknown(known: str, text: str) -> None:
    vocabulary = Vocabulary.from_text([known])
    missing = vocabulary.unknown(text)
    assert set(missing) == set(text) - set(known)
    if missing:
        with pytest.raises(UnknownCharacterError):
            vocabulary.encode(text)
    else:
        assert vocabulary.decode(vocabulary.encode(text)) == text


def test_ids_follow_the_sorted_characters_after_the_end_of_tune() -> None:
    vocabulary = Vocabulary.from_text(["ba", "|c"])
    assert vocabulary.characters == ("a", "b", "c", "|")
    assert vocabulary.size == 5
    ids = vocabulary.encode("ab|")
    assert ids.dtype == np.int32
    assert ids.tolist() == [1, 2, 4]
    assert END_OF_TUNE == 0


def test_decode_leaves_the_end_of_tune_out() -> None:
    assert Vocabulary(("a", "b")).decode([2, END_OF_TUNE, 1]) == "ba"


@pytest.mark.parametrize("bad", [[3], [-1]])
def test_decode_refuses_an_id_outside_the_vocabulary(bad: list[int]) -> None:
    with pytest.raises(InputError, match="ids go from 0 to 2"):
        Vocabulary(("a", "b")).decode(bad)


def test_an_unknown_character_is_named_with_its_line_and_column() -> None:
    vocabulary = Vocabulary.from_text(["abc|\n"])
    with pytest.raises(UnknownCharacterError) as caught:
        vocabulary.encode("abc|\nabé|")
    message = str(caught.value)
    assert message.startswith("line 2:3: ")
    assert "'é' (U+00E9 LATIN SMALL LETTER E WITH ACUTE)" in message
    assert "\n" not in message


def test_a_control_character_is_shown_escaped() -> None:
    with pytest.raises(UnknownCharacterError, match=r"line 1:1: .*'\\x07' \(U\+0007 no name\)"):
        Vocabulary.from_text(["a"]).encode("\aa")


@pytest.mark.parametrize("characters", [("b", "a"), ("a", "a"), ("ab",), ("",)])
def test_characters_must_be_single_sorted_and_different(characters: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        Vocabulary(characters)


def test_an_empty_vocabulary_knows_only_the_empty_text() -> None:
    assert Vocabulary(()).encode("").tolist() == []
    with pytest.raises(UnknownCharacterError):
        Vocabulary(()).encode("a")
