import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from abclm.compose.originality_index import INDEX
from abclm.model.checkpoint import Checkpoint, save_config
from abclm.model.weights import save_weights
from tests.cli.conftest import SPELT, Run

BARS = ("GABc d2e2", "dcBA G2B2", "cBAG FGAF", "G4 G4", "fgaf g2e2", "dBGB c2A2", "a2f2 d2f2")
HEADER = "X:{}\nT:{}\nM:4/4\nL:1/8\nK:G\n"
TITLES = ("Abe", "Dan", "Eve", "Ida", "Leo", "Mia")
KNOWN = " '(),-./0123456789:<=>[]^_|{}\n"
LETTERS = "".join(map(chr, (*range(65, 91), *range(97, 123))))


def book_of(*tunes: str) -> str:
    return "\n".join(
        HEADER.format(number, title) + "|".join(BARS[int(bar)] for bar in bars) + "|]\n"
        for number, (title, bars) in enumerate(zip(TITLES, tunes, strict=False), 1)
    )


@pytest.fixture
def corpus(run: Run, folder: Path) -> str:
    """A corpus of six tunes, one of them held out."""
    book = book_of("01234565", "65432101", "02460246", "13513501", "55443322", "21061053")
    (folder / "book.abc").write_text(book)
    assert run("corpus", "build", "mine", "book.abc").exit_code == 0
    return "mine"


@pytest.fixture
def trained(folder: Path, corpus: str, spelling_model: Callable[..., Checkpoint]) -> Path:
    """A checkpoint that says it has learnt from that corpus."""
    model = spelling_model(SPELT, KNOWN + LETTERS)
    report = json.loads((folder / "corpora" / corpus / "corpus.json").read_text())
    model.config.corpus.update(name=corpus, sha256=report["sha256"])
    path = folder / "checkpoints" / "spelling"
    path.mkdir(parents=True)
    save_config(path, model.config)
    save_weights(path / "weights.safetensors", model.weights)
    return path


def test_the_table_is_on_stdout_and_the_progress_on_stderr(run: Run, trained: Path) -> None:
    done = run("evaluate", "spelling", "-n", "3")
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert any(line.split()[:5] == ["test", "--raw", "3", "100.0", "100.0"] for line in lines)
    assert any(line.split()[:6] == ["real,", "held", "out", "by", "family", "1"] for line in lines)
    assert any(line.strip().startswith("folk-rnn, published") for line in lines)
    assert [line for line in lines if line.strip().startswith("foreseen by")]
    assert "test: writing 3 tunes" in done.stderr
    assert "indexing 5 tunes" in done.stderr
    # Whole rows, though a terminal of 80 would have two tables.
    assert max(map(len, lines)) > 90


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_no_row_is_broken_on_a_narrow_terminal(trained: Path, folder: Path) -> None:
    import pty

    master, slave = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "abclm", "evaluate", "spelling", "-n", "1"],
        cwd=folder,
        stdout=slave,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "80"},
        check=True,
    )
    os.close(slave)
    shown = os.read(master, 1 << 16).decode()
    os.close(master)
    rows = [line for line in shown.splitlines() if line.startswith(" real, held out by family")]
    assert len(rows) == 2
    assert max(map(len, shown.splitlines())) <= 80


def test_json_has_every_figure(run: Run, trained: Path) -> None:
    done = run("evaluate", trained, "--count", "2", "--seed", "4", "--temperature", "0.5", "--json")
    table = json.loads(done.stdout)
    assert table["options"] == {"count": 2, "seed": 4, "temperature": 0.5}
    raw = table["rows"][0]
    assert (raw["name"], raw["valid"], raw["ended"]) == ("test --raw", 1, 1)
    assert raw["likeness"]["mean"] < 1
    assert table["corpus"]["name"] == "mine"
    assert {row["name"] for row in table["bits"]} == {"test", "n-gram of order 6"}
    assert table["splits"]["family"]["tunes"] == 1


def test_the_index_beside_the_checkpoint_is_used(run: Run, trained: Path) -> None:
    assert run("checkpoint", "index", "spelling").exit_code == 0
    assert (trained / INDEX).is_file()
    done = run("evaluate", "spelling", "-n", "1", "--json")
    assert done.exit_code == 0
    assert "indexing" not in done.stderr


def test_a_tunebook_takes_the_place_of_what_is_held_out(
    run: Run, trained: Path, folder: Path
) -> None:
    (folder / "mine.abc").write_text(f"X:1\n{SPELT}\nX:2\n{SPELT.replace('T:t', 'T:é')}")
    (folder / "more.abc").write_text(book_of("0123"))
    books = ("--tunes", "mine.abc", "--tunes", "more.abc")
    done = run("evaluate", "spelling", *books, "-n", "1", "--json")
    table = json.loads(done.stdout)
    assert table["splits"] == {
        "given": {"tunes": 2, "left_out": {"characters the model does not know: é": 1}}
    }
    assert [row["name"] for row in table["rows"] if row["kind"] == "human"] == [
        "real, given",
        "real, training",
    ]
    assert "tunes given: 1 left out: characters the model does not know: é" in done.stderr


def test_the_report_is_one_file(run: Run, trained: Path, folder: Path) -> None:
    done = run("evaluate", "spelling", "-n", "2", "--html", "report.html", "--json")
    assert done.exit_code == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<pre><code>X:") == 2
    assert "written: report.html" in done.stderr
    assert json.loads(done.stdout)["rows"]


def _forget(trained: Path, **corpus: str) -> None:
    config = json.loads((trained / "config.json").read_text())
    config["corpus"] = corpus
    (trained / "config.json").write_text(json.dumps(config))


def test_a_corpus_that_is_not_built_is_named_with_the_command_that_builds_it(
    run: Run, trained: Path
) -> None:
    _forget(trained, name="irish", sha256="0")
    done = run("evaluate", "spelling")
    assert done.exit_code == 2
    assert "abclm corpus build irish" in done.stderr
    assert done.stderr.count("\n") == 1


def test_another_corpus_than_the_one_learnt_from_is_refused(run: Run, trained: Path) -> None:
    _forget(trained, name="mine", sha256="0123456789abcdef")
    done = run("evaluate", "spelling")
    assert done.exit_code == 2
    assert "is not what test was trained on (0123456789ab)" in done.stderr
    assert "no figures could be compared" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_checkpoint_without_a_corpus_wants_one(run: Run, trained: Path) -> None:
    _forget(trained)
    done = run("evaluate", "spelling")
    assert (done.exit_code, "give --corpus NAME" in done.stderr) == (2, True)
    assert run("evaluate", "spelling", "--corpus", "mine", "-n", "1", "--json").exit_code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere"], "no checkpoint"),
        (["spelling", "-n", "0"], "count must be 1 or more, not 0"),
        (["spelling", "--seed", "-1"], "seed must be 0 or more, not -1"),
        (["spelling", "--temperature", "-1"], "temperature"),
        (["spelling", "--html", "no/where.html"], "no folder no"),
        (["spelling", "--tunes", "missing.abc"], "missing.abc: cannot be read"),
        (["spelling", "--tunes", "words.abc"], "no tune found"),
        (["spelling", "--tunes", "strange.abc"], "none of 1 can be read"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    run: Run, trained: Path, folder: Path, args: list[str], message: str
) -> None:
    (folder / "words.abc").write_text("words")
    (folder / "strange.abc").write_text("X:1\nT:é\nM:4/4\nL:1/8\nK:G\nG4 G4|]\n", encoding="utf-8")
    done = run("evaluate", *args)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not done.stdout
