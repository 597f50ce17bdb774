from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.check.fix import fix
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform, sounding_notes
from abclm.notation.syntax.source import readable

CASES = Path(__file__).parents[1] / "cases"
FUZZED = Path(__file__).parents[2] / "fuzzed"
VALID = sorted((Path(__file__).parents[2] / "tunes" / "valid").glob("*.abc"))
HEADER = "X:1\nT:t\nM:4/4\nL:1/8\nK:G\n"


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("X:1\r\nM:4/4\r\nT:t\r\nK:G\r\nG8\r\n", "X:1\r\nT:t\r\nM:4/4\r\nK:G\r\nG8|]\r\n"),
        ("T:t\nK:G\nG8|]\n", "X:1\nT:t\nK:G\nG8|]\n"),
        ("X:4\nT:t\nK:G\nG|]\n\nT:u\nK:G\nA|]\n", "X:4\nT:t\nK:G\nG|]\n\nX:5\nT:u\nK:G\nA|]\n"),
        ("X:1\nM:4/4\nT:t\nK:G\nG8|]\n", "X:1\nT:t\nM:4/4\nK:G\nG8|]\n"),
        ("X:1\nT:t\nK:D Mixolydian % so\nG8|]\n", "X:1\nT:t\nK:Dmix % so\nG8|]\n"),
        (HEADER + "G8|A8:|\n", HEADER + "|:G8|A8:|\n"),
        (HEADER + "G8|A8:|\nB8|c8:|\n", HEADER + "|:G8|A8:|\n|:B8|c8:|\n"),
        (HEADER + "G8||{g}A8|B8:|\n", HEADER + "G8|||:{g}A8|B8:|\n"),
        (HEADER + "G8|A8\n", HEADER + "G8|A8|]\n"),
        (HEADER + "G8|!\nA8|]\n", HEADER + "G8|\nA8|]\n"),
        (HEADER + "G8|\n\nA8|]\n", HEADER + "G8|\nA8|]\n"),
        (HEADER + "G8|\n!\nA8|]\n", HEADER + "G8|\nA8|]\n"),
    ],
)
def test_a_safe_fault_is_mended_and_nothing_else_touched(text: str, fixed: str) -> None:
    assert fix(text).text == fixed
    assert fix(text).changes


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_mending_changes_no_note(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before, after = parse_tunebook(text), parse_tunebook(fix(text).text)
    assert [sounding_notes(one.tune) for one in after] == [
        sounding_notes(one.tune) for one in before
    ]
    assert validate(fix(text).text) == []


def test_a_key_with_a_clef_stays() -> None:
    text = "X:1\nT:t\nK:D Mixolydian clef=bass\nG8|]\n"
    assert fix(text).text == text


def test_a_repeat_is_not_opened_where_its_sign_would_join_another() -> None:
    text = HEADER + "|:G8:|\n]A8|B8:|\n"
    assert fix(text).text == text


@given(st.data())
def test_mending_twice_changes_nothing_more(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(VALID)).read_text(encoding="utf-8")
    at = data.draw(st.integers(0, len(text) - 1))
    instead = data.draw(st.text('()[]{}|:<>/013!"% \n\rXTK', max_size=3))
    once = fix(text[:at] + instead + text[at + data.draw(st.integers(0, 3)) :]).text
    assert fix(once).text == once


def test_each_voice_gets_the_start_of_its_own_repeat() -> None:
    """Interleaved or in blocks, the sign stands in the voice and at the bar that it is for."""
    interleaved = case("301_fix_interleaved_implicit")
    assert fix(interleaved).text == interleaved.replace("]c4|", "]|:c4|").replace(
        "]C4|", "]|:C4|"
    ).replace("]e4|", "]|:e4|").replace("]E4|", "]|:E4|")
    blocks = case("311_fix_blocks_alternating_voices")
    assert fix(blocks).text == blocks.replace("\nc4|", "\n|:c4|").replace("\nC4|", "\n|:C4|")


@pytest.mark.parametrize(
    "path", sorted([*CASES.glob("*.abc"), *FUZZED.glob("*.abc")]), ids=lambda path: path.stem
)
def test_mending_odd_abc_changes_nothing_that_is_played(path: Path) -> None:
    text = readable(path.read_bytes().decode("utf-8", "surrogateescape"))
    fixed = fix(text).text
    before, after = parse_tunebook(text), parse_tunebook(fixed)
    assert [perform(one.tune) for one in after] == [perform(one.tune) for one in before]
    assert fix(fixed).text == fixed


def case(name: str) -> str:
    return readable((CASES / f"{name}.abc").read_bytes().decode("utf-8", "surrogateescape"))
