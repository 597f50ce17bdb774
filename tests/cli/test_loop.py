"""From a tune in the history to more, a tweak, the same again, and one that is kept."""

import json
from pathlib import Path

import pytest

from abclm.api.books import append_to_book
from abclm.cli.terminal import say
from abclm.notation.check.validate import validate
from tests.cli.conftest import SPELT, Run


@pytest.fixture(autouse=True)
def _empty_history(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))


@pytest.fixture
def made(run: Run, spelling: Path) -> None:
    run("generate", "--checkpoint", "spelling", "--seed", "7")


@pytest.mark.usefixtures("made")
def test_more_writes_siblings(run: Run) -> None:
    done = run("more", "1", "-n", "2", "--seed", "3", "--json")
    tunes = json.loads(done.stdout)
    assert [tune["id"] for tune in tunes] == [2, 3]
    assert [tune["seed"] for tune in tunes] == [3, 3]
    assert json.loads(run("show", "3", "--json").stdout)["parent"] == 1


@pytest.mark.usefixtures("made")
def test_tweak_changes_one_thing_and_says_so(run: Run) -> None:
    done = run("tweak", "1", "--key", "A")
    assert done.stdout == "X:1\n" + "T:Untitled\nM:2/4\nL:1/8\nK:A\nABcd|e2e2|ABcd|e4|]\n"
    assert done.stderr == "id 2\nkey: - -> A\n"
    shown = json.loads(run("show", "2", "--json").stdout)
    assert (shown["parent"], shown["command"], shown["seed"]) == (1, "tweak", 7)
    assert run("tweak", "1").exit_code == 2


@pytest.mark.usefixtures("made")
def test_replay_makes_the_same_bytes(run: Run) -> None:
    done = run("replay", "1")
    assert (done.exit_code, done.stdout) == (0, "X:1\n" + SPELT)
    assert "1  Untitled (" in run("history").stdout
    assert "2  Untitled (" not in run("history").stdout


@pytest.mark.usefixtures("made")
def test_a_kept_tune_says_how_it_was_made(run: Run, folder: Path) -> None:
    assert run("keep", "1", "The Kept").exit_code == 0
    assert run("keep", "1", "Again").exit_code == 0
    text = (folder / "kept.abc").read_text(encoding="utf-8")
    assert text.startswith("X:1\nT:The Kept\n")
    assert "\n\nX:2\nT:Again\n" in text
    assert "spelling" in text.split("N:")[1]
    assert "seed 7 number 0" in text
    assert not validate(text)
    assert 'kept as "Again"' in run("history").stdout


@pytest.mark.parametrize(
    "command", [["more", "1"], ["tweak", "1", "--seed", "2"], ["replay", "1"], ["keep", "1", "a"]]
)
def test_without_a_history_there_is_nothing_to_go_on_from(run: Run, command: list[str]) -> None:
    done = run(*command)
    assert done.exit_code == 2
    assert done.stderr == "abclm: the ledger has no tunes yet: abclm generate\n"


@pytest.mark.usefixtures("made")
def test_another_model_of_the_same_name_is_not_taken_for_the_one_that_made_it(
    run: Run, spelling: Path
) -> None:
    from abclm.model.checkpoint.checkpoint import load_checkpoint
    from abclm.model.checkpoint.tensor_file import save_tensors

    weights = dict(load_checkpoint(spelling).weights)
    weights["dense/bias"] = weights["dense/bias"] + 1
    save_tensors(spelling / "weights.safetensors", weights)
    done = run("replay", "1")
    assert done.exit_code == 2
    assert "no longer the one that made tune 1" in done.stderr


def test_best_of_says_why(run: Run, spelling: Path) -> None:
    done = run("generate", "--checkpoint", "spelling", "--best-of", "3", "--seed", "1")
    assert done.stdout == "X:1\n" + SPELT
    assert "best of 3: " in done.stderr
    assert "bits per note" in done.stderr
    assert run("replay", "1").exit_code == 0


def test_max_copy_needs_to_know_what_was_learnt(run: Run, spelling: Path) -> None:
    done = run("generate", "--checkpoint", "spelling", "--max-copy", "0.4")
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1


def test_two_writers_of_a_book_lose_nothing(folder: Path) -> None:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    book = folder / "book.abc"
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        list(pool.map(append_to_book, [book] * 24, [[SPELT]] * 24, [say] * 24))
    text = book.read_text(encoding="utf-8")
    assert [int(line[2:]) for line in text.splitlines() if line.startswith("X:")] == [*range(1, 25)]
