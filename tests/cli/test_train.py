"""Training from the command line: start to end, resumed, and from another checkpoint."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.corpus.test_build import good

pytest.importorskip("tensorflow", reason="training needs TensorFlow")

pytestmark = pytest.mark.slow

SMALL = ["--units", "16", "--embedding", "4", "--layers", "1", "--window", "32"]
SMALL += ["--precision", "float32"]  # to measure which one is faster takes longer than to train


@pytest.fixture(autouse=True)
def _few_tunes_tell_what_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that has learnt next to nothing takes long over a tune."""
    monkeypatch.setattr("abclm.api.copying._WRITTEN", 1)


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
        "curves.svg",
        "history.csv",
        "originality.safetensors",
        "samples",
        "titles.tsv",
        "training.safetensors",
        "weights.safetensors",
    ]
    assert run("generate", "--checkpoint", "mine", "--seed", "1").stdout.startswith("X:1\nT:")
    samples = folder / "checkpoints" / "mine" / "samples"
    assert sorted(path.name for path in samples.iterdir()) == ["epoch-01.abc", "epoch-02.abc"]
    assert run("render", samples / "epoch-01.abc", "--midi", "one.mid").exit_code == 0


def test_a_network_of_another_kind_is_trained_and_tuned(run: Run, corpus: str) -> None:
    kind = ["--cell", "gru", "--attention", "2", "--attention-span", "64", "--loss", "focal"]
    done = run("train", corpus, *SMALL, *kind, "--epochs", "1", "--sample-every", "0")
    assert done.exit_code == 0, done.stderr
    shown = run("checkpoint", "show", "mine").stdout
    assert "  cell: gru\n  attention: 2\n  attention span: 64\n" in shown
    assert run("generate", "--checkpoint", "mine", "--seed", "1").stdout.startswith("X:1\nT:")
    tuned = run("train", corpus, "--from", "mine", "--out", "tuned", "--epochs", "1")
    assert tuned.exit_code == 0, tuned.stderr
    other = run("train", corpus, "--from", "mine", "--out", "x", "--attention-span", "9")
    assert "it has --attention-span 64, not 9" in other.stderr


def test_without_options_the_shipped_recipe_is_taken(run: Run, corpus: str) -> None:
    done = run("train", corpus, "--max-minutes", "0.00001")
    assert done.exit_code == 0, done.stderr
    assert "reading 7 tunes" in done.stderr
    ours = json.loads(run("checkpoint", "show", "mine", "--json").stdout)
    shipped = json.loads(run("checkpoint", "show", "irish", "--json").stdout)
    for name in ("embedding_size", "units", "num_layers", "dropout", "cues", "direct"):
        assert ours["network"][name] == shipped["network"][name]
    for name in ("batch_size", "windows", "average", "learning_rate", "patience"):
        assert ours["training"][name] == shipped["training"][name]
    assert ours["training"]["epochs"] == 40


def test_a_trained_model_learns_other_tunes(run: Run, corpus: str, folder: Path) -> None:
    assert run("train", corpus, *SMALL, "--epochs", "2", "--sample-every", "0").exit_code == 0
    other = "".join(map(good, range(1, 9))).replace("K:G\n", "K:G\n~")
    (folder / "other.abc").write_text(other, encoding="utf-8")
    assert run("corpus", "build", "other", "other.abc").exit_code == 0

    done = run("train", "other", "--from", "mine", "--epochs", "9", "--patience", "1")

    assert done.exit_code == 0, done.stderr
    shown = json.loads(run("checkpoint", "show", "other", "--json").stdout)
    parent = json.loads(run("checkpoint", "show", "mine", "--json").stdout)
    assert shown["command"].startswith(f"{parent['command']} && abclm ")
    assert shown["licence"].count("as its tunebooks say") == 1
    assert shown["corpus"]["from"]["name"] == "mine"
    kept = shown["network"].keys() - {"vocabulary_size", "dropout"}
    assert {name: shown["network"][name] for name in kept} == {
        name: parent["network"][name] for name in kept
    }
    # No character is unlearnt, and the new ones can be written.
    assert set(shown["vocabulary"]) >= {*parent["vocabulary"], "~"}
    assert shown["training"]["learning_rate"] == 0.0003
    assert shown["training"]["batch_size"] == 8
    assert shown["network"]["dropout"] == 0.3


def test_training_ends_when_the_held_out_bits_rise(run: Run, corpus: str) -> None:
    options = ["--epochs", "40", "--patience", "2", "--learning-rate", "2", "--sample-every", "0"]
    done = run("train", corpus, *SMALL, *options)
    assert done.exit_code == 0, done.stderr
    assert "past its best; the weights are in" in done.stderr
    assert done.stderr.count("epoch ") < 40


def test_a_run_out_of_time_continues_with_resume(run: Run, corpus: str) -> None:
    args = ["train", corpus, *SMALL, "--epochs", "3", "--sample-every", "0"]
    first = run(*args, "--max-minutes", "0.00001")
    assert first.exit_code == 0, first.stderr
    assert "to continue, run the same command with --resume" in first.stderr
    second = run(*args, "--resume")
    assert second.exit_code == 0, second.stderr
    assert "epoch 3/3: " in second.stderr


def test_bad_input_is_one_line(run: Run, corpus: str) -> None:
    assert run("train", corpus, *SMALL, "--epochs", "1", "--sample-every", "0").exit_code == 0
    cases = [
        ([corpus], "exists: continue with --resume, or choose another --out"),
        ([corpus, "--out", "x", "--resume"], "nothing to resume"),
        ([corpus, "--out", "x", "--from", "nothing"], 'no checkpoint "nothing"'),
        ([corpus, "--out", "x", "--from", "mine", "--units", "9"], "it has --units 16, not 9"),
        ([corpus, "--out", "x", "--from", "mine", "--cues", "none"], "it has --cues echo,bar"),
        ([corpus, "--out", "x", "--windows", "odd"], "tunes, random, contiguous"),
        ([corpus, "--out", "x", "--cell", "rnn"], "cell must be one of lstm, gru, not 'rnn'"),
        (
            [corpus, "--out", "x", *SMALL, "--attention", "5"],
            "16 units cannot be shared by 5 heads",
        ),
        ([corpus, "--out", "x", "--loss", "mse"], "loss must be one of cross_entropy, focal"),
        ([corpus, "--out", "x", "--epochs", "0"], "epochs must be 1 or more"),
    ]
    for args, message in cases:
        done = run("train", *args)
        assert done.exit_code == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1
