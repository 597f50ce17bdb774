import pytest

from abclm.render.sheet.layout import Block, Row, Seat, lay_out


def block(*heights: float, gap: float = 10.0, between: float = 0.0) -> Block:
    return Block(tuple(Row((), height, between) for height in heights), gap)


def places(seats: list[Seat]) -> list[tuple[int, int, int, float]]:
    return [(seat.block, seat.page, seat.column, seat.top) for seat in seats]


def test_blocks_stand_below_each_other() -> None:
    found = lay_out([block(20), block(30)], 100, 1)
    assert places(found) == [(0, 0, 0, 0), (1, 0, 0, 30)]


def test_a_block_that_does_not_fit_goes_to_the_next_column_and_then_page() -> None:
    found = lay_out([block(60), block(30, 30), block(60)], 100, 2)
    assert places(found) == [(0, 0, 0, 0), (1, 0, 1, 0), (1, 0, 1, 30), (2, 1, 0, 0)]


def test_a_block_that_fits_one_page_is_never_split() -> None:
    heights = [30, 55, 20, 40, 45, 25, 60, 10]
    blocks = [block(*[height / 5] * 5, between=1) for height in heights]
    found = lay_out(blocks, 70, 2, taken=25)
    for number in range(len(blocks)):
        assert len({seat[:2] for seat in found if seat.block == number}) == 1
    assert all(seat.top + seat.row.height <= 70 + 1e-9 for seat in found)


def test_a_block_higher_than_a_page_is_split_between_rows() -> None:
    found = lay_out([block(20), block(*[30] * 5)], 100, 1)
    assert [seat.page for seat in found] == [0, 1, 1, 1, 2, 2]


def test_the_last_row_of_a_long_block_is_not_left_to_itself() -> None:
    found = lay_out([block(*[30] * 4)], 100, 1)
    assert [seat.page for seat in found] == [0, 0, 1, 1]


def test_what_is_taken_on_the_first_page_is_free_on_the_next() -> None:
    found = lay_out([block(90)], 100, 2, taken=20)
    assert places(found) == [(0, 1, 0, 0)]


def test_gaps_shrink_a_little_if_that_makes_one_more_block_fit() -> None:
    blocks = [block(30, gap=10), block(30, gap=10), block(25, gap=10)]
    found = lay_out(blocks, 100, 1)
    assert [seat.page for seat in found] == [0, 0, 0]
    assert found[-1].top + found[-1].row.height == pytest.approx(100)


def test_a_row_higher_than_a_page_still_gets_a_place() -> None:
    assert places(lay_out([block(150), block(10)], 100, 1)) == [(0, 0, 0, 0), (1, 1, 0, 0)]
