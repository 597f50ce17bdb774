"""Training that survives: whatever ends it, and whenever, it resumes as if nothing had happened."""

import errno
import multiprocessing
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tensorflow", reason="training needs TensorFlow")

from abclm.errors import OutputError, TrainingError
from abclm.files import leftovers
from abclm.model.checkpoint.checkpoint import (
    CONFIG,
    CURVES,
    HISTORY,
    WEIGHTS,
    CheckpointConfig,
    load_checkpoint,
)
from abclm.model.checkpoint.history import EpochRow, read_history, write_history
from abclm.model.checkpoint.tensor_file import read_tensors
from abclm.model.training.observer import Observer, RunPlan, StepReport
from abclm.model.training.training import check_folder, train
from abclm.model.training.training_state import STATE
from tests.model.training.states import read_position

pytestmark = pytest.mark.slow

FILES = (CONFIG, CURVES, HISTORY, STATE, WEIGHTS)
CLOCKS = ("seconds", "training_seconds", "characters_per_second")
AT_EVERY_STEP = 1e-9
"""Minutes between two saves."""


class Reporter(Observer):
    """Sends the number of every step to the process that may kill this one."""

    def __init__(self, pipe: Connection, full_from: int | None = None) -> None:
        self._pipe, self._full_from = pipe, full_from

    def step(self, report: StepReport) -> None:
        if report.step == self._full_from:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        self._pipe.send(report.step)
        time.sleep(0.005)


def train_and_report(
    pipe: Connection,
    config: CheckpointConfig,
    tunes: list[str],
    out: Path,
    full_from: int | None = None,
) -> None:
    """Trains in ``out``, or resumes; every step and every file about to be replaced is reported.

    The disk is slow, so that a temporary file lies there for a while, and from a certain step on it
    may be full.
    """
    flush = os.fsync

    def slow_flush(handle: int) -> None:
        flush(handle)
        pipe.send("writing")
        time.sleep(0.03)

    os.fsync = slow_flush  # type: ignore[assignment]
    resume = (out / STATE).is_file()
    try:
        train(config, tunes[:9], tunes[9:], out, resume=resume, observer=Reporter(pipe, full_from))
    except OutputError as error:
        pipe.send(str(error))
    else:
        pipe.send("finished")


@pytest.fixture(scope="module")
def start() -> Callable[..., tuple[BaseProcess, Connection]]:
    """Starts a process that has TensorFlow imported already, so that twenty cost little."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "keras"])

    def start_process(*args: Any) -> tuple[BaseProcess, Connection]:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=train_and_report, args=(theirs, *args), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    return start_process


@pytest.fixture
def config(make_config: Callable[..., CheckpointConfig]) -> CheckpointConfig:
    """All that draws is on, the order of the tunes and dropout; and the weights are averaged."""
    return make_config(
        windows="tunes", cues=("echo", "bar", "place", "line"), average=0.9, epochs=5
    )


def await_message(pipe: Connection, wanted: Callable[[Any], bool]) -> Any:
    """Read on until a message is as ``wanted``."""
    while True:
        message = pipe.recv()
        if wanted(message):
            return message


@dataclass(frozen=True)
class Moment:
    """When a process is killed."""

    step: int
    """Not before this step; 0 for before the first one."""
    files: int
    """Then not before this many more files have been written."""
    delay: float
    """And then this many seconds later."""
    save_minutes: float
    """Whether the state is saved within epochs."""

    def wait(self, pipe: Connection) -> None:
        if self.step:
            await_message(pipe, lambda message: isinstance(message, int) and message >= self.step)
        for _ in range(self.files):
            await_message(pipe, lambda message: message == "writing")
        time.sleep(self.delay)


def moments(count: int, steps: int, rng: random.Random) -> Iterator[Moment]:
    """This many moments: two before the first step, the others at steps spread over the run."""
    yield Moment(0, 1, rng.uniform(0, 0.02), 5.0)
    yield Moment(0, 0, rng.uniform(0.5, 2.0), 5.0)
    for index in range(count - 2):
        step = 1 + int((index + rng.random()) / (count - 2) * (steps - 1))
        minutes = rng.choice([5.0, AT_EVERY_STEP])
        yield Moment(step, (index % 2) * rng.randint(1, 4), rng.uniform(0, 0.03), minutes)


def test_killed_twenty_times_a_run_ends_as_one_left_alone(
    start: Callable[..., tuple[BaseProcess, Connection]],
    config: CheckpointConfig,
    tunes: list[str],
    tmp_path: Path,
) -> None:
    process, pipe = start(config, tunes, tmp_path / "alone")
    await_message(pipe, lambda message: message == "finished")
    process.join()
    steps = read_position(tmp_path / "alone" / STATE).step
    out = tmp_path / "killed"
    without_state = while_writing = 0
    # The last epoch is left out: it could be over before the kill.
    last = steps * (config.training.epochs - 1) // config.training.epochs
    for moment in moments(20, last, random.Random(5)):
        training = replace(config.training, save_minutes=moment.save_minutes)
        process, pipe = start(replace(config, training=training), tunes, out)
        moment.wait(pipe)
        process.kill()
        process.join()
        assert process.exitcode == -9, "it was still running"
        without_state += not (out / STATE).is_file()
        while_writing += any(leftovers(out / name) for name in FILES)
    assert without_state >= 1
    assert while_writing >= 4
    process, pipe = start(config, tunes, out)
    await_message(pipe, lambda message: message == "finished")
    process.join()
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    same_but_for_clocks(out, tmp_path / "alone")


def same_but_for_clocks(one: Path, other: Path) -> None:
    """The folders hold the same run: weights bit for bit, reports except for times."""
    assert (one / WEIGHTS).read_bytes() == (other / WEIGHTS).read_bytes()
    first, second = read_tensors(one / STATE), read_tensors(other / STATE)
    assert first.sha256 == second.sha256
    assert first.notes["identity"] == second.notes["identity"]
    positions = [read_position(folder / STATE) for folder in (one, other)]
    assert without_clocks(positions[0]) == without_clocks(positions[1])
    rows = [read_history(folder / HISTORY) for folder in (one, other)]
    assert [without_clocks(row) for row in rows[0]] == [without_clocks(row) for row in rows[1]]
    results = [load_checkpoint(folder).config.results for folder in (one, other)]
    for name in results[0]:
        assert name in CLOCKS or results[0][name] == results[1][name]


def without_clocks(record: Any) -> dict[str, Any]:
    return {
        item.name: getattr(record, item.name) for item in fields(record) if item.name not in CLOCKS
    }


def test_a_disk_that_fills_up_leaves_what_was_saved(
    start: Callable[..., tuple[BaseProcess, Connection]],
    config: CheckpointConfig,
    tunes: list[str],
    tmp_path: Path,
) -> None:
    """A real limit on the size of files, which a state in the middle of the run runs into."""
    out = tmp_path / "run"
    process, pipe = start(config, tunes, out, 20)
    message = await_message(pipe, lambda message: message not in ("writing", *range(100)))
    process.join()
    assert message == (
        f"{out / WEIGHTS}: cannot be written: file too large; "
        "what was saved before is kept: continue with --resume"
    )
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    load_checkpoint(out)
    for name in ("run", "alone"):
        process, pipe = start(config, tunes, tmp_path / name)
        await_message(pipe, lambda message: message == "finished")
        process.join()
    same_but_for_clocks(out, tmp_path / "alone")


class FullDisk:
    """Has room for this many files, and none for any after them."""

    def __init__(self, files: int) -> None:
        self._files, self._flush = files, os.fsync

    def __call__(self, handle: int) -> None:
        self._files -= 1
        if self._files < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._flush(handle)


def test_a_disk_may_be_full_at_any_file(
    config: CheckpointConfig, tunes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """History and state of the start; all files of the epoch."""
    out = tmp_path / "run"
    short = replace(config, training=replace(config.training, epochs=1))
    # The start writes two files, going on writes none before the end of the epoch.
    expected = [(0, HISTORY), (1, STATE), (2, WEIGHTS), (1, CONFIG), (2, HISTORY), (3, CURVES)]
    expected.append((4, STATE))
    for files, name in expected:
        resume = (out / STATE).is_file()
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", FullDisk(files))
            with pytest.raises(OutputError, match=f"{name}: cannot be written: no space left"):
                train(short, tunes[:9], tunes[9:], out, resume=resume)
        assert not any(leftovers(out / file) for file in FILES)
    load_checkpoint(out)
    train(short, tunes[:9], tunes[9:], out, resume=True)
    train(short, tunes[:9], tunes[9:], tmp_path / "alone")
    same_but_for_clocks(out, tmp_path / "alone")


class CrashError(Exception):
    """The process ends here, without a chance to save."""


class Crasher(Observer):
    """Crashes at a step, or makes the folder read-only there; knows where the run began."""

    def __init__(self, at: int | None = None, then: Callable[[], None] | None = None) -> None:
        self.first_step: int | None = None
        self._at, self._then = at, then

    def started(self, plan: RunPlan) -> None:
        self.first_step = plan.first_step

    def step(self, report: StepReport) -> None:
        if report.step == self._at:
            if self._then is None:
                raise CrashError
            self._then()


def test_a_folder_that_becomes_read_only_is_one_line(
    config: CheckpointConfig, tunes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run"

    def make_read_only() -> None:
        if os.geteuid():
            out.chmod(0o555)
            return

        # The superuser may write anywhere.
        def refuse(*_: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        monkeypatch.setattr(tempfile, "mkstemp", refuse)

    with pytest.raises(OutputError) as caught:
        train(config, tunes[:9], tunes[9:], out, observer=Crasher(11, make_read_only))
    assert str(caught.value) == (
        f"{out / WEIGHTS}: cannot be written: permission denied; "
        "what was saved before is kept: continue with --resume"
    )
    load_checkpoint(out)
    monkeypatch.undo()
    out.chmod(0o755)
    resumed = Crasher(at=10)
    with pytest.raises(CrashError):
        train(config, tunes[:9], tunes[9:], out, resume=True, observer=resumed)
    assert resumed.first_step == 9


@pytest.mark.parametrize(("minutes", "saved"), [(AT_EVERY_STEP, 4), (5.0, 0)])
def test_within_an_epoch_the_state_is_saved_every_few_minutes(
    config: CheckpointConfig, tunes: list[str], tmp_path: Path, minutes: float, saved: int
) -> None:
    config = replace(config, training=replace(config.training, save_minutes=minutes))
    with pytest.raises(CrashError):
        train(config, tunes[:9], tunes[9:], tmp_path / "run", observer=Crasher(at=5))
    assert read_position(tmp_path / "run" / STATE).step == saved
    # Before the first epoch ends, that is a checkpoint to try, too.
    assert (tmp_path / "run" / WEIGHTS).is_file() == bool(saved)
    if saved:
        assert load_checkpoint(tmp_path / "run").config.results["step"] == saved


def test_what_a_run_killed_at_its_start_leaves_is_no_checkpoint(tmp_path: Path) -> None:
    left = tmp_path / "run"
    left.mkdir()
    check_folder(left, resume=False)
    write_history(left / HISTORY, [])
    (left / f".{STATE}.a1b2.part").write_bytes(b"half a st")
    check_folder(left, resume=False)
    with pytest.raises(TrainingError, match="nothing to resume"):
        check_folder(left, resume=True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (WEIGHTS, b""),
        (STATE, b""),
        (CONFIG, b"{}"),
        (HISTORY, b"epoch,step\n1,8\n"),
        (".hidden", b""),
        ("tunes.abc", b"X:1\n"),
        (f".{STATE}.backup", b""),
    ],
)
def test_any_other_file_is_protected(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(TrainingError, match="exists: continue with --resume, or choose another"):
        check_folder(tmp_path, resume=False)
    assert (tmp_path / name).read_bytes() == data


def test_two_runs_never_train_into_one_folder(
    config: CheckpointConfig, tunes: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    refused = []

    class Second(Observer):
        """Starts another run in the middle of the first."""

        def step(self, report: StepReport) -> None:
            if report.step == 3:
                for resume in (False, True):
                    with pytest.raises(TrainingError) as caught:
                        train(config, tunes[:9], tunes[9:], out, resume=resume)
                    refused.append(str(caught.value))

    train(config, tunes[:9], tunes[9:], out, observer=Second())
    assert refused == [f"{out}: another run is training into it: choose another --out"] * 2
    with pytest.raises(TrainingError, match="exists: continue with --resume"):
        check_folder(out, resume=False)


def test_a_run_that_cannot_start_leaves_no_folder(
    config: CheckpointConfig, tunes: list[str], tmp_path: Path
) -> None:
    with pytest.raises(TrainingError):
        train(config, [], [], tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_folder_that_cannot_be_read_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    with pytest.raises(OutputError, match="cannot be read: permission denied"):
        check_folder(tmp_path, resume=False)


def test_a_run_killed_past_its_best_does_not_go_on(
    config: CheckpointConfig, tunes: list[str], tmp_path: Path
) -> None:
    training = replace(config.training, epochs=40, patience=2, learning_rate=2.0, average=0.0)
    config = replace(config, training=training)
    alone = train(config, tunes[:9], tunes[9:], tmp_path / "alone")
    assert alone.ending == "past its best"
    assert len(alone.history) < 40

    class CrashesAtTheEnd(Observer):
        def epoch(self, row: EpochRow, *, kept: bool) -> None:
            if row.epoch == len(alone.history):
                raise CrashError

    with pytest.raises(CrashError):
        train(config, tunes[:9], tunes[9:], tmp_path / "run", observer=CrashesAtTheEnd())
    again = train(config, tunes[:9], tunes[9:], tmp_path / "run", resume=True)
    assert again.ending == "past its best"
    same_but_for_clocks(tmp_path / "run", tmp_path / "alone")
