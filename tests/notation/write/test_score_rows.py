import pytest

from abclm.errors import InputError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.write.score_rows import Row, rows_body, score_rows


def rows(*voices: str, header: str = "M:4/4\nL:1/4\nK:C\n") -> list[Row]:
    return score_rows([parse_tunebook(f"X:1\nT:t\n{header}{each}\n")[0].tune for each in voices])


def test_cells_have_no_signs_and_rows_have_them_once() -> None:
    assert rows("|:cdef|g4:|c4|]", "|:C4|G,4:|C4|]") == [
        Row("|:", ("cd ef", "C4"), "|"),
        Row("", ("g4", "G,4"), ":|"),
        Row("", ("c4", "C4"), "|]"),
    ]


def test_endings_are_numbers() -> None:
    found = rows("|:c4|1d4:|2e4|]", "|:C4|1D4:|2E4|]")
    assert [(row.opening, row.closing) for row in found] == [("|:", "|"), ("1", ":|"), ("2", "|]")]


def test_a_repeat_after_a_pickup_is_a_colon_alone() -> None:
    found = rows("c|:c4|d3:|", "C|:C4|D3:|")
    assert [(row.opening, row.closing) for row in found] == [("", "|"), (":", "|"), ("", ":|")]
    whole = rows("c4|:c4|d4:|", "C4|:C4|D4:|")
    assert [(row.opening, row.closing) for row in whole] == [("", "||"), ("|:", "|"), ("", ":|")]


def test_rows_are_the_same_when_they_are_read_again() -> None:
    for voices in (("c|:c4|d3:|e4|]", "C|:C4|D3:|E4|]"), ("|:c4|1d4:|2e4|]", "|:C4|1D4:|2E4|]")):
        found = rows(*voices)
        text = f"X:1\nT:t\nM:4/4\nL:1/4\nK:C\n{rows_body(found)}"
        tune = parse_tunebook(text)[0].tune
        assert score_rows([voice.tune for voice in tune.voices]) == found


def test_the_body_has_a_line_for_each_row() -> None:
    assert rows_body(rows("c|:c4|1d4:|2e4|]", "C|:C4|1D4:|2E4|]")) == (
        "[V:1]c|[V:2]C|\n[V:1]|:c4|[V:2]|:C4|\n[V:1][1d4:|[V:2][1D4:|\n[V:1][2e4|][V:2][2E4|]\n"
    )


def test_ties_rests_chords_and_spaces_are_kept() -> None:
    (first, second) = rows("c2 d2-|d2 z2|]", "[CE]4|C2 C2|]")
    assert first.cells == ("c2 d2-", "[CE]4")
    assert second.cells == ("d2 z2", "C2 C2")


@pytest.mark.parametrize(
    ("voices", "message"),
    [
        (("|:c4:|d4|]", "|:C4:|"), "one voice has no bar 2"),
        (("c4||d4|]", "C4|]"), "the voices differ in the signs of bar 1"),
        (("c4|d4|]", "C4|D3|]"), "the voices differ in the length of bar 2"),
        (("c4|d4:|", "C4|D4|]"), "the voices differ in the signs of bar"),
        (("c4|[M:3/4]d3|]", "C4|[M:3/4]D3|]"), "bar 2 changes key or meter"),
        (("c4&e4|]", "C4|]"), "bar 1 changes key or meter, or has another layer"),
    ],
)
def test_voices_that_differ_make_no_rows(voices: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows(*voices)
