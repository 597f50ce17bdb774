"""A disk that is full while a model is trained: one line, and a checkpoint that goes on."""

import errno
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.corpus.test_build import good

pytestmark = pytest.mark.slow

pytest.importorskip("tensorflow", reason="training needs TensorFlow")

ARGS = ["train", "mine", "--units", "8", "--embedding", "4", "--layers", "1", "--window", "32"]


def test_a_full_disk_is_one_line_and_what_was_saved_stands(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.abc").write_text("".join(map(good, range(1, 9))), encoding="utf-8")
    assert run("corpus", "build", "mine", "mine.abc").exit_code == 0
    options = ["--epochs", "3", "--sample-every", "0"]
    flush, written = os.fsync, []

    def fill_up(handle: int) -> None:
        written.append(handle)
        # History and state of the start, four files of the first epoch, and one of the second.
        if len(written) > 7:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fill_up)
        full = run(*ARGS, *options)
    assert full.exit_code == 2
    assert full.stdout == ""
    last = full.stderr.splitlines()[-1]
    assert last.endswith(
        "cannot be written: no space left on device; "
        "what was saved before is kept: continue with --resume"
    )
    assert "Traceback" not in full.stderr
    assert not list((folder / "checkpoints" / "mine").glob(".*"))
    assert run("generate", "--checkpoint", "mine", "--seed", "1", "--raw").exit_code == 0
    again = run(*ARGS, *options, "--resume", "--max-minutes", "0.00001")
    assert again.exit_code == 0, again.stderr
    assert "resuming at step" in again.stderr
    assert "out of time; the weights are in" in again.stderr


def test_a_wrong_tf_config_is_one_line(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.abc").write_text("".join(map(good, range(1, 9))), encoding="utf-8")
    assert run("corpus", "build", "mine", "mine.abc").exit_code == 0
    monkeypatch.setenv("TF_CONFIG", "worker 0")
    done = run(*ARGS)
    assert done.exit_code == 2
    assert 'TF_CONFIG: must be like {"cluster"' in done.stderr
    assert done.stderr.count("\n") == 1
