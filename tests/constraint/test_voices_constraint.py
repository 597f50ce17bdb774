"""Whatever is drawn, several voices are in metre, aligned, and as requested."""

from typing import Any

import numpy as np
import pytest

from abclm.constraint.header import Header
from abclm.constraint.masks import Masks
from abclm.constraint.pitch_range import parse_ranges
from abclm.constraint.prompt import Prompt
from abclm.constraint.voice_leading import VoiceLeading
from abclm.constraint.voices_constraint import GivenRow, VoicesConstraint
from abclm.constraint.voices_grammars import VoicesGrammars
from abclm.errors import InputError
from abclm.model.rows_text import read_rows
from abclm.model.text import Usual
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary
from abclm.notation.cursor.time import WHOLE

VOCABULARY = Vocabulary.from_text(["ABCDEFGabcdefgz^_=',-/|:;]\n [()1234567890MLVKmdor{}H#"])
GRAMMARS, MASKS = VoicesGrammars(VOCABULARY), Masks(VOCABULARY)
KNOWN = Usual(("C", "G", "Am"), (), (2, 3, 4))
HEADER = Header(meter="4/4", unit="1/4", key="G")
QUARTER = WHOLE // 4


def constraint(header: Header = HEADER, limit: int = 1000, **options: Any) -> VoicesConstraint:
    options = {"voices": 2, **options}
    return VoicesConstraint(Prompt(header), MASKS, GRAMMARS, KNOWN, limit, **options)


def allowed(here: VoicesConstraint) -> str:
    """The characters that may come, and ``$`` for the end of the piece."""
    mask = here.mask()
    assert mask is not None
    end = "$" if mask[END_OF_TUNE] else ""
    return VOCABULARY.decode(np.flatnonzero(mask)) + end


def spell(here: VoicesConstraint, text: str) -> str:
    """Draw the characters of ``text``, all of which must be allowed; return what is fed."""
    fed = here.opening
    for character in text:
        assert character in allowed(here), f"{character!r} after {fed!r}: {allowed(here)!r}"
        fed += here.accept(character)
    return fed


def walk(here: VoicesConstraint, seed: int) -> str:
    rng = np.random.default_rng(seed)
    text = here.opening
    for _ in range(20_000):
        mask = here.mask()
        assert mask is not None
        drawn = int(rng.choice(np.flatnonzero(mask)))
        if drawn == END_OF_TUNE:
            return text
        text += here.accept(VOCABULARY.characters[drawn - 1])
    raise AssertionError("the piece does not end")


def test_a_given_header_is_fed() -> None:
    assert constraint().opening == "M:4/4\nL:1/4\nV:2\nK:G\n"


def test_the_model_chooses_what_is_not_given() -> None:
    here = constraint(Header(), voices=None)
    assert here.opening == "M:"
    assert spell(here, "4/4\n1/8\n3\nA").endswith("V:3\nK:A")
    assert "m" in allowed(here)
    assert "#" not in allowed(here)


def test_only_numbers_of_voices_that_are_known_may_be_drawn() -> None:
    here = constraint(Header(meter="4/4", unit="1/4"), voices=None)
    assert here.opening.endswith("V:")
    assert allowed(here) == "234"


@pytest.mark.parametrize("voices", [0, 1, 7])
def test_impossible_numbers_of_voices_are_refused(voices: int) -> None:
    with pytest.raises(InputError, match="voices must be 2 to 6"):
        constraint(voices=voices)


def test_a_meter_that_cannot_be_filled_is_refused() -> None:
    with pytest.raises(InputError, match=r"M:none with L:1/4 no bar can be filled"):
        constraint(Header(meter="none", unit="1/4", key="G"))


def test_the_second_voice_fills_what_the_first_has_filled_and_ends_with_it() -> None:
    here = constraint()
    spell(here, "G2|")
    # A pickup of half a bar.
    spell(here, "D2")
    assert set(allowed(here)) == {"-", "\n"}
    spell(here, "\nGABc|D4")
    assert "\n" in allowed(here)
    assert not set("|:;]") & set(allowed(here))
    spell(here, "\nG2]")
    assert "4" not in allowed(_after(here, "D"))
    spell(here, "D2\n")


def _after(here: VoicesConstraint, text: str) -> VoicesConstraint:
    other = here.clone()
    spell_on(other, text)
    return other


def spell_on(here: VoicesConstraint, text: str) -> None:
    for character in text:
        here.accept(character)


def test_bar_lines_are_codes_of_one_character() -> None:
    here = constraint()
    spell(here, "|:G4|D4\nG4")
    assert set("|:") <= set(allowed(here))
    assert not set(";]") & set(allowed(here))
    spell(here, ":D4\nG4|D4\nG4")
    assert set("|;]") <= set(allowed(here))
    spell(here, "]D4\n")
    assert "$" in allowed(here)


def test_towards_its_end_a_piece_has_only_bar_lines_that_end_it() -> None:
    here = constraint(given=[row("G4", "D4")] * 20, limit=350)
    spell(here, "G4")
    assert allowed(here) == "]"


def test_after_a_first_ending_only_the_second_may_come() -> None:
    here = constraint()
    spell(here, "|:G4|D4\nG4|D4\n1A4:D4\n")
    assert allowed(here) == "2"
    spell(here, "2G4]D4\n")
    assert "$" in allowed(here)


def test_a_change_of_key_is_no_chord() -> None:
    here = constraint()
    spell(here, "[")
    assert "K" not in allowed(here)


def test_no_bar_line_may_follow_a_tie_at_the_end_of_a_section() -> None:
    here = constraint()
    spell(here, "G4|D4\nG4-")
    assert not set(";]") & set(allowed(here))


def test_what_a_tie_leads_to_is_the_same_note() -> None:
    here = constraint()
    spell(here, "G4-|D4\n")
    assert set(allowed(here)) & set("ABCDEFGabcdefgz") == {"G"}


def row(*cells: str | None, opening: str = "", closing: str = "|", beats: int = 4) -> GivenRow:
    return GivenRow(opening, cells, closing, beats * QUARTER)


def test_given_rows_are_fed_before_the_first_character() -> None:
    here = constraint(given=[row("G4", "D4", opening="|:"), row("A4", "D4")])
    assert here.opening == "M:4/4\nL:1/4\nV:2\nK:G\n|:G4|D4\nA4|D4\n"
    assert "$" not in allowed(here)
    spell(here, "G4:D4\n")


def test_a_given_voice_is_fed_and_the_others_are_written() -> None:
    rows = [row("G4", None, opening="|:"), row("A3", None, closing=":|", beats=3)]
    here = constraint(given=rows, ends=True)
    assert here.opening.endswith("\n|:G4|")
    assert spell(here, "D4\n").endswith("D4\nA3:")
    assert spell(here, "D3\n").endswith("D3\n")
    assert here.is_terminated
    assert here.is_committed
    assert allowed(here) == "$"


def test_a_first_voice_can_be_missing_too() -> None:
    here = constraint(given=[row(None, "D4"), row("G4", "D4", closing="|]")], ends=True)
    assert here.opening.endswith("K:G\n")
    spell(here, "GAB")
    assert "2" not in allowed(_after(here, "c"))
    assert spell(here, "c|").endswith("c|D4\nG4]D4\n")
    assert here.is_terminated


def test_no_tie_leads_into_a_bar_that_is_given() -> None:
    rows = [row("G4", None), row("G4", "D4"), row("G4", None), row("G4", None, closing="|]")]
    here = constraint(given=rows, ends=True)
    spell(here, "D4")
    assert "-" not in allowed(here)
    spell(here, "\nD4")
    assert "-" in allowed(here)


def test_going_back_to_the_start_of_a_bar() -> None:
    here = constraint()
    possible = [here.can_roll_back]
    spell(here, "G4|")
    possible.append(here.can_roll_back)
    saved, before = here.snapshot(), allowed(here)
    spell(here, "D2")
    possible.append(here.can_roll_back)
    assert possible == [True, True, False]
    here.rollback(saved)
    assert allowed(here) == before
    spell(here, "D4\n")


def test_ranges_are_those_of_the_score_as_it_sounds() -> None:
    # In C, a fourth higher than the music is read: C4 to C5 sounds, G3 to G4 is read.
    here = constraint(Header(meter="4/4", unit="1/4", key="C"), ranges=parse_ranges("C4-C5,C3-C4"))
    letters = set("ABCDEFGabcdefg")
    spell(here, "G")
    assert "'" not in allowed(here)
    assert letters & set(allowed(_after(here, "3|"))) <= letters
    for seed in range(6):
        text = walk(
            constraint(
                Header(meter="4/4", unit="1/4", key="G"), ranges=parse_ranges("G4-G5,G3-G4")
            ),
            seed,
        )
        cells = [cell for found in read_rows(text)[1] for cell in found.cells[:1]]
        assert not any("," in cell for cell in cells)


def test_parallels_cost_only_if_that_is_asked() -> None:
    assert constraint().bias() is None
    here = constraint(parallels=VoiceLeading(3.0, crossings=0.0))
    spell(here, "d2e2|")
    assert here.bias() is None
    spell(here, "G,2")
    bias = here.bias()
    assert bias is not None
    assert set(bias.tolist()) == {0.0, -3.0}


@pytest.mark.parametrize("limit", [400, 800, 1600])
@pytest.mark.parametrize("meter", ["4/4", "6/8", "3/2"])
def test_every_walk_ends_within_the_limit(limit: int, meter: str) -> None:
    for seed in range(3):
        header = Header(meter=meter, unit="1/8", key="G")
        text = walk(constraint(header, limit, voices=2 + seed), seed)
        assert len(text) <= limit
        assert text.endswith("\n")


def test_a_piece_begun_late_is_ended_by_long_notes() -> None:
    rows = [row("GABc", "DEFG")] * 20
    here = constraint(given=rows, limit=280)
    spell(here, "G")
    # There is room for nothing shorter than the whole bar.
    assert allowed(here) == "4"
    spell(here, "4")
    assert set(allowed(here)) <= set("|;]")
