"""Several processes that train together take the steps of one process with the whole batches."""

import json
import multiprocessing
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs TensorFlow")

from abclm.errors import AbclmError, InputError, TrainingError
from abclm.model.checkpoint.checkpoint import CheckpointConfig, load_checkpoint
from abclm.model.checkpoint.tensor_file import read_tensors
from abclm.model.training.checkpoint_writer import check_folder
from abclm.model.training.learner import Learner
from abclm.model.training.observer import Observer, StepReport
from abclm.model.training.training import train
from abclm.model.training.training_state import STATE
from abclm.model.training.windows import WindowBatch
from abclm.model.training.workers import Rank, Workers, await_others, read_place
from tests.model.training.states import read_position

pytestmark = pytest.mark.slow


class Recorder(Observer):
    """Keeps the loss of every step; leaves at a step, as a process does that is killed."""

    def __init__(self, leave_at: int | None = None) -> None:
        self.bits: list[float] = []
        self._leave_at = leave_at

    def step(self, report: StepReport) -> None:
        self.bits.append(report.bits_per_character)
        if report.step == self._leave_at:
            os._exit(9)


def train_at(
    pipe: Connection,
    place: str,
    config: CheckpointConfig,
    tunes: list[str],
    out: Path,
    *,
    resume: bool = False,
    leave_at: int | None = None,
) -> None:
    """One of several processes: sends how it ended, and what was seen."""
    if place:
        os.environ["TF_CONFIG"] = place
    seen = Recorder(leave_at)
    try:
        result = train(config, tunes[3:], tunes[:3], out, resume=resume, observer=seen)
    except AbclmError as error:
        pipe.send((str(error), None, None))
    else:
        pipe.send((result.ending, result, seen.bits))


@pytest.fixture(scope="module")
def start() -> Callable[..., Connection]:
    """Starts a process with TensorFlow imported, but not yet used: they have to join before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "keras"])

    def start_process(*args: Any, **options: Any) -> Connection:
        ours, theirs = context.Pipe(duplex=False)
        context.Process(target=train_at, args=(theirs, *args), kwargs=options, daemon=True).start()
        theirs.close()
        return ours

    return start_process


def places(count: int) -> list[str]:
    """The `TF_CONFIG` of each of several processes on this machine."""
    ports = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    addresses = [f"127.0.0.1:{port.getsockname()[1]}" for port in ports]
    for port in ports:
        port.close()
    return [
        json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}})
        for index in range(count)
    ]


@pytest.fixture
def many(tunes: list[str]) -> list[str]:
    """So many that a step reads three and more of them; an odd number, so that shares differ."""
    return tunes * 6


@pytest.fixture
def config(make_config: Callable[..., CheckpointConfig]) -> CheckpointConfig:
    return make_config(
        dropout=0.0,
        cues=("echo", "bar"),
        average=0.9,
        epochs=2,
        batch_size=8,
        window=32,
        learning_rate=0.01,
    )


def together(
    start: Callable[..., Connection],
    configs: Sequence[CheckpointConfig],
    texts: list[str],
    tmp_path: Path,
    **options: Any,
) -> list[Any]:
    """How each of several processes ended; each has a folder to write into, the first, or none."""
    pipes = [
        start(place, config, texts, tmp_path / str(number), **options)
        for number, (place, config) in enumerate(zip(places(len(configs)), configs, strict=True))
    ]
    return [pipe.recv() for pipe in pipes]


def close(one: Path, other: Path) -> bool:
    """Whether the states of two folders are equal but for the order in which was added."""
    first, second = (read_tensors(folder / STATE).tensors for folder in (one, other))
    assert first.keys() == second.keys()
    return all(np.allclose(first[name], second[name], atol=2e-5) for name in first)


def test_two_processes_are_as_one(
    start: Callable[..., Connection], config: CheckpointConfig, many: list[str], tmp_path: Path
) -> None:
    """The same losses and the same weights, but for the order in which numbers are added."""
    chief, other = together(start, [config] * 2, many, tmp_path)
    alone = start(None, config, many, tmp_path / "alone").recv()
    assert (chief[0], other[0], alone[0]) == ("finished",) * 3
    assert np.ptp(alone[2]) > 0.5, "it has learnt something"
    assert chief[2] == pytest.approx(alone[2], abs=1e-4)
    assert close(tmp_path / "0", tmp_path / "alone")
    for row, expected in zip(chief[1].history, alone[1].history, strict=True):
        assert row.characters == expected.characters
        assert row.held_out_bits_per_character == pytest.approx(
            expected.held_out_bits_per_character, abs=1e-4
        )
    # The other one has decided the same, told nothing and written nothing.
    assert [row.held_out_bits_per_character for row in other[1].history] == [
        row.held_out_bits_per_character for row in chief[1].history
    ]
    assert (chief[1].chief, other[1].chief) == (True, False)
    assert other[2] == []
    assert not (tmp_path / "1").exists()


def test_stopped_and_resumed_they_end_as_one_left_alone(
    start: Callable[..., Connection], config: CheckpointConfig, many: list[str], tmp_path: Path
) -> None:
    """The clock of one stops both; resumed, the one without a folder learns where to go on."""
    hasty = replace(config, training=replace(config.training, max_minutes=1e-9))
    first = together(start, [config, hasty], many, tmp_path)
    assert [ending for ending, *_ in first] == ["out of time"] * 2
    load_checkpoint(tmp_path / "0")
    assert read_position(tmp_path / "0" / STATE).step == 0
    second = together(start, [config] * 2, many, tmp_path, resume=True)
    assert [ending for ending, *_ in second] == ["finished"] * 2
    start(None, config, many, tmp_path / "alone").recv()
    assert close(tmp_path / "0", tmp_path / "alone")


def test_each_draws_its_own_dropout(make_config: Callable[..., CheckpointConfig]) -> None:
    from keras.ops import convert_to_numpy

    config = make_config(dropout=0.5)
    states = []
    for number in range(2):
        workers = Workers(Rank(number, ("a:1", "b:1")))
        learner = Learner(config.network, config.training, 4, workers)
        learner.start_together()
        variables = learner._state_variables()
        states.append({name: convert_to_numpy(variable) for name, variable in variables})
    differ = [name for name in states[0] if not np.array_equal(states[0][name], states[1][name])]
    assert differ
    assert all(states[0][name].shape == (2,) for name in differ), "seeds and nothing else"


def test_with_dropout_the_same_run_is_the_same_again(
    start: Callable[..., Connection], config: CheckpointConfig, many: list[str], tmp_path: Path
) -> None:
    config = replace(config, network=replace(config.network, dropout=0.5))
    for folder in ("left", "again"):
        chief, _ = together(start, [config] * 2, many, tmp_path / folder)
        assert chief[0] == "finished"
    left, again = (read_tensors(tmp_path / folder / "0" / STATE) for folder in ("left", "again"))
    assert left.sha256 == again.sha256


def test_one_that_is_gone_ends_the_others_with_one_line(
    start: Callable[..., Connection], config: CheckpointConfig, many: list[str], tmp_path: Path
) -> None:
    config = replace(config, training=replace(config.training, save_minutes=1e-9))
    pipes = [
        start(place, config, many, tmp_path / str(number), leave_at=5)
        for number, place in enumerate(places(2))
    ]
    with pytest.raises(EOFError):
        pipes[0].recv()
    assert pipes[1].recv()[0] == (
        "another process can no longer be reached: what was saved before is kept; "
        "start all of them again with --resume"
    )
    assert read_position(tmp_path / "0" / STATE).step == 4


def test_all_must_train_the_same(
    start: Callable[..., Connection], config: CheckpointConfig, many: list[str], tmp_path: Path
) -> None:
    other = replace(config, training=replace(config.training, learning_rate=0.02))
    ends = together(start, [config, other], many, tmp_path)
    assert {end[0].partition(":")[0] for end in ends} == {"the processes differ"}
    assert not (tmp_path / "0").exists()


def test_a_share_is_every_so_many_th_row() -> None:
    ids = np.arange(15, dtype=np.int32).reshape(5, 3)
    batch = WindowBatch(ids, ids[..., np.newaxis], ids + 1, ids % 2 == 0)
    assert Workers(Rank()).share(batch) is batch
    shares = [Workers(Rank(number, ("a:1", "b:1"))).share(batch) for number in range(2)]
    assert shares[0].inputs.tolist() == ids[[0, 2, 4]].tolist()
    assert shares[1].inputs.tolist() == ids[[1, 3]].tolist()
    assert shares[1].cues.tolist() == ids[[1, 3], :, np.newaxis].tolist()
    assert sum(share.characters for share in shares) == batch.characters
    # Where there are fewer rows than processes, some read a row that does not count.
    idle = Workers(Rank(5, tuple("abcdef"))).share(batch)
    assert idle.inputs.shape == (1, 3)
    assert idle.characters == 0


def tf_config(cluster: object, kind: str = "worker", index: int = 0) -> dict[str, str]:
    value = {"cluster": cluster, "task": {"type": kind, "index": index}}
    return {"TF_CONFIG": json.dumps(value)}


def test_the_place_is_read_as_tensorflow_documents_it() -> None:
    assert read_place({}) == Rank()
    assert read_place({"TF_CONFIG": " "}).chief
    two = {"worker": ["one:1", "two:2"]}
    assert read_place(tf_config(two, index=1)) == Rank(1, ("one:1", "two:2"))
    with_chief = {"chief": ["zero:1"], **two}
    assert read_place(tf_config(with_chief, "chief")) == Rank(0, ("zero:1", "one:1", "two:2"))
    assert read_place(tf_config(with_chief, index=1)).number == 2
    assert not read_place(tf_config(with_chief)).chief


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"TF_CONFIG": "worker 0"}, 'must be like {"cluster"'),
        ({"TF_CONFIG": "[]"}, "must be like"),
        ({"TF_CONFIG": '{"cluster": {"worker": ["a:1"]}}'}, "must be like.*task"),
        (tf_config({"ps": ["a:1"]}), "must be like.*worker"),
        (tf_config({"worker": ["a"]}), "must be like"),
        (tf_config({"worker": ["a:1"]}, "evaluator"), "must be like.*not a worker"),
        (tf_config({"worker": ["a:1", "b:1"]}, index=2), "index 2 is not one of a:1, b:1"),
        (tf_config({"worker": ["a:1", "a:1"]}), "the addresses must differ"),
    ],
)
def test_a_place_that_is_none_is_named_in_one_line(environ: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_place(environ)
    assert "\n" not in str(caught.value)


def test_others_that_do_not_answer_are_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        place = Rank(0, (f"127.0.0.1:{port}", "127.0.0.1:1"))
        with pytest.raises(TrainingError, match=f"port {port} cannot be opened"):
            await_others(place, 0.1)
    with pytest.raises(TrainingError, match=r"no process answers at 127.0.0.1:1 after 0.1 seconds"):
        await_others(place, 0.1)


def test_only_the_first_has_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / STATE).write_bytes(b"")
    [(name, value)] = tf_config({"worker": ["a:1", "b:1"]}, index=1).items()
    monkeypatch.setenv(name, value)
    check_folder(tmp_path, resume=False)


def test_windows_that_carry_a_state_are_read_by_one_process(
    make_config: Callable[..., CheckpointConfig],
) -> None:
    config = make_config(windows="contiguous")
    with pytest.raises(TrainingError, match="contiguous windows are read by one process"):
        Learner(config.network, config.training, 4, Workers(Rank(0, ("a:1", "b:1"))))
