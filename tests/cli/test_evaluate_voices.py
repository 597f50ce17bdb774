"""``abclm evaluate`` with a model of several voices."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from abclm.corpus.build import build_corpus
from abclm.corpus.recipes import own_recipe
from abclm.corpus.store import save_corpus
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.rows_text import piece_text, usual_of_pieces
from tests.cli.conftest import Run, save_checkpoint
from tests.evaluate.voices.pieces import chorale

PIECES = [
    chorale(rows, title) for rows, title in (("0120", "Abe"), ("3013", "Dan"), ("2301", "Eve"))
]
ALPHABET = "".join(map(chr, range(32, 127))) + "\n"


@pytest.fixture
def several(folder: Path, spelling_model: Callable[..., Checkpoint]) -> Path:
    """A checkpoint of four voices that says it has learnt from a corpus of three pieces."""
    book = folder / "book.abc"
    book.write_text("\n".join(f"X:{number}\n{text}" for number, text in enumerate(PIECES, 1)))
    recipe = own_recipe("four", [book])
    recipe = replace(
        recipe, held_out=0.4, filters=replace(recipe.filters, voices=4, near_duplicates=False)
    )
    report = save_corpus(recipe, build_corpus(recipe), folder / "corpora" / "four")
    model = spelling_model(piece_text(PIECES[0], usual_of_pieces(PIECES)), ALPHABET)
    model.config.corpus.update(name="four", sha256=report["sha256"])
    return save_checkpoint(model, folder / "checkpoints" / "several")


def test_the_tables_are_on_stdout(run: Run, several: Path) -> None:
    done = run("evaluate", "several", "-n", "2", "--no-parallels")
    assert done.exit_code == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["test", "2", "100.0", "100", "100", "100", "100"] in [line[:7] for line in lines]
    assert any(line[:2] == ["test", "--no-parallels"] for line in lines)
    assert any(line[:3] == ["real,", "held", "out"] for line in lines)
    assert any(line[:2] == ["n-gram", "of"] for line in lines)
    assert lines[-1][:4] == ["2", "pieces", "at", "once:"]


def test_json_has_all_figures(run: Run, several: Path) -> None:
    found = json.loads(run("evaluate", "several", "-n", "2", "--json").stdout)
    assert [row["kind"] for row in found["rows"]] == ["model", "human", "human"]
    assert found["rows"][0]["aligned"] == 1
    assert set(found["bits"][0]) == {"name", "family"}


def test_two_checkpoints_stand_in_one_table(run: Run, several: Path) -> None:
    same = str(several)
    done = run("evaluate", "several", same, "-n", "2", "--json")
    assert len(json.loads(done.stdout)["checkpoints"]) == 2


def test_a_users_pieces_are_the_human_row(run: Run, several: Path, folder: Path) -> None:
    (folder / "mine.abc").write_text(f"X:1\n{chorale('0210')}")
    done = run("evaluate", "several", "-n", "2", "--tunes", "mine.abc", "--json")
    assert json.loads(done.stdout)["rows"][1]["name"] == "real, given"


@pytest.mark.parametrize(
    "options", [("--html", "a.html"), ("--effects",), ("--by", "key")], ids=lambda one: one[0]
)
def test_what_is_of_one_voice_alone_is_refused(
    options: tuple[str, ...], run: Run, several: Path
) -> None:
    done = run("evaluate", "several", *options)
    assert done.exit_code == 2
    assert f"{options[0]} is not for models of several voices" in done.stderr


def test_models_of_one_voice_and_of_several_do_not_mix(
    run: Run, several: Path, spelling: Path
) -> None:
    done = run("evaluate", str(several), str(spelling), "-n", "2")
    assert done.exit_code == 2
    assert "give one kind" in done.stderr


def test_no_parallels_needs_several_voices(run: Run, spelling: Path) -> None:
    done = run("evaluate", "spelling", "--no-parallels")
    assert done.exit_code == 2
    assert "--no-parallels is for models of several voices" in done.stderr
