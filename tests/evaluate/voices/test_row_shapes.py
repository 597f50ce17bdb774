import pytest

from abclm.evaluate.voices.row_shapes import RowIndex, row_shapes
from abclm.evaluate.voices.slices import Slices, slices
from tests.evaluate.voices.pieces import parsed

ONE = ("cdef|gfed|c4|", "C4|E4|C4|")


def read(*voices: str, key: str = "C") -> Slices:
    return slices(parsed(*voices, key=key))


def test_a_bar_has_one_shape_in_every_key_and_octave() -> None:
    moved = read("defg|agfe|d4|", "D4|F4|D4|", key="D")
    assert row_shapes(read(*ONE)) == row_shapes(moved)
    assert row_shapes(read("c4|", "C4|")) == row_shapes(read("c'4|", "c4|"))


@pytest.mark.parametrize(
    "other",
    [("c2ef|", "C4|"), ("cdeg|", "C4|"), ("cdef|", "C2C2|"), ("C4|", "cdef|"), ("cdef|", "z4|")],
    ids=["rhythm", "pitch", "other voice", "voices exchanged", "rest"],
)
def test_other_bars_have_other_shapes(other: tuple[str, str]) -> None:
    assert row_shapes(read("cdef|", "C4|")).isdisjoint(row_shapes(read(*other)))


def test_pickups_and_rests_have_no_shape_and_held_notes_have_two() -> None:
    assert len(row_shapes(read("c|cdef|", "C|C4|"))) == 1
    assert not row_shapes(read("z4|", "z4|"))
    # c4- c4 is the same in both bars, as is what C4 makes of it.
    assert len(row_shapes(read("c4-|c4|", "C4|C4|"))) == 1


def test_a_share_is_that_of_the_piece_that_has_most() -> None:
    index = RowIndex([read(*ONE), read("cdef|gabc'|", "C4|E4|"), read("f4|", "D4|")])
    new = row_shapes(read("gfed|cdef|e4|c4|", "E4|C4|C4|C4|"))
    assert index.share(new) == 3 / 4
    assert index.share(new, without=0) == 1 / 4
    assert index.copying([read("gfed|", "E4|")]).median == 1
    # Of ONE a third is in the second piece, of that one half in ONE, of the third nothing.
    assert index.leave_one_out().median == pytest.approx(1 / 3)
