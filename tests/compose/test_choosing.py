"""The better tune comes first, and the reasons say why."""

import re

import pytest

from abclm.compose.choosing import Judgement, best_first, judge
from abclm.compose.generation import GeneratedTune
from abclm.compose.reasons import Reasons
from abclm.originality.comparison import Originality, Run, Verdict

HEADER = "T:a\nM:2/4\nL:1/8\nK:G\n"
GOOD = HEADER + "|:GABc|d2B2|cBAG|F2D2|GABc|d2B2|cAFA|G4:|\n"
NO_CADENCE = GOOD.replace("G4:|", "A4:|")
NO_ANSWER = GOOD.replace("GABc|d2B2|cAFA", "fefg|agfe|dcAF")


def tune(text: str, bits: float | None = None, forced: int = 0) -> GeneratedTune:
    if bits is None:
        bits = 2 * len(re.findall("[A-Ga-g]", text.partition("K:G\n")[2]))
    return GeneratedTune(text, 1, 0, True, -bits, len(text), forced)


def test_all_that_speaks_for_a_tune_is_told() -> None:
    found = judge(tune(GOOD, bits=46.0))
    assert found.bits_per_note == 46 / 23
    assert found.reasons.final
    assert found.forced == 0
    assert str(found) == "ends on G, bars 5-6 answer bars 1-2, 2.00 bits per note"
    assert str(judge(tune(NO_CADENCE, forced=2))).endswith(", 2.00 bits per note, 2 forced")


def judgement(share: float, verdict: Verdict, forced: int = 0, bits: float = 2.0) -> Judgement:
    return Judgement(Reasons(), bits, Originality(share, "a", 1, 2, Run(), verdict), forced)


def test_copying_weighs_as_much_as_its_share_and_a_whole_tune_more() -> None:
    own = judgement(0.0, Verdict.USUAL).score
    assert judgement(0.4, Verdict.UNUSUAL).score == pytest.approx(own - 0.4)
    assert judgement(0.5, Verdict.SAME).score == pytest.approx(own - 1.5)


def test_each_forced_character_and_each_bit_counts_against_a_tune() -> None:
    plain = judgement(0.0, Verdict.USUAL).score
    assert judgement(0.0, Verdict.USUAL, forced=2).score == pytest.approx(plain - 0.1)
    assert judgement(0.0, Verdict.USUAL, bits=3.0).score == pytest.approx(plain - 0.1)


def test_the_best_comes_first() -> None:
    tunes = [tune(NO_ANSWER), tune(NO_CADENCE), tune(GOOD, forced=9), tune(GOOD, bits=69.0)]
    ranked = best_first([*tunes, tune(GOOD)])
    assert [one.text for one, _ in ranked] == [GOOD, GOOD, NO_ANSWER, GOOD, NO_CADENCE]
    assert [why.bits_per_note for _, why in ranked] == [2, 3, 2, 2, 2]
    assert [why.forced for _, why in ranked] == [0, 0, 0, 9, 0]
