import gc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.check import rules
from abclm.notation.check.validate import examine, validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars

TUNES = Path(__file__).parents[2] / "tunes"
VALID = sorted(TUNES.glob("valid/*.abc"))
BROKEN = sorted(TUNES.glob("broken/*.abc"))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_right_tune_has_no_problem(path: Path) -> None:
    assert validate(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_one_mistake_is_one_problem_in_its_place(path: Path) -> None:
    """The file's first line says ``%expect line:column rule``."""
    text = path.read_text(encoding="utf-8")
    expected = text.partition("\n")[0].removeprefix("%expect ")
    assert [f"{p.line}:{p.column} {p.rule}" for p in validate(text)] == [expected]


def test_every_rule_has_a_tune_that_breaks_it() -> None:
    texts = [path.read_text(encoding="utf-8") for path in BROKEN]
    tunes = [parsed.tune for text in texts for parsed in parse_tunebook(text)]
    for tune_rule in rules.TUNE_RULES:
        assert any(list(tune_rule(tune)) for tune in tunes), tune_rule.__name__
    for rule in (*rules.VOICE_RULES, *rules.USUAL_RULES):
        assert any(list(rule(tune, bars(tune))) for tune in tunes), rule.__name__


def test_a_tune_that_has_been_examined_waits_for_no_collector() -> None:
    """References in a circle would keep each tune of a book until the next round of it."""
    texts = [path.read_text(encoding="utf-8") for path in VALID]
    _ = [validate(text) for text in texts]  # what is kept for good is made before
    gc.collect()
    gc.disable()
    try:
        _ = [validate(text) for text in texts]
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_wrong_bar_says_what_would_be_right() -> None:
    text = "X:1\nT:t\nM:6/8\nL:1/8\nK:C\nABc def|ABc defg|ABc def|]\n"
    (problem,) = validate(text)
    assert problem.message == "bar lasts 7/8, meter is 6/8: 1/8 too long"


def test_a_letter_that_a_tune_has_several_times_is_a_remark() -> None:
    text = "X:1\nT:t\nM:4/4\nL:1/4\nK:C\nkCDkEF|kGABc|iC4|D3|]\n"
    found = examine(text)
    assert [(problem.column, problem.rule) for problem in found.problems] == [(14, "decoration")]
    assert [(remark.column, remark.rule) for remark in found.remarks] == [(1, "decoration")]


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ("|:G|C2C2|D3:|\n|:G|C2C2|D2z:|", []),
        ("|:G|C2C2|D3:|\n|:G|C2C2|D2:|", []),  # short by a whole beat: a rest left out
        ("|:G|C2C2|D3:|\n|:G|C2C2|D5/2:|", [10]),
        ("|:G|C2C2|D5/2:|\n|:G|C2C2|D5/2:|", []),  # it ends so throughout
        ("|:C2G3/2|C4|D4:|", [3]),
        ("|:C3|C4|D4:|", []),
        ("|:G3/2|C4|D4:|", []),
    ],
)
def test_a_short_bar_is_a_fault_where_the_tune_itself_shows_it(
    body: str, columns: list[int]
) -> None:
    text = f"X:1\nT:t\nM:4/4\nL:1/4\nK:C\n{body}\n"
    assert [(one.column, one.rule) for one in validate(text)] == [(at, "pickup") for at in columns]


def test_a_text_without_tunes_says_so() -> None:
    for text in ("", "\n\n", "just prose\n"):
        assert [problem.rule for problem in validate(text)] == ["no-tune"]


def test_windows_and_old_mac_line_ends_change_nothing() -> None:
    text = VALID[0].read_text(encoding="utf-8")
    assert validate(text.replace("\n", "\r\n")) == validate(text.replace("\n", "\r")) == []


@given(st.text(max_size=300))
def test_no_text_makes_validate_raise(text: str) -> None:
    validate(text)
    validate("X:1\nT:t\nK:C\n" + text)


@given(st.data())
def test_no_damage_to_a_tune_makes_validate_raise(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(VALID)).read_text(encoding="utf-8")
    at = data.draw(st.integers(0, len(text) - 1))
    instead = data.draw(st.text('()[]{}|:<>/0123456789-!"%&AzZ\n ', max_size=4))
    validate(text[:at] + instead + text[at + data.draw(st.integers(0, 3)) :])
