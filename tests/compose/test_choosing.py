"""The better tune comes first, and the reasons say why."""

import re

from abclm.compose.choosing import best_first, judge
from abclm.compose.generation import GeneratedTune

HEADER = "T:a\nM:2/4\nL:1/8\nK:G\n"
GOOD = HEADER + "|:GABc|d2B2|cBAG|F2D2|GABc|d2B2|cAFA|G4:|\n"
NO_CADENCE = GOOD.replace("G4:|", "A4:|")
DULL = HEADER + "|:" + "GGGG|" * 7 + "G4:|\n"


def tune(text, bits=None, forced=0):
    if bits is None:
        bits = 2 * len(re.findall("[A-Ga-g]", text.partition("K:G\n")[2]))
    return GeneratedTune(text, 1, 0, True, -bits, len(text), forced)


def test_all_that_speaks_for_a_tune_is_counted():
    found = judge(tune(GOOD, bits=46.0))
    assert found.bits_per_note == 46 / 23
    assert (found.cadence, found.eight_bars, found.forced) == (1.0, True, 0)
    assert found.variety == 6 / 8
    assert str(found) == (
        "2.00 bits per note, 100 % of sections end on the tonic, eight-bar sections, "
        "75 % distinct bars"
    )


def test_a_pickup_and_its_debt_are_one_bar_and_endings_count_once():
    with_pickup = HEADER + "|:D|GABc|d2B2|cBAG|F2D2|GABc|d2B2|cAFA|G3:|\n"
    assert judge(tune(with_pickup)).eight_bars
    with_endings = HEADER + "|:GABc|d2B2|cBAG|F2D2|GABc|d2B2|cAFA|1G4:|2G2G2|]\n"
    assert judge(tune(with_endings)).eight_bars
    assert not judge(tune(HEADER + "GABc|d2B2|cBAG|G4|]\n")).eight_bars


def test_the_best_comes_first():
    ranked = best_first([tune(DULL), tune(NO_CADENCE), tune(GOOD), tune(GOOD, forced=9)])
    assert [one.text for one, _ in ranked] == [GOOD, DULL, GOOD, NO_CADENCE]
    assert ranked[0][0].forced == 0
