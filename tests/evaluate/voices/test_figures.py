import shutil

import pytest

from abclm.constraint.pitch_range import parse_ranges
from abclm.errors import RenderError
from abclm.evaluate.voices import figures
from abclm.evaluate.voices.figures import (
    are_aligned,
    exact_voices,
    keeps_ranges,
    measure_pieces,
    parse_piece,
)
from abclm.evaluate.voices.slices import slices
from abclm.originality.comparison import Figures
from tests.evaluate.voices.pieces import chorale, parsed, piece

SATB = parse_ranges("satb")


def test_voices_are_aligned_if_their_bars_and_bar_lines_are_equal() -> None:
    assert are_aligned(parsed("|:c4|d4:|e4|]", "|:C2C2|D4:|E4|]"))


@pytest.mark.parametrize(
    "lower",
    [
        "|:C4|D4:|",
        "|:C4|D3:|E4|]",
        "|:C4|D4|E4|]",
        "C4|D4:|E4|]",
        "|:C4|D4:|E4||",
        "|:C4|1D4:|2E4|]",
    ],
    ids=["one bar less", "short bar", "no repeat", "no start", "double bar", "endings"],
)
def test_voices_that_differ_are_not(lower: str) -> None:
    assert not are_aligned(parsed("|:c4|d4:|e4|]", lower))


def test_no_music_is_not_aligned() -> None:
    assert not are_aligned(parsed("", ""))


def test_exact_bars_are_told_by_voice() -> None:
    assert exact_voices(parsed("c|c4|c3|c3|]", "C|C4|C4|C3|]")) == [False, True]


def test_ranges_are_asked_of_as_many_voices() -> None:
    assert keeps_ranges(slices(parse_piece(chorale("0123"))), SATB)
    low = chorale("0").replace("[V:4]C4", "[V:4]D,,4")
    assert keeps_ranges(slices(parse_piece(low)), SATB) is False
    assert keeps_ranges(slices(parsed("c4|", "C4|")), SATB) is None


def test_a_row_by_hand() -> None:
    good, bad = chorale("0120"), piece("c4|c3|c4|]", "C4|C4|C4|]")
    row = measure_pieces("both", "model", [good, bad], ended=0.5)
    assert (row.name, row.kind, row.pieces) == ("both", "model", 2)
    assert (row.aligned, row.valid, row.ended, row.ranges) == (0.5, 0.5, 0.5, 1)
    # Only the good piece has a third and a fourth voice.
    assert (row.exact_bars, row.final_tonic) == ((0.5, 1, 1, 1), 1)
    # Both chords of each of the good one's bars are triads; C and c in the other are none.
    assert row.chords is not None
    assert 0.5 < row.chords < 1
    # Three moves in the good piece, from F to G in parallel; three in the other, in octaves.
    assert row.leading.moves == 3 + 3
    assert row.leading.fifths + row.leading.octaves > 0
    assert row.as_dict()["copying"] is None


def test_a_row_for_json_is_rounded() -> None:
    row = measure_pieces(
        "one", "human", [chorale("01"), chorale("0120"), chorale("02")],
        ended=2 / 3, copying=lambda _pieces: Figures(1 / 3, 0.5, 0.0),
    )  # fmt: skip
    found = row.as_dict()
    assert found["ended"] == 0.6667
    assert found["copying"] == {"median": 0.3333, "p95": 0.5, "half": 0.0}
    assert found["exact_bars"] == [1.0, 1.0, 1.0, 1.0]
    assert found["final_tonic"] == 0.3333
    assert set(found["leading"]) == {"moves", "fifths", "octaves", "crossings", "gaps"}


@pytest.mark.skipif(shutil.which("abc2midi") is None, reason="abc2midi is not installed")
def test_clean_means_no_error_and_voices_of_equal_length() -> None:
    pickup = piece("|:G|c4|c3:|", "|:G,|C4|C3:|")
    fermata = piece("Hc4|c4|]", "C4|C4|]")
    assert measure_pieces("p", "human", [pickup, fermata]).clean == 1
    short = piece("c4|c4|]", "C4|C2|]")
    wrong = piece("c4|c4-|]\nw:a - ) \n[V:1]{|c4|]", "C4|C4|]")
    assert measure_pieces("p", "human", [short]).clean == 0
    assert measure_pieces("p", "human", [wrong]).clean == 0


def test_without_abc2midi_clean_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_arguments: str) -> None:
        raise RenderError("abc2midi is not installed")

    monkeypatch.setattr(figures, "run_abc2midi", missing)
    assert measure_pieces("p", "human", [chorale("0")]).clean is None
