from typing import Any

import pytest

from abclm.evaluate.musical import MusicFigures, Standard, lines_of, measure_music
from abclm.notation.tune.music import Tune
from tests.evaluate.conftest import parse
from tests.evaluate.music import line_of

HEADER = "T:t\nM:2/4\nL:1/8\nK:G\n"
EIGHT = "GABc|d2B2|cBAG|F2A2|GABc|d2B2|cBAF|G4"


def tunes(*bodies: str) -> list[Tune]:
    return [parse(f"{HEADER}{body}|]\n") for body in bodies]


def test_figures_are_means_over_the_tunes_that_have_them() -> None:
    lines = lines_of(tunes(f"{EIGHT}:|{EIGHT}", "F2c2|=c2d2"))
    found = measure_music(lines, Standard(lines[:1]))
    # The second tune has one section of two bars: it counts in the last four alone.
    distinct: Any = pytest.approx((6 / 16 + 1) / 2)
    assert found == MusicFigures(
        final_tonic=0.5,
        endings_agree=1,
        bar_5_is_bar_1=1,
        question_and_answer=1,
        rhyme=1,
        distinct_bars=distinct,
        cadence=0.5,
        key_by_quarter=None,
        tritones=0.5,
        needless_accidentals=0.5,
    )


def test_the_forty_commonest_cadences_are_the_standard() -> None:
    degrees = "GABcdefg"
    bodies = [f"{degrees[n % 7]}{degrees[n // 7]}BG" for n in range(41)]
    standard = Standard(lines_of(tunes(*bodies[1:], *bodies[1:], bodies[0])))
    assert standard.cadence(line_of(tunes(bodies[1])[0])) == 1
    # The forty-first, which only one tune has, is not among them.
    assert standard.cadence(line_of(tunes(bodies[0])[0])) == 0
    # And three notes are no cadence of four.
    assert Standard(lines_of(tunes("GAB"))).cadence(line_of(tunes("GAB")[0])) == 0


def test_the_key_by_quarter_is_a_mean_for_each_quarter() -> None:
    real = lines_of(tunes(*["G2AB|c2d2|e2f2|g2G2"] * 10))
    found = measure_music(real, Standard(real)).key_by_quarter
    assert found is not None
    assert len(found) == 4
    assert set(found) <= {0, 1}


def test_no_tune_has_no_figures() -> None:
    assert measure_music([], Standard([])) == MusicFigures()
    assert lines_of([parse("T:t\nK:none\nGABc|]\n")]) == []


def test_json_has_four_digits_and_null_for_what_is_not_known() -> None:
    table = MusicFigures(final_tonic=1 / 3, key_by_quarter=(1 / 3, 1, 0, 0.5)).as_dict()
    assert (table["final_tonic"], table["rhyme"]) == (0.3333, None)
    assert table["key_by_quarter"] == [0.3333, 1, 0, 0.5]
