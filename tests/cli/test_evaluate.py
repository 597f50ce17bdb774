import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from abclm.evaluate.apart.comparison import compare
from abclm.model.checkpoint.checkpoint import Checkpoint, save_config
from abclm.model.checkpoint.tensor_file import save_tensors
from abclm.originality.index import INDEX
from tests.cli.conftest import READ, SPELT, Run
from tests.evaluate.music import tune_with_form, tune_without_form

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
    model = spelling_model(READ, KNOWN + LETTERS)
    report = json.loads((folder / "corpora" / corpus / "corpus.json").read_text())
    model.config.corpus.update(name=corpus, sha256=report["sha256"])
    path = folder / "checkpoints" / "spelling"
    path.mkdir(parents=True)
    save_config(path, model.config)
    save_tensors(path / "weights.safetensors", model.weights)
    return path


def test_the_table_is_on_stdout_and_the_progress_on_stderr(run: Run, trained: Path) -> None:
    done = run("evaluate", "spelling", "-n", "3")
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert any(line.split()[:5] == ["test", "--raw", "3", "100.0", "100.0"] for line in lines)
    assert any(line.split()[:6] == ["real,", "held", "out", "by", "family", "1"] for line in lines)
    assert any(line.strip().startswith("folk-rnn, published") for line in lines)
    assert [line for line in lines if line.strip().startswith("predicted by")]
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
    # Two tables, form before copying and form before the rest.
    assert len(rows) == 4
    assert max(map(len, shown.splitlines())) <= 80


@pytest.fixture
def two(run: Run, trained: Path) -> list[str]:
    """The names of two checkpoints of one corpus, whose networks differ in the number of epochs."""
    other = trained.parent / "other"
    shutil.copytree(trained, other)
    for folder, epoch in ((trained, 10), (other, 50)):
        config = json.loads((folder / "config.json").read_text())
        config["results"] = {"epoch": epoch}
        (folder / "config.json").write_text(json.dumps(config))
    return ["spelling", "other"]


def test_two_checkpoints_stand_side_by_side(run: Run, two: list[str]) -> None:
    done = run("evaluate", *two, "-n", "2")
    assert done.exit_code == 0, done.stderr
    rows = {line.strip().split("  ")[0]: line.split() for line in done.stdout.splitlines()}
    assert rows["network"][:4] == ["network", "LSTM", "1", "x"]
    assert rows["epoch"] == ["epoch", "10", "50", "-"]
    assert rows["tunes"] == ["tunes", "2", "2", "1"]
    assert "different corpora" not in done.stderr
    alone = json.loads(run("evaluate", "other", "-n", "2", "--json").stdout)
    both = json.loads(run("evaluate", *two, "-n", "2", "--json").stdout)["checkpoints"]
    assert len(both) == 2
    assert both[1]["rows"][2] == alone["rows"][2]
    assert both[1]["network"].startswith("LSTM 1 x ")


def test_json_has_every_figure(run: Run, trained: Path) -> None:
    done = run("evaluate", trained, "--count", "2", "--seed", "4", "--temperature", "0.5", "--json")
    table = json.loads(done.stdout)
    assert table["options"] == {"count": 2, "seed": 4, "temperature": 0.5, "candidates": 8}
    raw = table["rows"][0]
    assert (raw["name"], raw["valid"], raw["ended"]) == ("test --raw", 1, 1)
    assert raw["likeness"]["mean"] < 1
    assert (raw["music"]["final_tonic"], raw["music"]["distinct_bars"]) == (0, 0.75)
    assert (table["told_apart"], table["floor"], table["breakdowns"]) == (None, None, {})
    assert table["corpus"]["name"] == "mine"
    assert {row["name"] for row in table["bits"]} == {"test", "n-gram of order 6"}
    assert table["splits"]["family"]["tunes"] == 1


def test_musical_columns_stand_below_the_others(run: Run, trained: Path) -> None:
    done = run("evaluate", "spelling", "-n", "3")
    rows = [line.split() for line in done.stdout.splitlines()]
    # It ends on d in G, has one section of four bars, and GABc twice among them.
    assert ["test", "3", "0.0", "-", "-", "-", "-", "75.0"] in [row[:8] for row in rows]
    assert "told apart: not measured: real tunes are 1 of 16 notes" in done.stderr
    assert "told from real" not in done.stdout


@pytest.mark.slow
def test_columns_are_broken_down_by_rhythm_and_by_key(run: Run, trained: Path) -> None:
    done = run("evaluate", "spelling", "-n", "3", "--by", "rhythm", "--by", "key")
    assert done.exit_code == 0
    heads = [line.split()[0] for line in done.stdout.splitlines() if ": tunes of" in line]
    assert heads == ["rhythm:", "key:"]
    table = json.loads(run("evaluate", "spelling", "-n", "3", "--by", "key", "--json").stdout)
    parts = table["breakdowns"]["key"]
    assert {part["value"] for part in parts} == {"other"}
    assert [part["tunes"] for part in parts][:3] == [3, 3, 1]


@pytest.mark.slow
def test_what_gives_a_model_away_is_shown_where_it_is_asked_for(
    run: Run, trained: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    found = compare(
        [tune_with_form(rng, str(number)) for number in range(25)],
        [tune_without_form(rng) for _ in range(25)],
        [],
    )
    monkeypatch.setattr("abclm.evaluate.bench.compare", lambda *_sides: found)
    shown = run("evaluate", "spelling", "-n", "1", "--effects").stdout
    assert "bar 5 is bar 1" in shown
    assert "n-gram" in shown
    assert "told from real" in shown
    assert "bar 5 is bar 1" not in run("evaluate", "spelling", "-n", "1").stdout
    table = json.loads(run("evaluate", "spelling", "-n", "1", "--json").stdout)
    assert table["told_apart"]["tunes"] == [25, 25]
    assert {"feature", "real", "written", "effect", "low", "high"} == set(table["effects"][0])
    assert {"ngram", "weight", "real", "written"} == set(table["ngrams"][0])


def test_the_index_beside_the_checkpoint_is_used(run: Run, trained: Path) -> None:
    assert run("checkpoint", "index", "spelling").exit_code == 0
    assert (trained / INDEX).is_file()
    done = run("evaluate", "spelling", "-n", "1", "--json")
    assert done.exit_code == 0
    assert "indexing" not in done.stderr


def test_a_tunebook_takes_the_place_of_what_is_held_out(
    run: Run, trained: Path, folder: Path
) -> None:
    (folder / "mine.abc").write_text(f"X:1\n{SPELT}\nX:2\n{SPELT.replace('B', '~B')}")
    (folder / "more.abc").write_text(book_of("0123"))
    books = ("--tunes", "mine.abc", "--tunes", "more.abc")
    done = run("evaluate", "spelling", *books, "-n", "1", "--json")
    table = json.loads(done.stdout)
    assert table["splits"] == {
        "given": {"tunes": 2, "left_out": {"characters the model does not know": 1}}
    }
    assert [row["name"] for row in table["rows"] if row["kind"] == "human"] == [
        "real, given",
        "real, training",
    ]
    assert "tunes given: 1 left out: characters the model does not know" in done.stderr


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
    assert "figures would not be comparable" in done.stderr
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
        (["spelling", "other", "--html", "x.html"], "--html takes one checkpoint, not 2"),
        (["spelling", "other", "--by", "key"], "--by takes one checkpoint, not 2"),
        (["spelling", "nowhere"], "no checkpoint"),
        (["spelling", "-n", "0"], "count must be 1 or more, not 0"),
        (["spelling", "--by", "title"], "by 'title': rhythm or key"),
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
    (folder / "strange.abc").write_text("X:1\nT:t\nM:4/4\nL:1/8\nK:G\n~G4 G4|]\n")
    done = run("evaluate", *args)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not done.stdout
