import numpy as np
import pytest

from abclm.constraint.voice_leading import VoiceLeading
from abclm.model.vocabulary import Vocabulary
from abclm.notation.cursor.ensemble import Ensemble

VOCABULARY = Vocabulary.from_text(["ABCDEFGabcdefg^_=',-/|:;]\nz1234 MLVK[("])
COST = VoiceLeading(4.0, crossings=0.0)


def costly(body: str, key: str = "G", voices: int = 2, costs: VoiceLeading = COST) -> str:
    """The letters that cost after ``body``, in normal form."""
    here = Ensemble()
    for character in f"M:4/4\nL:1/4\nV:{voices}\nK:{key}\n{body}":
        fed = here.feed(character)
        assert fed is not None
        here = fed[0]
    bias = costs.bias(here, VOCABULARY)
    if bias is None:
        return ""
    assert bias.shape == (VOCABULARY.size,)
    places = np.flatnonzero(bias)
    assert set(bias[places]) == {-costs.parallels}
    return VOCABULARY.decode(places)


@pytest.mark.parametrize(
    ("body", "letters"),
    [
        # d over G goes to e: after a fifth A would be a parallel, in every octave.
        ("d2e2|G,2", "Aa"),
        ("g2a2|G,2", "Aa"),
        ("B2c2|G,2", ""),
        # From one bar to the next.
        ("d4|G,4\ne4|", "Aa"),
        # The upper voice repeats its note, rests, or holds a tie.
        ("d2d2|G,2", ""),
        ("d2z2|G,2", ""),
        ("d2d-d|G,3", ""),
        # The lower one moves while the upper is held, or begins.
        ("d4|G,2", ""),
        ("d2e2|", ""),
        # The first voice is free; so is the note in which a tie ends.
        ("d2", ""),
        ("d2e2|G,2-", ""),
        # F is sharp in G: from c over F sharp (a diminished fifth) nothing is parallel.
        ("c2d2|F2", ""),
        ("c2d2|=F2", "Gg"),
    ],
)
def test_letters_that_would_make_parallels(body: str, letters: str) -> None:
    assert costly(body) == letters


def test_an_accidental_moves_the_letter_that_costs() -> None:
    # e flat over A flat: written after "_", A costs; without it only a letter of that pitch.
    assert costly("d2_e2|G,2") == ""
    assert costly("d2_e2|G,2_") == "Aa"


def test_every_voice_already_written_counts() -> None:
    # Soprano d e, bass G, C: the alto on G would make fifths with the soprano at A.
    assert costly("d2e2|B,2C2|G2", voices=3) == "Aa"
    assert "C" in costly("d2e2|B,2C2|B,2", voices=3)


def test_nothing_costs_in_the_header_in_chords_and_without_letters() -> None:
    assert COST.bias(Ensemble(), VOCABULARY) is None
    assert costly("d2e2|G,2[") == ""
    few = Vocabulary.from_text(["MLVK:4/\n2G,|de1"])
    here = Ensemble()
    for character in "M:4/4\nL:1/4\nV:2\nK:G\nd2e2|G,2":
        fed = here.feed(character)
        assert fed is not None
        here = fed[0]
    assert COST.bias(here, few) is None


CROSSING = VoiceLeading(0.0, crossings=3.0)


def crossing(body: str) -> str:
    """The characters that cost after ``body`` because they lead across another voice."""
    here = Ensemble()
    for character in f"M:4/4\nL:1/4\nV:3\nK:G\n{body}":
        fed = here.feed(character)
        assert fed is not None
        here = fed[0]
    bias = CROSSING.bias(here, VOCABULARY)
    return "" if bias is None else VOCABULARY.decode(np.flatnonzero(bias))


def test_letters_without_an_octave_between_the_voices_cost() -> None:
    # Between B and G: A, and B and G themselves, are there in one octave; c is above at any mark.
    assert crossing("B4|G4|") == "CDEFabcdefg"


def test_the_octave_mark_that_is_missing_is_asked_for() -> None:
    assert "," not in crossing("G4|G,,4|B")
    assert "4" in crossing("G4|G,,4|B")


def test_an_octave_mark_that_leads_out_costs() -> None:
    assert "," in crossing("B4|G4|A")
    assert "4" not in crossing("B4|G4|A")


def test_without_a_voice_on_a_side_it_is_open() -> None:
    assert set(crossing("B4|")) == set("abcdefg")
