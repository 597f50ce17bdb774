from fractions import Fraction

import pytest

from abclm.compose.fermatas import with_common_fermatas
from abclm.notation.syntax.meter import parse_meter
from abclm.notation.write.score_rows import Row

METER = parse_meter("4/4")


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (("G2HB2", "D2HD2"), ("G2HB2", "D2HD2")),
        # One voice moves on, or has none.
        (("G2HB2", "D2HDC"), ("G2B2", "D2DC")),
        (("G2HB2", "D2D2"), ("G2B2", "D2D2")),
        (("HG2HB2", "D2HD2"), ("G2HB2", "D2HD2")),
        (("HG4", "H[GB]4"), ("HG4", "H[GB]4")),
        (("G4", "G4"), ("G4", "G4")),
        (("HG2 H_B>c", "HG,2 H_B,>C"), ("HG2 H_B>c", "HG,2 H_B,>C")),
        (("z2Hz2", "HG4"), ("z2Hz2", "G4")),
    ],
)
def test_fermatas_are_kept_where_all_voices_have_them(
    cells: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    assert METER is not None
    row = with_common_fermatas(Row("", cells, "|"), METER, Fraction(1, 4))
    assert row.cells == kept
