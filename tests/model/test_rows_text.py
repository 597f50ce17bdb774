"""The text in which a network reads several voices: from ABC to rows to text, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.corpus.several import read_piece
from abclm.errors import InputError
from abclm.model.rows_text import (
    ROWS_HEADER,
    fed_meter,
    fed_unit,
    model_rows,
    normal_rows,
    piece_text,
    piece_texts,
    read_rows,
    rows_model_text,
    usual_of_pieces,
)
from abclm.model.text import Usual
from abclm.notation.cursor.ensemble import score_places
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.key import parse_key
from abclm.notation.write.score_rows import Row, rows_body

HEADER = "T:t\nM:4/4\nL:1/4\nV:1\nV:2\nV:3\nK:D\n"
PIECE = (
    HEADER
    + "[V:1]|:d2 ^ef|[V:2]|:A4|[V:3]|:D,4|\n"
    + "[V:1][1d4:|[V:2][1F4:|[V:3][1D,4:|\n"
    + "[V:1][2d4|][V:2][2F4|][V:3][2D,4|]\n"
)
KNOWN = Usual(("D", "G"))
KEYS = ("C", "G", "Eb", "F#m", "Am", "Ddor", "Bphr", "Emix", "Abm", "none")


def test_a_piece_by_hand() -> None:
    # D major is moved up to G; the lowest voice is written second.
    assert piece_text(PIECE, KNOWN) == (
        "M:4/4\nL:1/4\nV:3\nK:D\n|:g2 ^ab|G,4|d4\n1g4:G,4|B4\n2g4]G,4|B4\n"
    )


def test_the_same_with_a_number() -> None:
    assert piece_text(f"X:1\n{PIECE}", KNOWN) == piece_text(PIECE, KNOWN)


def test_reading_gives_the_fields_and_the_rows_in_the_order_of_the_score() -> None:
    fields, rows = read_rows(piece_text(PIECE, KNOWN))
    assert fields == {"M": "4/4", "L": "1/4", "V": "3", "K": "D"}
    assert list(fields) == list(ROWS_HEADER)
    assert rows == [
        Row("|:", ("g2 ^ab", "d4", "G,4"), "|"),
        Row("1", ("g4", "B4", "G,4"), ":|"),
        Row("2", ("g4", "B4", "G,4"), "|]"),
    ]


def test_only_complete_rows_are_read() -> None:
    text = piece_text(PIECE, KNOWN)
    assert len(read_rows(text[:-1])[1]) == 2
    assert read_rows("M:4/4\nL:1/4")[1] == []


def test_back_in_its_key_the_body_is_as_it_was() -> None:
    _, rows = read_rows(piece_text(PIECE, KNOWN))
    assert HEADER + rows_body(model_rows(rows, parse_key("D"))) == PIECE


def test_pieces_that_cannot_be_read_are_left_out() -> None:
    uneven = PIECE.replace("[V:2]|:A4|", "[V:2]|:A3|")
    assert piece_texts([uneven, PIECE], KNOWN) == [piece_text(PIECE, KNOWN)]
    with pytest.raises(InputError, match="length of bar 1"):
        piece_text(uneven, KNOWN)
    with pytest.raises(InputError, match="no music"):
        rows_model_text([], "4/4", "1/4", None, KNOWN)


def test_reduced_pieces_follow_with_fewer_voices() -> None:
    _, fewer = piece_texts([PIECE], KNOWN, reduced=True)
    assert fewer.startswith("M:4/4\nL:1/4\nV:2\nK:D\n|:g2 ^ab|d4\n")
    four = PIECE.replace("V:3\nK", "V:3\nV:4\nK")
    for sign in ("|:D,4|\n", "[1D,4:|\n", "[2D,4|]\n"):
        four = four.replace(f"[V:3]{sign}", f"[V:3]{sign[:-1]}[V:4]{sign}")
    numbers = [text.split("V:")[1][0] for text in piece_texts([four], KNOWN, reduced=True)]
    assert numbers == ["4", "2", "3"]


def test_the_usual_numbers_of_voices() -> None:
    assert usual_of_pieces([PIECE] * 30).voices == (3,)
    assert usual_of_pieces([PIECE] * 30).units == ("1/4",)
    found = usual_of_pieces([PIECE] * 30, reduced=True)
    assert (found.voices, found.rhythms, found.keys) == ((2, 3), (), ("D",))


def test_the_usual_unit_note_lengths() -> None:
    sixteenths = PIECE.replace("L:1/4", "L:1/16")
    assert usual_of_pieces([sixteenths, *[PIECE] * 40]).units == ("1/4", "1/16")
    assert usual_of_pieces([sixteenths, *[PIECE] * 60]).units == ("1/4",)
    known = Usual(units=("1/8", "1/4"))
    assert [fed_unit(unit, known) for unit in ("1/4", "1/16", None)] == ["1/4", "1/8", None]
    assert fed_unit("1/16", KNOWN) == "1/16"


@pytest.mark.parametrize(("meter", "fed"), [("C", "4/4"), ("C|", "4/4"), ("3/4", "3/4")])
def test_common_and_cut_time_are_read_as_four_quarters(meter: str, fed: str) -> None:
    assert fed_meter(meter) == fed


notes = st.sampled_from(["C", "^C", "D", "_E", "=F", "F", "G,", "A", "_B", "c", "d'", "z", "[CE]"])
cells = st.lists(notes, min_size=4, max_size=4).map("".join)


@given(st.sampled_from(KEYS), st.integers(2, 6), st.data())
def test_rows_in_normal_form_come_back(key: str, voices: int, data: st.DataObject) -> None:
    """What a network reads and writes is what was there, up to needless accidentals."""
    rows = [
        Row(opening, tuple(data.draw(cells) for _ in range(voices)), closing)
        for opening, closing in (("|:", "|"), ("", ":|"), ("", "|]"))
    ]
    parsed = parse_key(key)
    written = "\n".join(f"V:{number}" for number in range(1, voices + 1))
    abc = f"X:1\nT:t\nM:4/4\nL:1/4\n{written}\nK:{key}\n{rows_body(rows)}"
    canonical = list(read_piece(parse_tunebook(abc)[0].tune).rows)
    normal = normal_rows(canonical, parsed)
    back = model_rows(normal, parsed)
    assert normal_rows(back, parsed) == normal
    text = rows_model_text(canonical, "4/4", "1/4", parsed, Usual((key,)))
    _, read = read_rows(text)
    assert read == normal
    order = [normal[0].cells[place] for place in score_places(voices)]
    assert text.split("\n")[4] == f"|:{'|'.join(order)}"
