import pytest

from abclm.render.player.transport import COUNT_IN, Ramp, Transport


def walk(state: Transport | None, most: int = 20) -> list[tuple[int, float]]:
    """The bars and factors in order, at most ``most``."""
    found: list[tuple[int, float]] = []
    while state is not None and len(found) < most:
        found.append((state.at, round(state.factor, 6)))
        state = state.after()
    return found


def bars(state: Transport | None, most: int = 20) -> list[int]:
    return [at for at, _ in walk(state, most)]


def test_a_piece_is_played_from_its_count_in_to_its_end() -> None:
    assert bars(Transport(3, 0, 2, COUNT_IN)) == [COUNT_IN, 0, 1, 2]
    assert bars(Transport(5, 1, 2, COUNT_IN)) == [COUNT_IN, 1, 2]


def test_bars_are_played_as_often_as_asked_for_or_without_end() -> None:
    assert bars(Transport(5, 1, 2, 1, times=3)) == [1, 2, 1, 2, 1, 2]
    assert bars(Transport(5, 1, 2, 1, loops=True), 7) == [1, 2, 1, 2, 1, 2, 1]


def test_a_ramp_rises_with_each_turn_and_stays_at_the_top() -> None:
    state = Transport(1, 0, 0, 0, loops=True, ramp=Ramp(0.6, 1.0, 0.15))
    assert [factor for _, factor in walk(state, 5)] == [0.6, 0.75, 0.9, 1.0, 1.0]


def test_a_step_stays_inside_the_piece() -> None:
    state = Transport(3, 0, 2, 1)
    assert state.moved(1).at == 2
    assert state.moved(5).at == 2
    assert state.moved(-5).at == 0
    assert Transport(3, 1, 2, COUNT_IN).moved(1).at == 2


def test_the_tempo_has_limits_and_comes_back_from_them() -> None:
    state = Transport(1, 0, 0, 0)
    assert state.faster(0.05).factor == pytest.approx(1.05)
    assert state.faster(10).factor == 4.0
    assert state.faster(10).faster(-1).factor == pytest.approx(3.0)
    assert state.faster(-10).factor == 0.1


def test_a_nudge_adds_to_a_ramp() -> None:
    state = Transport(1, 0, 0, 0, loops=True, ramp=Ramp(0.5, 1.0, 0.1)).faster(0.05)
    assert [factor for _, factor in walk(state, 2)] == [0.55, 0.65]


def test_a_loop_is_set_from_here_to_there() -> None:
    state = Transport(6, 0, 5, 2).looped_from()
    assert (state.first, state.last, state.loops) == (2, 5, True)
    state = state.moved(1).looped_to()
    assert bars(state, 4) == [3, 2, 3, 2]
    assert bars(state.unlooped()) == [3, 4, 5]


def test_a_loop_that_would_be_empty_gets_the_rest_or_the_start() -> None:
    state = Transport(6, 1, 2, 4)
    assert (state.looped_from().first, state.looped_from().last) == (4, 5)
    state = Transport(6, 3, 5, 1)
    assert (state.looped_to().first, state.looped_to().last) == (0, 1)


def test_without_its_loop_it_ends() -> None:
    assert bars(Transport(3, 0, 2, 0, loops=True).ending()) == [0, 1, 2]
