"""``abclm checkpoint judge`` puts a judge of phrases beside a checkpoint of that corpus."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from abclm.api.companions import make_companions
from abclm.compose.generation import Composer
from abclm.compose.judge import JUDGE, Judge, load_judge
from abclm.compose.teaching import RIVALS, teach_judge
from abclm.corpus.store import load_corpus
from abclm.model.checkpoint.title_list import TITLES
from tests.cli.conftest import Run

BOOK = "\n".join(
    f"X:{number}\nT:t{number}\nM:2/4\nL:1/8\nK:G\n{first}|d2e2|{last}|G4|]\n"
    for number, first, last in ((1, "gfed", "BAFA"), (2, "G2B2", "cBAF"), (3, "dBGB", "AcBA"))
)


@pytest.fixture
def trained(run: Run, folder: Path, spelling: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (folder / "book.abc").write_text(BOOK, encoding="utf-8")
    assert run("corpus", "build", "mine", "book.abc").exit_code == 0
    config = json.loads((spelling / "config.json").read_text())
    report = json.loads((folder / "corpora" / "mine" / "corpus.json").read_text())
    config["corpus"] = {"name": "mine", "sha256": report["sha256"]}
    (spelling / "config.json").write_text(json.dumps(config))
    few = partial(teach_judge, count=2)
    monkeypatch.setattr("abclm.api.companions.teach_judge", few)
    return spelling


def test_a_judge_is_put_beside_the_weights_and_used(run: Run, trained: Path) -> None:
    assert run("checkpoint", "judge", "spelling").exit_code == 0
    assert load_judge(trained / JUDGE).weights.any()
    made = run("generate", "--checkpoint", "spelling", "--seed", "1")
    assert (made.exit_code, made.stdout[:4]) == (0, "X:1\n")


def test_it_is_taught_again_on_what_it_has_chosen(
    run: Run, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[tuple[int, bool]] = []

    def noted(composer: Composer, texts: Sequence[str], *, rivals: int = 1, **rest: Any) -> Judge:
        rounds.append((rivals, composer.judge is not None))
        return teach_judge(composer, texts, rivals=rivals, count=2, **rest)

    monkeypatch.setattr("abclm.api.companions.teach_judge", noted)
    assert run("checkpoint", "judge", "spelling").exit_code == 0
    assert rounds == [(1, False), (RIVALS, True)]


def test_another_corpus_is_refused(run: Run, trained: Path, folder: Path) -> None:
    (folder / "other.abc").write_text(BOOK.replace("gfed", "gedB"), encoding="utf-8")
    assert run("corpus", "build", "other", "other.abc").exit_code == 0
    done = run("checkpoint", "judge", "spelling", "--corpus", "other")
    assert done.exit_code == 2
    assert "spelling was not trained on the corpus other as it is now" in done.stderr
    assert not (trained / JUDGE).exists()


@pytest.mark.parametrize(("least", "judged"), [(2, True), (300, False)])
def test_training_leaves_titles_and_of_tunes_enough_a_judge(
    trained: Path, monkeypatch: pytest.MonkeyPatch, least: int, judged: bool
) -> None:
    monkeypatch.setattr("abclm.api.companions.LEAST_TUNES", least)
    monkeypatch.setattr("abclm.api.companions.check_copying", lambda *_: "")
    make_companions(trained, load_corpus("mine"), None, print)
    assert (trained / TITLES).is_file()
    assert (trained / JUDGE).is_file() is judged
