import pytest

from abclm.evaluate.rows import REFERENCES, Row, all_features, copying, measure, parse_text
from abclm.notation.tune.music import Tune
from abclm.originality.comparison import Figures
from abclm.originality.index import build_index
from tests.evaluate.conftest import THREE, TUNES

LEARNT = "X:1\nT:learnt\nM:2/4\nL:1/8\nK:D\nD4|E4|D4|]\n"


def test_shares_of_three_tunes_by_hand() -> None:
    # See test_structure: exact are One and Three, repeats match in One and Two, and One alone is
    # right in the rest. `validate` minds what is not exact and what is not closed.
    row = measure("three", "model", TUNES, ended=1 / 3)
    assert row == Row(
        "three", "model", 3, exact_bars=2 / 3, repeats=2 / 3, strict_metre=1 / 3,
        eight_bar_sections=1 / 3, valid=1 / 3, ended=1 / 3,
    )  # fmt: skip


def test_copying_of_three_tunes_by_hand(three: list[Tune]) -> None:
    # A bar is its durations, its intervals and how it is approached. The learnt tune has a half
    # note after nothing, after 2 semitones up and after 2 down. One has full bars of a half note
    # after +5, +2, -4 and -2: two of four are there. Two has A B c, a dotted half after +7.
    # Three has half notes after nothing, +4 and -7, a quarter with a rest, a dotted half: one.
    index = build_index(("learnt", ""), [LEARNT])
    assert [index.judge(tune).share for tune in three] == [0.5, 0, 0.2]
    # Of 0, 0.2 and 0.5 the median is 0.2; 95 of 100 lie nine tenths of the way from 0.2 to 0.5.
    found = copying(three, index)
    assert (found.median, found.half) == pytest.approx((0.2, 1 / 3))
    assert found.p95 == pytest.approx(0.2 + 0.9 * 0.3)


def test_a_tune_without_a_whole_bar_copies_nothing_and_does_not_count(three: list[Tune]) -> None:
    index = build_index(("learnt", ""), [LEARNT])
    empty = parse_text("T:t\nM:4/4\nL:1/8\nK:G\nG|\n")
    assert copying([*three, empty], index) == copying(three, index)


def test_what_follows_a_blank_line_is_another_tune_and_not_valid() -> None:
    text = "T:t\nM:2/4\nL:1/8\nK:G\nG4|]\n"
    assert parse_text(f"{text}\nT:u\nK:G\nd9|]\n").events[-1].token.text == "G4"
    row = measure("two in one", "model", [text, f"{text}\nT:u\nK:G\nd9|]\n"])
    assert row.valid == 0.5


def test_an_empty_text_is_right_in_nothing() -> None:
    row = measure("empty", "model", ["", "\n"], real=all_features([parse_text(TUNES[0])]))
    assert (row.exact_bars, row.repeats, row.strict_metre, row.valid) == (0, 0, 0, 0)
    assert row.likeness is None


def test_json_has_figures_of_four_digits_and_null_for_what_is_not_known() -> None:
    row = measure("r", "model", [THREE, TUNES[0]], real=all_features(map(parse_text, TUNES)))
    table = row.as_dict()
    assert (table["exact_bars"], table["copying"]) == (1, None)
    assert set(table["likeness"]) == {
        "mean", "pitch_count", "pitch_range", "interval", "pitch_classes", "note_lengths",
    }  # fmt: skip
    assert Row("r", "human", copying=Figures(1 / 3, 0.5, 0)).as_dict()["copying"] == {
        "median": 0.3333, "p95": 0.5, "half": 0,
    }  # fmt: skip


def test_the_known_figures_are_those_of_the_design() -> None:
    known = {row.name: row for row in REFERENCES}
    real, folk_rnn, large, undropped = REFERENCES
    assert all(row.tunes is None and row.kind == "reference" for row in known.values())
    assert (real.exact_bars, real.repeats, real.strict_metre) == (0.996, 1, 0.929)
    assert (folk_rnn.exact_bars, folk_rnn.repeats, folk_rnn.strict_metre) == (0.953, 0.984, 0.781)
    assert (large.exact_bars, large.repeats, large.strict_metre) == (0.926, 0.905, 0.815)
    assert real.copying == Figures(0.08, 0.2, 0.008)
    assert undropped.copying == Figures(0.14, 0.71, 0.118)
