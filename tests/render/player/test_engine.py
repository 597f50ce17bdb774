"""The engine, driven by hand: exact to a sample, and never silent."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from numpy.typing import NDArray

from abclm.render.player.engine import Engine
from abclm.render.player.piece import Part, PieceBar, Strike
from abclm.render.player.programme import Programme
from abclm.render.player.sounds import Need
from abclm.render.player.synthesiser import RATE, Samples
from abclm.render.player.transport import Transport

PARTS = (Part(0, 0), Part(9, 0))


def bar(number: int, seconds: float) -> PieceBar:
    return PieceBar(number, f"bar {number}", (), seconds, (Strike(0, 1, 60, 0),), PARTS, 60.0)


def programme(count: int = 4, seconds: float = 0.1, **state: object) -> Programme:
    bars = tuple(bar(number, seconds) for number in range(1, count + 1))
    start = Transport(count, 0, count - 1, 0, **state)  # type: ignore[arg-type]
    return Programme(bars, bars[0].count_in, start)


class Pulses:
    """Sounds for tests: each bar is a pulse on its first sample, ten times as high as its number.

    Args:
        rings: how long each sounds on, at a tenth of that.
        late: needs that are not ready.
    """

    error = None

    def __init__(self, rings: int = 1, late: Iterable[Need] = ()) -> None:
        self.rings = rings
        self.late = set(late)
        self.wakes = 0

    def ready(self, need: Need) -> Samples | None:
        return None if need in self.late else self.get(need)

    def get(self, need: Need) -> Samples:
        samples = np.full((self.rings, 2), 100 * (need[0] + 1), dtype=np.int16)
        samples[0] = 1000 * (need[0] + 1)
        return samples

    def drone(self) -> Samples | None:
        return None

    def wake(self) -> None:
        self.wakes += 1


def engine(made: Programme, sounds: Pulses | None = None, *, waits: bool = False) -> Engine:
    return Engine(made, sounds or Pulses(), waits=waits)  # type: ignore[arg-type]


def heard(
    one: Engine, frames: int, block: int = 512, do: Callable[[int], None] = lambda _: None
) -> NDArray[np.int16]:
    """Samples of one channel; ``do`` is called with the number given before each block."""
    blocks: list[NDArray[np.int16]] = []
    given = 0
    while given < frames:
        do(given)
        blocks.append(one.block(block)[:, 0])
        given += block
    return np.concatenate(blocks)


def pulses(samples: NDArray[np.int16]) -> list[int]:
    return [int(at) for at in np.flatnonzero(samples)]


@pytest.mark.parametrize("block", [64, 512, 1000, 48_000])
def test_every_bar_starts_on_its_sample_whatever_the_blocks(block: int) -> None:
    assert pulses(heard(engine(programme()), RATE // 2, block)) == [0, 4800, 9600, 14400]


def test_it_does_not_drift_in_five_minutes() -> None:
    """Bars of 1/3 of a millisecond too much for a sample; a thousand of them are exact."""
    seconds = 300 / 901
    one = engine(programme(2, seconds, loops=True))
    starts = pulses(heard(one, 300 * RATE, 4096))
    for count, start in enumerate(starts):
        assert abs(start - count * seconds * RATE) <= 1
    assert len(starts) >= 900


def test_what_rings_on_is_heard_under_the_next_bars() -> None:
    samples = heard(engine(programme(2), Pulses(rings=6000)), RATE // 4)
    gain = samples[0] / 1000
    assert samples[4700] == pytest.approx(100 * gain, rel=0.02)
    assert samples[4801] == pytest.approx(300 * gain, rel=0.02)  # both
    assert samples[6001] == pytest.approx(200 * gain, rel=0.02)
    assert not samples[4800 + 6000 :].any()


def test_it_is_done_when_nothing_rings_on() -> None:
    one = engine(programme(1), Pulses(rings=6000))
    heard(one, 5000, 100)
    assert one.finished
    assert not one.done
    heard(one, 1100, 100)
    assert one.done


def test_a_loop_starts_again_on_its_sample() -> None:
    made = programme(4, loops=True)
    assert pulses(heard(engine(made), RATE))[:6] == [0, 4800, 9600, 14400, 19200, 24000]


def test_a_step_is_taken_at_the_next_block() -> None:
    one = engine(programme(4))

    def do(given: int) -> None:
        if given == 1024:
            one.move(lambda state: state.moved(2))

    starts = pulses(heard(one, RATE // 2, 512, do))
    assert starts == [0, 1024, 1024 + 4800]
    assert one.finished


def test_a_tempo_changes_inside_a_bar_which_ends_in_proportion() -> None:
    """After a quarter of a bar of 4,800 samples, three quarters of one of 2,400 are left."""
    one = engine(programme(2))

    def do(given: int) -> None:
        if given == 1200:
            one.change(lambda state: state.faster(1.0))

    starts = pulses(heard(one, RATE // 4, 400, do))
    assert starts == [0, 1200 + 1800]
    assert one.place.transport.factor == 2.0


def test_a_change_waits_until_it_is_rendered_and_the_rest_goes_on() -> None:
    sounds = Pulses(late={(3, 1.0)})
    one = engine(programme(4), sounds)

    def do(given: int) -> None:
        if given == 0:
            one.move(lambda state: state.moved(3))
        if given == 6 * 1000:
            sounds.late.clear()

    starts = pulses(heard(one, RATE // 4, 1000, do))
    assert starts[:2] == [0, 4800]  # bar 2 plays meanwhile
    assert one.underruns == 0


def test_a_bar_that_is_late_is_counted_once_and_waited_for() -> None:
    sounds = Pulses(late={(1, 1.0)})
    one = engine(programme(2), sounds)

    def do(given: int) -> None:
        if given == 6000:
            sounds.late.clear()

    assert pulses(heard(one, RATE // 4, 1000, do)) == [0, 6000]
    assert one.underruns == 1


def test_a_pause_stops_the_clock_and_goes_on_from_the_same_place() -> None:
    one = engine(programme(2), Pulses(rings=4800))
    heard(one, 2400, 480)
    one.pause(paused=True)
    fading = one.block(480)[:, 0]
    place = one.place
    assert fading[0] > fading[-1] == 0
    assert not heard(one, 48_000).any()
    assert one.place == place
    one.pause(paused=False)
    rising = one.block(480)[:, 0]
    assert rising[0] < rising[-1]


def test_many_bars_at_once_are_compressed_and_never_clipped() -> None:
    one = engine(programme(30, 0.001), Pulses(rings=48_000))
    samples = heard(one, RATE)
    assert 0.75 < samples.max() / 32767 <= 0.891  # -1 dBFS


def test_it_says_what_it_needs_next() -> None:
    one = engine(programme(3, loops=True))
    assert [at for at, _ in one.needed()] == [0, 1, 2, 0, 1, 2]
    one.change(lambda state: state.faster(0.5))
    assert next(one.needed()) == (0, 1.5)


def test_the_place_is_in_seconds_of_the_tunes_own_tempo() -> None:
    one = engine(programme(2, 1.0, speed=2.0))
    heard(one, 12_000, 1000)
    assert one.place.seconds == pytest.approx(0.5)
