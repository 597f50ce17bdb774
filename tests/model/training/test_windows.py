"""What a step of training and of evaluation sees."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from abclm.errors import TrainingError
from abclm.model.cues.reader import CueReader
from abclm.model.settings import Windows
from abclm.model.training.repertoire import ReadTune, Repertoire
from abclm.model.training.windows import (
    TuneStream,
    WindowBatch,
    contiguous_windows,
    epoch_batches,
    evaluation_batches,
    random_windows,
    tune_batches,
)
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

VOCABULARY = Vocabulary(tuple("ABCDEFGH|"))
READER = CueReader(VOCABULARY, ("echo",))

tune_texts = st.text("ABCDEFGH|", min_size=1, max_size=30)
tune_lists = st.lists(tune_texts, min_size=1, max_size=8)


def read(texts: Sequence[str]) -> list[ReadTune]:
    return Repertoire(texts, VOCABULARY, READER).tunes()


def stream(texts: Sequence[str]) -> TuneStream:
    return TuneStream.of(read(texts))


def occurs_in(window: NDArray[Any], ids: NDArray[Any]) -> bool:
    return any(
        np.array_equal(ids[start : start + len(window)], window)
        for start in range(len(ids) - len(window) + 1)
    )


def rows(batches: Iterable[WindowBatch]) -> list[str]:
    """The targets that count, row by row."""
    return [
        VOCABULARY.decode(targets[mask])
        for batch in batches
        for targets, mask in zip(batch.targets, batch.mask, strict=True)
    ]


@given(tune_lists)
def test_every_tune_is_followed_by_its_end(texts: list[str]) -> None:
    ids = stream(texts).ids
    assert ids.dtype == np.int32
    ends = np.flatnonzero(ids == END_OF_TUNE)
    assert [VOCABULARY.decode(part) for part in np.split(ids, ends + 1)] == [*texts, ""]


@given(tune_lists)
def test_a_stream_has_the_cues_of_each_tune(texts: list[str]) -> None:
    whole = stream(texts)
    end = 0
    for tune in read(texts):
        start, end = end, end + len(tune) + 1
        assert np.array_equal(whole.cues[start : end - 1], tune.cues[1:])
        # The end of a tune announces the next one, of which nothing is known.
        assert np.array_equal(whole.cues[end - 1], READER.start().cues)


@given(tune_lists, st.integers(1, 5), st.integers(1, 12), st.integers(0, 99))
def test_targets_are_the_inputs_one_character_later(
    texts: list[str], batch_size: int, window: int, seed: int
) -> None:
    whole = stream(texts)
    rng = np.random.default_rng(seed)
    if len(whole) <= window:
        with pytest.raises(TrainingError, match="too few for windows of"):
            random_windows(whole, batch_size, window, rng)
        return
    batch = random_windows(whole, batch_size, window, rng)
    assert batch.inputs.shape == batch.targets.shape == (batch_size, window)
    assert batch.cues.shape == (batch_size, window, 2)
    assert batch.mask.all()
    assert np.array_equal(batch.inputs[:, 1:], batch.targets[:, :-1])
    for row in range(batch_size):
        assert occurs_in(np.append(batch.inputs[row], batch.targets[row, -1]), whole.ids)


def test_random_windows_reach_the_first_and_the_last_character() -> None:
    ids = np.arange(6, dtype=np.int32)
    whole = TuneStream(ids, ids[:, np.newaxis])
    batch = random_windows(whole, 200, 3, np.random.default_rng(0))
    assert set(batch.inputs[:, 0].tolist()) == {0, 1, 2}
    assert batch.targets.max() == 5
    assert np.array_equal(batch.cues[..., 0], batch.inputs)


def test_half_of_the_random_windows_start_where_a_tune_starts() -> None:
    whole = stream(["ABCDEFGH" * 5] * 20)
    batch = random_windows(whole, 64, 30, np.random.default_rng(0))
    assert (batch.inputs[:32, 0] == END_OF_TUNE).all()
    assert len(set(batch.inputs[32:, 0].tolist())) > 5


@given(tune_lists, st.integers(1, 3), st.integers(1, 6))
def test_contiguous_windows_go_on_where_the_batch_before_ended(
    texts: list[str], batch_size: int, window: int
) -> None:
    whole = stream(texts)
    if len(whole) - 1 < batch_size * window:
        with pytest.raises(TrainingError, match="too few"):
            next(contiguous_windows(whole, batch_size, window))
        return
    batches = list(contiguous_windows(whole, batch_size, window))
    for batch in batches:
        assert np.array_equal(batch.inputs[:, 1:], batch.targets[:, :-1])
    for before, after in itertools.pairwise(batches):
        assert np.array_equal(before.targets[:, -1], after.inputs[:, 0])
    streams = np.concatenate([batch.inputs for batch in batches], axis=1).ravel()
    assert np.array_equal(streams, whole.ids[: len(streams)])
    assert len(whole) - 1 - len(streams) < batch_size * window


@given(st.lists(tune_texts, min_size=1, max_size=40), st.integers(0, 99))
def test_whole_tunes_are_read_once_before_any_is_read_again(texts: list[str], seed: int) -> None:
    repertoire = Repertoire(texts, VOCABULARY, READER)
    batches = tune_batches(repertoire, (2, 20), np.random.default_rng(seed))
    found: list[str] = []
    while len(found) < len(texts):
        batch = next(batches)
        assert (batch.inputs[:, 0] == END_OF_TUNE).all()
        assert batch.characters <= 40 or len(batch.inputs) == 1
        found += rows([batch])
    assert sorted(found) == sorted(texts)
    assert sorted(rows(itertools.islice(batches, 1))) != []


@given(st.sampled_from(["tunes", "random", "contiguous"]), st.integers(0, 6), st.integers(0, 99))
def test_an_epoch_can_go_on_at_any_of_its_steps(windows: Windows, first: int, seed: int) -> None:
    repertoire = Repertoire(["ABCD|" * size for size in range(1, 9)], VOCABULARY, READER)
    options: dict[str, Any] = {"steps": 6, "seed": (seed, 3)}
    whole = list(epoch_batches(repertoire, windows, (3, 8), **options))
    rest = list(epoch_batches(repertoire, windows, (3, 8), **options, first=first))
    assert len(whole) == 6
    for batch, expected in zip(rest, whole[first:], strict=True):
        for name in ("inputs", "cues", "targets", "mask"):
            assert np.array_equal(getattr(batch, name), getattr(expected, name))


@pytest.mark.parametrize("windows", ["tunes", "random", "contiguous"])
def test_an_epoch_has_all_its_steps_though_its_keys_make_it_shorter(windows: Windows) -> None:
    repertoire = Repertoire(["ABCD|EFGH"] * 5, VOCABULARY, READER)
    batches = list(epoch_batches(repertoire, windows, (2, 8), steps=7, seed=(0, 0)))
    assert len(batches) == 7
    assert all(batch.characters for batch in batches)


def test_epochs_differ_and_seeds_too() -> None:
    repertoire = Repertoire(["ABCD|EFGH"] * 3 + ["HGFE"] * 5, VOCABULARY, READER)
    for windows in get_args(Windows):
        first, second, other = (
            next(iter(epoch_batches(repertoire, windows, (3, 8), steps=2, seed=seed))).inputs
            for seed in ((0, 0), (0, 1), (1, 0))
        )
        assert not np.array_equal(first, second) or not np.array_equal(first, other)


@given(st.lists(tune_texts, max_size=9), st.integers(1, 60))
def test_every_tune_is_evaluated_once_from_its_first_character(
    texts: list[str], characters: int
) -> None:
    batches = list(evaluation_batches(read(texts), characters))
    for batch in batches:
        assert batch.inputs.size <= characters or len(batch.inputs) == 1
        assert (batch.inputs[:, 0] == END_OF_TUNE).all()
        assert np.array_equal(
            batch.inputs[:, 1:][batch.mask[:, 1:]], batch.targets[:, :-1][batch.mask[:, 1:]]
        )
    assert sorted(rows(batches)) == sorted(texts)


def test_a_tune_knows_its_length() -> None:
    assert len(ReadTune(np.array([1, 2], np.int32), np.zeros((3, 0), np.int32))) == 2
