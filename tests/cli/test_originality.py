import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

BARS = ("GABc d2e2", "dcBA G2B2", "cBAG FGAF", "G4 G4", "fgaf g2e2", "dBGB c2A2")
HEADER = "X:{}\nT:{}\nM:4/4\nL:1/8\nK:G\n"


def book_of(*tunes: tuple[int, ...]) -> str:
    return "\n".join(
        HEADER.format(number, f"Tune {number}") + "|".join(BARS[bar] for bar in bars) + "|]\n"
        for number, bars in enumerate(tunes, 1)
    )


@pytest.fixture
def corpus(run: Run, folder: Path) -> str:
    """A corpus of three tunes, one of them held out."""
    (folder / "book.abc").write_text(book_of((0, 1, 2, 3), (4, 5, 4, 3), (5, 1, 0, 4)))
    assert run("corpus", "build", "mine", "book.abc").exit_code == 0
    return "mine"


@pytest.fixture
def trained(spelling: Path, corpus: str, folder: Path) -> Path:
    """A checkpoint whose corpus that is."""
    config = json.loads((spelling / "config.json").read_text())
    report = json.loads((folder / "corpora" / corpus / "corpus.json").read_text())
    config["corpus"] = {"name": corpus, "sha256": report["sha256"]}
    (spelling / "config.json").write_text(json.dumps(config))
    return spelling


def test_each_tune_is_one_line(run: Run, trained: Path, folder: Path) -> None:
    copy = (folder / "corpora" / "mine" / "train.abc").read_text()
    done = run("originality", "-", "--checkpoint", "spelling", stdin=copy)
    assert done.exit_code == 0
    first, second = done.stdout.splitlines()
    assert ": 100% of its bars (4 of 4) in " in first
    assert first.endswith("; longest run 4 bars, 22 notes; a setting of the same tune")
    assert second.startswith("<stdin>: X:")
    assert "different tunes of mine share " in done.stderr


def test_max_copy_makes_the_answer_no(run: Run, trained: Path, folder: Path) -> None:
    copy = (folder / "corpora" / "mine" / "train.abc").read_text()
    args = ("originality", "-", "--checkpoint", "spelling", "--json", "--max-copy")
    done = run(*args, "0.4", stdin=copy)
    assert done.exit_code == 1
    assert [entry["share"] for entry in json.loads(done.stdout)] == [1.0, 1.0]
    assert run(*args, "1", stdin=copy).exit_code == 0


def test_the_index_is_made_once_and_then_read(run: Run, trained: Path, folder: Path) -> None:
    made = run("checkpoint", "index", "spelling")
    assert made.exit_code == 0
    assert "each against all others" in made.stdout
    assert (trained / "originality.safetensors").is_file()
    (folder / "corpora" / "mine" / "corpus.json").unlink()
    done = run("originality", "-", "--checkpoint", "spelling", stdin=book_of((0, 1, 2, 3)))
    assert done.exit_code == 0
    assert "indexing" not in done.stderr


def test_an_index_of_other_tunes_is_refused(run: Run, trained: Path) -> None:
    run("checkpoint", "index", "spelling")
    config = (trained / "config.json").read_text()
    sha256 = json.loads(config)["corpus"]["sha256"]
    (trained / "config.json").write_text(config.replace(sha256, "0" * 64))
    done = run("originality", "-", "--checkpoint", "spelling", stdin=book_of((0,)))
    assert done.exit_code == 2
    assert "abclm checkpoint index spelling" in done.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--checkpoint", "spelling"], "not what the model learnt from"),
        (["--corpus", "theirs"], "no corpus 'theirs'; built here: mine"),
        (["--checkpoint", "other"], 'no checkpoint "other"'),
        (["--max-copy", "40"], "--max-copy must lie between 0 and 1"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    run: Run, trained: Path, args: list[str], message: str
) -> None:
    config = trained / "config.json"
    sha256 = json.loads(config.read_text())["corpus"]["sha256"]
    config.write_text(config.read_text().replace(sha256, "0" * 64))
    done = run("originality", "-", *args, stdin=book_of((0,)))
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
