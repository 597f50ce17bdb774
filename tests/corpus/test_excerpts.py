"""Pieces that change, pause or are too long are cut, and no note is lost on the way."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from abclm.corpus.build import build_corpus
from abclm.corpus.excerpts import excerpts_of
from abclm.corpus.recipe import Filters
from abclm.corpus.recipes import own_recipe
from abclm.corpus.several import simple_piece
from abclm.corpus.simplify import simplify
from abclm.errors import CorpusError
from abclm.notation.parse.parser import Parsed, parse_tunebook
from abclm.notation.write.writer import write_tune

TWO = Filters(voices=2, minimum_bars=2, maximum_characters=6000, cut=True)
ONE = Filters(minimum_bars=2, cut=True)
HIGH = "GABc dedB"
LOW = "G,4 D,4"
REST = "z8"


def piece(*rows: tuple[str, ...], header: str = "", title: str = "Piece") -> Parsed:
    """A piece with one row for each bar: the bar of every voice, with its bar line."""
    count = len(rows[0])
    body = "\n".join(
        "".join(f"[V:{number}]{cell}" for number, cell in enumerate(row, 1)) for row in rows
    )
    voices = "".join(f"V:{number}\n" for number in range(1, count + 1))
    (parsed,) = parse_tunebook(f"X:1\nT:{title}\nM:4/4\nL:1/8\n{header}{voices}K:G\n{body}\n")
    return parsed


def bar(high: str = HIGH, low: str = LOW, line: str = "|") -> tuple[str, str]:
    return f"{high}{line}", f"{low}{line}"


def titles(parsed: Parsed, filters: Filters) -> list[str]:
    return [one.tune.title for one in excerpts_of(parsed, filters, Counter())]


def texts(parsed: Parsed, filters: Filters) -> list[str]:
    return [simple_piece(one.tune).text for one in excerpts_of(parsed, filters, Counter())]


def test_a_piece_that_needs_no_cut_is_left_as_it_is() -> None:
    parsed = piece(*[bar()] * 8)
    assert list(excerpts_of(parsed, TWO, Counter())) == [parsed]
    assert list(excerpts_of(parsed, replace(TWO, cut=False), Counter())) == [parsed]


def test_a_change_of_meter_or_key_is_a_cut() -> None:
    rows = [*[bar()] * 4, bar("[M:3/4]GAB cde", "[M:3/4]G,6"), *[bar("G6", "G,6")] * 2]
    rows += [bar("[K:Eb]E6", "[K:Eb]E,6"), *[bar("A6", "B,6")] * 2]
    first, second, third = texts(piece(*rows), TWO)
    assert [text.split("\n")[1] for text in (first, second, third)] == [
        "T:Piece, bars 1-4",
        "T:Piece, bars 5-7",
        "T:Piece, bars 8-10",
    ]
    assert "M:4/4" in first
    assert "M:3/4" in second
    assert "K:G\n" in second
    assert "K:Eb" in third
    assert "A6" in third
    assert "_" not in third


def test_a_key_that_is_said_again_is_no_change() -> None:
    rows = [*[bar()] * 4, bar("[K:G]" + HIGH, "[K:G]" + LOW), *[bar()] * 3]
    assert titles(piece(*rows), TWO) == ["Piece"]


def test_a_long_rest_of_all_voices_is_left_out_when_a_piece_is_cut() -> None:
    change = bar("[M:2/4]G4", "[M:2/4]G,4")
    rows = [*[bar()] * 3, *[bar(REST, REST)] * 2, *[bar()] * 3, change, bar("G4", "G,4")]
    assert titles(piece(*rows), TWO) == ["Piece, bars 1-3", "Piece, bars 6-8", "Piece, bars 9-10"]


def test_what_is_too_long_is_cut_at_double_bars_first() -> None:
    rows = [bar(line="||" if number == 4 else "|") for number in range(12)]
    short = replace(TWO, maximum_characters=390)
    assert titles(piece(*rows), short) == ["Piece, bars 1-5", "Piece, bars 6-12"]


@pytest.mark.parametrize("least", [2, 4])
def test_no_part_is_shorter_than_the_least_length(least: int) -> None:
    filters = replace(TWO, minimum_bars=least, maximum_characters=420)
    found = titles(piece(*[bar()] * 23), filters)
    ends = [tuple(map(int, title.rpartition(" ")[2].split("-"))) for title in found]
    assert [end + 1 for _, end in ends[:-1]] == [start for start, _ in ends[1:]]
    assert ends[-1][1] == 23
    assert min(end - start + 1 for start, end in ends) >= least


def test_a_tie_over_a_cut_is_dropped_and_its_accidental_stays() -> None:
    tied = bar("GABc d2^c2-", LOW)
    rows = [bar(), tied, bar("[M:2/4]c2B2", "[M:2/4]G,4"), bar("G4", "G,4")]
    first, second = texts(piece(*rows), TWO)
    assert "-" not in first.split("K:")[1]
    assert "[V:1]^c2 B2|" in second


def test_a_repeat_that_is_cut_loses_its_signs_and_a_whole_one_keeps_them() -> None:
    change = bar("[M:2/4]G4", "[M:2/4]G,4")
    rows = [bar("|:" + HIGH, "|:" + LOW), bar(line=":|"), bar("|:" + HIGH, "|:" + LOW), bar()]
    rows += [change, bar("G4", "G,4", ":|")]
    first, second = texts(piece(*rows), TWO)
    assert first.count("|:") == first.count(":|") == 2
    assert ":" not in second.partition("K:G")[2].replace("V:", "")


def test_both_endings_stay_with_their_repeat() -> None:
    rows = [bar("|:" + HIGH, "|:" + LOW), bar("[1" + HIGH, "[1" + LOW, ":|")]
    rows += [bar("[2" + HIGH, "[2" + LOW, "||"), bar("[M:2/4]G4", "[M:2/4]G,4")]
    first = texts(piece(*rows), TWO)[0]
    assert "[V:1][1" in first
    assert ":|" in first
    assert "[V:1][2" in first


def test_layers_of_a_staff_with_one_rhythm_become_chords_and_others_are_counted() -> None:
    rows = [("G4 A4|", "B4 c4|", LOW + "|")] * 3
    rows += [("GABc d4|", "G4 B4|", LOW + "|")]
    rows += [(HIGH + "|", REST + "|", LOW + "|")] * 3
    parsed = piece(*rows, header="%%score (1 2) 3\n")
    dropped: Counter[str] = Counter()
    first, second = (simple_piece(one.tune).text for one in excerpts_of(parsed, TWO, dropped))
    assert first.count("[GB]") == first.count("[Ac]") == 3
    assert "T:Piece, bars 5-7" in second
    assert dropped == {"bars with more than 2 voices": 1}


def test_double_stops_of_one_voice_keep_every_onset() -> None:
    rows = [("c6 B2|", "z4 [EG]4|"), ("GABc d4|", "G4 B4|")]
    parsed = piece(*rows, header="%%score (1 2)\n")
    (one,) = excerpts_of(parsed, replace(ONE, join_layers=True), Counter())
    assert "c4[EG]2B2|GABc[Bd]4|]" in write_tune(simplify(one.tune, number=1)).replace(" ", "")


def test_a_tune_without_music_is_dropped_as_such(tmp_path: Path) -> None:
    path = tmp_path / "silence.abc"
    path.write_text("X:1\nT:silence\nM:4/4\nK:G\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"dropped: 1 no music"):
        build_corpus(own_recipe("mine", [path], voices=2))


def test_an_accompaniment_is_left_out_where_the_other_parts_are_as_many_as_wanted() -> None:
    rows = [(HIGH + "|", "G8|", "G4 B4|", LOW + "|")] * 4
    parsed = piece(*rows, header="%%score 1 {(2 3) | 4}\n")
    dropped: Counter[str] = Counter()
    (one,) = excerpts_of(parsed, ONE, dropped)
    assert len(one.tune.voices) == 1
    assert len(one.tune.events) == 32
    assert dropped == {"an accompaniment on several staves": 1}
