"""The cost of a close away from the tonic."""

import numpy as np
import pytest

from abclm.constraint.close import Close
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary
from abclm.notation.cursor.ensemble import Ensemble

VOCABULARY = Vocabulary.from_text(["ABCDEFGabcdefg^_=',-/|:;]\nz1234 MLVK[("])
COST = Close(3.0)


def costly(
    body: str, *, key: str = "G", voices: int = 2, last: bool = True, filling: str = ""
) -> str:
    """The characters that cost after ``body``, in normal form, and ``$`` for the end."""
    here = Ensemble()
    for character in f"M:4/4\nL:1/4\nV:{voices}\nK:{key}\n{body}":
        fed = here.feed(character)
        assert fed is not None, character
        here = fed[0]
    bias = COST.bias(here, VOCABULARY, last=last, filling=filling)
    if bias is None:
        return ""
    assert bias.shape == (VOCABULARY.size,)
    places = np.flatnonzero(bias)
    assert set(bias[places]) == {-3.0}
    end = "$" if bias[END_OF_TUNE] else ""
    return VOCABULARY.decode(places[places != END_OF_TUNE]) + end


@pytest.mark.parametrize(
    ("body", "key", "costs"),
    [
        ("G4", "G", ""),
        ("d4", "G", ""),
        ("B4", "G", ""),
        ("A4", "G", "]"),
        ("B2 c2", "G", "]"),
        # A piece in minor may end in major, but not one in major in minor.
        ("=B4", "Gm", ""),
        ("B4", "Gm", ""),
        ("_B4", "G", "]"),
        # The last note counts, not the rest after it.
        ("G3z", "G", ""),
        ("z4", "G", "]"),
    ],
)
def test_the_first_voice_seldom_ends_outside_the_triad(body: str, key: str, costs: str) -> None:
    assert costly(body, key=key, last=False) == costs


def test_a_piece_without_a_tonic_may_end_anywhere() -> None:
    assert costly("A4", key="none", last=False) == ""
    assert costly("A4]", key="none") == ""


def test_in_a_last_bar_that_is_forced_the_first_voice_has_notes_of_the_triad() -> None:
    assert costly("") == "ACEFacef"


def test_under_the_last_note_the_lowest_voice_has_the_tonic() -> None:
    assert set(costly("G4]")) == set("ABCDEFabcdef^_=")
    # Before it, it is free, unless its note sounds on.
    assert costly("A2G2]") == ""
    assert set(costly("A2G2]D,")) == set("34")
    assert costly("A2G2]G,") == ""
    assert set(costly("A2G2]D,2")) >= set("ABCDEFabcdef^_=")


def test_voices_between_have_the_triad_with_one_third() -> None:
    # _C is B.
    assert set(costly("G4]G,4|", voices=3)) == set("ACEFacef^=")
    # Over a minor third, the major third costs, so that "=" costs too.
    assert "=" in costly("B4]G,4|", voices=3, key="Gm")
    assert "=" not in costly("G4]G,4|", voices=3, key="Gm")
    assert set("Bb") <= set(costly("=B4]G,4|", voices=3, key="Gm"))


def test_nothing_costs_before_the_last_bar_in_ties_and_after_an_end_elsewhere() -> None:
    assert costly("G4]", last=False) == ""
    assert costly("G4-|D4-\nG4]") == ""
    assert costly("A4]") == ""


def test_a_note_that_fills_the_bar_before_the_last_one_begins_counts_as_the_last() -> None:
    assert set("ABG") & set(costly("A2AG]D,2", filling="ABG")) == set("AB")
    assert "3" in costly("A2AG]D,", filling="3")
    assert costly("A2AG]G,", filling="3") == ""


def test_a_piece_seldom_ends_after_another_chord() -> None:
    assert costly("G4:D4\n", last=False) == "$"
    assert costly("A4:G4\n", last=False) == "$"
    assert costly("G4:G4\n", last=False) == ""
