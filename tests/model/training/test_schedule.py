"""How many steps there are, and how fast each learns."""

import pytest

from abclm.errors import TrainingError
from abclm.model.settings import TrainingSettings, Windows
from abclm.model.training.schedule import pack, plan_schedule, usual_epochs


def test_an_epoch_reads_as_many_characters_as_there_are() -> None:
    settings = TrainingSettings(batch_size=64, window=256, windows="random", epochs=10)
    schedule = plan_schedule([1_000_000], settings)
    assert (schedule.batch_size, schedule.steps_per_epoch, schedule.steps) == (64, 62, 620)


@pytest.mark.parametrize(
    ("characters", "epochs"),
    [(0, 40), (40_000, 40), (300_000, 22), (660_000, 10), (9_000_000, 7)],
)
def test_a_short_text_is_read_more_often(characters: int, epochs: int) -> None:
    assert usual_epochs(characters) == epochs


def test_contiguous_windows_leave_out_what_fills_no_step() -> None:
    settings = TrainingSettings(batch_size=64, window=256, windows="contiguous")
    assert plan_schedule([1_000_000], settings).steps_per_epoch == 61


@pytest.mark.parametrize("windows", ["random", "contiguous"])
def test_a_small_text_gets_small_batches_rather_than_few_steps(windows: Windows) -> None:
    schedule = plan_schedule([8_000], TrainingSettings(windows=windows, window=128))
    assert schedule.batch_size == 7
    assert schedule.steps_per_epoch >= 8


@pytest.mark.parametrize("windows", ["random", "contiguous"])
def test_one_window_is_enough_and_less_is_refused(windows: Windows) -> None:
    settings = TrainingSettings(windows=windows, window=100)
    assert plan_schedule([101], settings).batch_size == 1
    with pytest.raises(TrainingError, match="100 characters, too few for windows of 100"):
        plan_schedule([100], settings)


def test_the_learning_rate_warms_up_and_falls_to_its_end() -> None:
    settings = TrainingSettings(
        epochs=10,
        batch_size=1,
        window=10,
        windows="random",
        learning_rate=0.01,
        warmup=0.1,
        final_learning_rate=0.1,
    )
    schedule = plan_schedule([1000], settings)
    rates = [schedule.learning_rate(step, settings) for step in range(schedule.steps)]
    assert len(rates) == 1000
    assert rates[0] == pytest.approx(0.01 / 100)
    assert rates[99] == max(rates) == pytest.approx(0.01)
    assert rates[:100] == sorted(rates[:100])
    assert rates[99:] == sorted(rates[99:], reverse=True)
    assert rates[-1] == pytest.approx(0.001, rel=1e-3)


def test_whole_tunes_are_gathered_into_steps() -> None:
    settings = TrainingSettings(batch_size=4, window=25)
    schedule = plan_schedule([50] * 64, settings)
    assert (schedule.batch_size, schedule.steps_per_epoch) == (4, 32)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], []),
        ([30], [[0]]),
        ([200], [[0]]),
        ([30, 70, 10], [[0, 1], [2]]),
        ([10, 200, 10, 90, 1], [[0], [1], [2, 3], [4]]),
    ],
)
def test_no_batch_of_several_tunes_is_too_long(
    lengths: list[int], expected: list[list[int]]
) -> None:
    assert [list(batch) for batch in pack(lengths, 100)] == expected
