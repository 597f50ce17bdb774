"""Scores of several voices become pieces: one bar of every voice, in the shortest unit."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from abclm.corpus.build import build_corpus
from abclm.corpus.recipes import own_recipe
from abclm.corpus.several import key_of_final, melody_piece, read_piece, simple_piece
from abclm.corpus.store import load_corpus, save_corpus
from abclm.errors import InputError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.key import parse_key
from abclm.notation.tune.music import Tune


def tune(*voices: str, key: str = "G", unit: str = "1/8", title: str = "Two, The") -> Tune:
    names = "".join(f"V:{number} name=Part{number}\n" for number in range(1, len(voices) + 1))
    body = "".join(f"V:{number}\n{music}\n" for number, music in enumerate(voices, 1))
    text = f"X:3\nT:{title}\nC:me\nM:4/4\nL:{unit}\nQ:1/4=90\n{names}K:{key}\n{body}"
    return parse_tunebook(text)[0].tune


def test_a_piece_has_its_rows_their_lengths_and_its_header() -> None:
    piece = simple_piece(tune("d2|G2B2 d4|g6|]", "D2|G,8|G,6|]"))
    assert [row.cells for row in piece.rows] == [("d2", "D2"), ("G2B2 d4", "G,8"), ("g6", "G,6")]
    assert piece.lengths == (Fraction(1, 4), Fraction(1), Fraction(3, 4))
    assert (str(piece.meter), piece.unit, str(piece.key)) == ("4/4", Fraction(1, 8), "G")
    assert piece.title == "The Two"


def test_the_text_has_the_voices_side_by_side_and_is_read_again() -> None:
    piece = simple_piece(tune("G2B2 d4|g8|]", "G,8|G,8|]"))
    assert piece.text == (
        "X:1\nT:The Two\nM:4/4\nL:1/8\nV:1\nV:2\nK:G\n[V:1]G2B2 d4|[V:2]G,8|\n[V:1]g8|][V:2]G,8|]\n"
    )
    assert read_piece(parse_tunebook(piece.text)[0].tune) == piece


def test_without_a_key_or_a_title_it_says_so() -> None:
    text = simple_piece(tune("G8|]", "G,8|]", key="none", title="")).text
    assert "T:Untitled\n" in text
    assert "K:none\n" in text


def test_the_unit_is_the_one_that_makes_all_voices_shortest() -> None:
    assert simple_piece(tune("G4B4 d8|]", "G,16|]", unit="1/16")).unit == Fraction(1, 8)
    quick = tune("GABc dcBA GABc dcBA|]", "G,16|]", unit="1/16")
    assert simple_piece(quick).unit == Fraction(1, 16)
    assert simple_piece(quick, unit=Fraction(1, 8)).rows[0].cells[1] == "G,8"


def test_words_slurs_and_chord_symbols_are_left_out() -> None:
    piece = simple_piece(tune('"G"(G2B2) !f!d4|g8|]\nw:la la la', ".G,8|G,8|]"))
    assert [row.cells for row in piece.rows] == [("G2B2 d4", "G,8"), ("g8", "G,8")]


def test_a_fermata_at_the_end_of_a_phrase_is_kept() -> None:
    piece = simple_piece(tune("G2!fermata!B2 d4|g6 .!fermata!a2|]", "G,2HB,2 G,4|G,6 HA,2|]"))
    assert [row.cells[0] for row in piece.rows] == ["G2HB2 d4", "g6Ha2"]
    assert piece.rows[0].cells[1].startswith("G,2HB,2")
    melody = parse_tunebook("X:1\nM:4/4\nL:1/4\nK:G\nG2 H~B2|G4|]\n")[0].tune
    assert melody_piece(melody, frozenset()).rows[0].cells == ("G4 HB4",)


def in_clef(properties: str) -> Tune:
    text = f"X:1\nT:t\nM:4/4\nL:1/4\nV:1\nV:2 {properties}\nK:C\n[V:1]g4|]\n[V:2]{{d}}[ce]4|]\n"
    return parse_tunebook(text)[0].tune


@pytest.mark.parametrize(
    ("properties", "cell"),
    [
        ("clef=treble", "{d}[ce]8"),
        ("clef=treble-8", "{D}[CE]8"),
        ("clef=bass octave=-2", "{D,}[C,E,]8"),
        ("clef=treble+8", "{d'}[c'e']8"),
    ],
)
def test_a_voice_is_written_as_it_sounds(properties: str, cell: str) -> None:
    assert simple_piece(in_clef(properties)).rows[0].cells == ("g8", cell)
    assert simple_piece(in_clef(properties), written=True).rows[0].cells == ("g8", "{d}[ce]8")


def test_a_transposing_instrument_makes_no_piece() -> None:
    with pytest.raises(InputError, match="voice 2 is that of a transposing instrument"):
        simple_piece(in_clef("transpose=-2"))


@pytest.mark.parametrize(
    ("signature", "bass", "name"),
    [
        ("C", "D,8|]", "Ddor"),
        ("C", "A,8|]", "Am"),
        ("G", "G,8|]", "G"),
        ("Bb", "G,8|]", "Gm"),
        ("D", "^F,8|]", "F#phr"),
        ("C", "^D,8|]", "C"),
        ("C", "^^F,8|]", "C"),
        ("C", "z8|]", "C"),
    ],
)
def test_a_key_is_named_after_the_last_note_of_the_bass(
    signature: str, bass: str, name: str
) -> None:
    lowest = tune("c8|]", bass, key=signature).voices[-1].tune
    assert str(key_of_final(lowest, parse_key(signature))) == name
    assert key_of_final(lowest, None) is None
    assert str(simple_piece(tune("c8|]", bass, key=signature), named=True).key) == name


def test_what_makes_no_piece() -> None:
    with pytest.raises(InputError, match="no music"):
        simple_piece(parse_tunebook("X:1\nT:t\nM:4/4\nK:G\n")[0].tune)
    with pytest.raises(InputError, match="length of bar 2"):
        simple_piece(tune("G8|G8|]", "G,8|G,4|]"))
    with pytest.raises(InputError, match="bar 1 changes key or meter"):
        simple_piece(tune("G8|]", "[K:D]G,8|]"))


def test_a_melody_is_its_highest_notes_without_ornaments() -> None:
    melody = parse_tunebook("X:1\nM:4/4\nL:1/4\nK:G\n[GB]2 {c}~d2|(3efg a2 z|]\n")[0].tune
    (first, second) = melody_piece(melody, frozenset("GABdefgz23(")).rows
    assert first.cells == ("B4 d4",)
    assert "(3" in second.cells[0]
    plain = melody_piece(melody, frozenset("GABdefgz23"))
    assert plain.rows[1].cells[0].replace(" ", "") == "e4a4z2"
    assert plain.lengths == (Fraction(1), Fraction(5, 4))


def test_a_corpus_of_several_voices_keeps_those_with_so_many(tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    bars = ("G2B2 d4", "A2c2 e4", "B2d2 g4", "d2g2 b4")
    upper = ["|".join(bars[(place + turn) % 4] for place in range(4)) + "|]" for turn in range(4)]
    texts = [
        f"X:{number}\nT:{number}\nM:4/4\nL:1/8\nK:G\nV:1\n{music}\nV:2\nG,8|D8|G,8|G,8|]\n"
        for number, music in enumerate(upper, 1)
    ]
    texts.append(f"X:9\nT:alone\nM:4/4\nL:1/8\nK:G\n{upper[0]}\n")
    book.write_text("\n".join(texts))
    recipe = own_recipe("two", [book])
    recipe = replace(
        recipe, held_out=0.4, filters=replace(recipe.filters, voices=2, near_duplicates=False)
    )
    built = build_corpus(recipe)
    (report,) = built.sources
    assert report.dropped["not 2 voices"] == 1
    save_corpus(recipe, built, tmp_path / "two")
    corpus = load_corpus("two", tmp_path)
    assert corpus.several
    assert all("[V:2]" in text for text in (*corpus.train, *corpus.held_out))
