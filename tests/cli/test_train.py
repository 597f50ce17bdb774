"""Training from the command line: start to end, resumed, and from another checkpoint."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.corpus.test_build import good

pytest.importorskip("tensorflow", reason="training needs TensorFlow")

SMALL = ["--units", "16", "--embedding", "4", "--layers", "1", "--window", "32"]


@pytest.fixture
def corpus(run: Run, folder: Path) -> str:
    (folder / "mine.abc").write_text("".join(map(good, range(1, 9))), encoding="utf-8")
    assert run("corpus", "build", "mine", "mine.abc").exit_code == 0
    return "mine"


def test_train_then_generate_then_train_on(run: Run, corpus: str, folder: Path) -> None:
    done = run("train", corpus, *SMALL, "--epochs", "2", "--sample-every", "1")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    assert "epoch 2/2: " in done.stderr
    assert "X:1\nT:" in done.stderr
    assert sorted(path.name for path in (folder / "checkpoints" / "mine").iterdir()) == [
        "config.json",
        "history.csv",
        "training.safetensors",
        "weights.safetensors",
    ]
    assert run("generate", "--checkpoint", "mine", "--seed", "1").stdout.startswith("X:1\nT:")
    more = run("train", corpus, *SMALL, "--epochs", "1", "--from", "mine", "--out", "more")
    assert more.exit_code == 0, more.stderr
    shown = run("checkpoint", "show", "more").stdout
    assert shown.count("abclm ") == 2, "the parent's command line stays"


def test_a_run_out_of_time_goes_on_with_resume(run: Run, corpus: str) -> None:
    args = ["train", corpus, *SMALL, "--epochs", "3", "--sample-every", "0"]
    first = run(*args, "--max-minutes", "0.00001")
    assert first.exit_code == 0, first.stderr
    assert "go on with the same command and --resume" in first.stderr
    second = run(*args, "--resume")
    assert second.exit_code == 0, second.stderr
    assert "epoch 3/3: " in second.stderr


def test_bad_input_is_one_line(run: Run, corpus: str) -> None:
    assert run("train", corpus, *SMALL, "--epochs", "1", "--sample-every", "0").exit_code == 0
    cases = [
        ([corpus], "exists: go on with --resume, or choose another --out"),
        ([corpus, "--out", "x", "--resume"], "nothing to resume"),
        ([corpus, "--out", "x", "--from", "nothing"], 'no checkpoint "nothing"'),
        ([corpus, "--out", "x", "--from", "mine"], "--units 16"),
        ([corpus, "--out", "x", "--windows", "odd"], "random, contiguous"),
        ([corpus, "--out", "x", "--epochs", "0"], "epochs must be 1 or more"),
    ]
    for args, message in cases:
        done = run("train", *args)
        assert done.exit_code == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1
