"""What a step of training and of evaluation sees."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from abclm.errors import TrainingError
from abclm.model.vocabulary import END_OF_TUNE
from abclm.model.windows import (
    concatenate,
    contiguous_windows,
    epoch_windows,
    evaluation_batches,
    random_windows,
)

tune_ids = arrays.arrays(np.int32, st.integers(0, 30), elements=st.integers(1, 9))
tune_lists = st.lists(tune_ids, min_size=1, max_size=8)


def occurs_in(window, ids):
    return any(
        np.array_equal(ids[start : start + len(window)], window)
        for start in range(len(ids) - len(window) + 1)
    )


@given(tune_lists)
def test_every_tune_is_followed_by_its_end(tunes):
    ids = concatenate(tunes)
    assert ids.dtype == np.int32
    ends = np.flatnonzero(ids == END_OF_TUNE)
    assert len(ends) == len(tunes)
    for tune, part in zip(tunes, np.split(ids, ends + 1), strict=False):
        assert part.tolist() == [*tune.tolist(), END_OF_TUNE]


def test_no_tunes_are_no_characters():
    assert concatenate([]).tolist() == []


@given(tune_lists, st.integers(1, 5), st.integers(1, 12), st.integers(0, 99))
def test_targets_are_the_inputs_one_character_later(tunes, batch_size, window, seed):
    ids = concatenate(tunes)
    rng = np.random.default_rng(seed)
    if len(ids) <= window:
        with pytest.raises(TrainingError, match="too few for windows of"):
            random_windows(ids, batch_size, window, rng)
        return
    inputs, targets = random_windows(ids, batch_size, window, rng)
    assert inputs.shape == targets.shape == (batch_size, window)
    assert np.array_equal(inputs[:, 1:], targets[:, :-1])
    for row in range(batch_size):
        assert occurs_in(np.append(inputs[row], targets[row, -1]), ids)


def test_random_windows_reach_the_first_and_the_last_character():
    ids = np.arange(6, dtype=np.int32)
    inputs, targets = random_windows(ids, 200, 3, np.random.default_rng(0))
    assert set(inputs[:, 0].tolist()) == {0, 1, 2}
    assert targets.max() == 5


@given(tune_lists, st.integers(1, 3), st.integers(1, 6))
def test_contiguous_windows_go_on_where_the_batch_before_ended(tunes, batch_size, window):
    ids = concatenate(tunes)
    if len(ids) - 1 < batch_size * window:
        with pytest.raises(TrainingError, match="too few"):
            next(contiguous_windows(tunes, batch_size, window))
        return
    batches = list(contiguous_windows(tunes, batch_size, window))
    for inputs, targets in batches:
        assert np.array_equal(inputs[:, 1:], targets[:, :-1])
    for (_, before), (after, _) in itertools.pairwise(batches):
        assert np.array_equal(before[:, -1], after[:, 0])
    streams = np.concatenate([inputs for inputs, _ in batches], axis=1).ravel()
    assert np.array_equal(streams, ids[: len(streams)])
    assert len(ids) - 1 - len(streams) < batch_size * window


@given(st.sampled_from(["random", "contiguous"]), st.integers(0, 6), st.integers(0, 99))
def test_an_epoch_can_go_on_at_any_of_its_steps(windows, first, seed):
    tunes = [np.arange(1, 9, dtype=np.int32) + number for number in range(10)]
    options = {"windows": windows, "shape": (2, 7), "steps": 6, "seed": (seed, 3)}
    whole = list(epoch_windows(tunes, **options))
    rest = list(epoch_windows(tunes, **options, first=first))
    assert len(whole) == 6
    assert len(rest) == 6 - first
    for (left, right), (inputs, targets) in zip(whole[first:], rest, strict=True):
        assert np.array_equal(left, inputs)
        assert np.array_equal(right, targets)


@pytest.mark.parametrize("windows", ["random", "contiguous"])
def test_epochs_differ_and_a_seed_repeats_them(windows):
    tunes = [np.full(7, number + 1, np.int32) for number in range(30)]

    def first_inputs(seed):
        return next(epoch_windows(tunes, windows, (3, 20), steps=4, seed=seed))[0].tolist()

    assert first_inputs((0, 0)) == first_inputs((0, 0))
    assert first_inputs((0, 0)) != first_inputs((0, 1))
    assert first_inputs((0, 0)) != first_inputs((1, 0))


@given(tune_lists, st.integers(1, 100))
def test_evaluation_reads_every_tune_once_from_its_first_character(tunes, characters):
    read = []
    for batch in evaluation_batches(tunes, characters):
        rows, time = batch.inputs.shape
        assert rows * time <= characters or rows == 1
        assert (batch.inputs[:, 0] == END_OF_TUNE).all()
        assert np.array_equal(batch.inputs[:, 1:], batch.targets[:, :-1])
        for targets, mask in zip(batch.targets, batch.mask, strict=True):
            assert not mask[mask.sum() :].any()
            read.append(targets[mask].tolist())
    assert sorted(read) == sorted([*tune.tolist(), END_OF_TUNE] for tune in tunes)


def test_half_of_the_random_windows_start_where_a_tune_starts() -> None:
    ids = concatenate([np.arange(1, 40, dtype=np.int32)] * 20)
    inputs, _ = random_windows(ids, 64, 30, np.random.default_rng(0))
    assert (inputs[:32, 0] == END_OF_TUNE).all()
    assert len(set(inputs[32:, 0].tolist())) > 10
