"""A model: what it writes, what it does to tunes, and that it is what the command line does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import abclm
from abclm.cli import app
from abclm.errors import CheckpointError, InputError
from abclm.ledger.history import ledger_path, logged
from tests.cli.conftest import SPELT

BOOK = (
    "L:1/8\n\nX:2\nT:a\nM:2/4\nK:G\nGABc|d2d2|GABc|d4|]\n% behind\n\n"
    "X:3\nT:begun\nM:2/4\nK:G\nGABc|d2d2|\n% a comment\n"
)


def command(*args: str) -> str:
    done = CliRunner().invoke(app, list(args))
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_a_tune_is_whole_abc(model: abclm.Model) -> None:
    tune = model.generate(seed=1)
    assert tune.abc == f"X:1\n{SPELT}"
    assert tune.id is None
    assert not ledger_path().exists()


@pytest.mark.slow
def test_it_is_what_the_command_writes() -> None:
    model = abclm.load()
    wanted: dict[str, Any] = {"rhythm": "reel", "key": "Edor", "best_of": 2}
    tunes = model.generate(count=2, seed=7, **wanted)
    args = ["--rhythm", "reel", "--key", "Edor", "--best-of", "2", "-n", "2", "--seed", "7"]
    assert "\n".join(tune.abc for tune in tunes) == command("generate", *args)
    assert all(tune.why for tune in tunes)
    asked = model.generate("a reel in E dorian", seed=7)
    assert asked.key == "Edor"
    assert asked == model.generate(rhythm="reel", key="Edor", seed=7)


def test_the_number_of_the_prompt_is_kept(model: abclm.Model) -> None:
    tunes = model.generate("X:4\nT:Named", count=2, seed=1)
    assert [(tune.number, tune.title) for tune in tunes] == [(4, "Named"), (5, "Named")]


def test_a_tune_can_be_logged(model: abclm.Model) -> None:
    tune = model.generate(seed=1, log=True)
    assert tune.id == 1
    assert logged(1, print).entry.text == SPELT


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seed": -1}, "--seed must lie between"),
        ({"count": 0}, "count must be 1 or more"),
        ({"max_copy": 2.0}, "--max-copy must be above 0"),
        ({"key": "H"}, "H"),
        ({"temperature": -1.0}, "temperature"),
    ],
)
def test_what_cannot_be_used_is_refused(
    model: abclm.Model, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        model.generate(**options)


def test_a_missing_model_is_refused_with_those_there_are(model: abclm.Model) -> None:
    with pytest.raises(CheckpointError, match=r"(?s)nothing.*spelling"):
        abclm.load("nothing")


@pytest.mark.slow
def test_bits_per_note_are_those_of_surprisal() -> None:
    model = abclm.load()
    tune = model.generate(seed=4)
    assert tune.bits_per_note == model.surprisal(tune).bits_per_note
    assert model.originality(tune).distinct > 0


@pytest.mark.slow
@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize(
    ("words", "work"),
    [
        (
            ("redo", "--bars", "2", "-n", "1", "--pick", "1"),
            lambda model, tune: model.redo(tune, bars="2", count=1, seed=3)[0],
        ),
        (
            ("continue", "--bars", "1"),
            lambda model, tune: model.continue_(tune, bars=1, seed=3),
        ),
        (
            ("second-part", "-n", "2", "--pick", "2"),
            lambda model, tune: model.second_part(tune, count=2, pick=2, seed=3),
        ),
    ],
    ids=["redo", "continue", "second-part"],
)
def test_work_on_a_book_is_what_the_command_does_to_the_file(
    number: int, words: tuple[str, ...], work: Callable[[abclm.Model, abclm.Tune], abclm.Tune]
) -> None:
    Path("book.abc").write_text(BOOK, encoding="utf-8")
    model, book = abclm.load(), abclm.read("book.abc")
    args = (words[0], "book.abc", *words[1:], "--tune", str(number), "--seed", "3")
    done = CliRunner().invoke(app, list(args))
    if done.exit_code:
        with pytest.raises(InputError) as caught:
            work(model, book[number])
        assert str(caught.value) in done.stderr
        return
    book[number] = work(model, book[number])
    assert book.text == done.stdout
    book.save()
    assert Path("book.abc").read_text(encoding="utf-8") == done.stdout


def test_a_revised_tune_is_whole_too(model: abclm.Model) -> None:
    Path("book.abc").write_text(BOOK, encoding="utf-8")
    tune = abclm.load().redo(abclm.read("book.abc")[2], bars="2", count=1, seed=3)[0]
    assert tune.abc.startswith("X:2\nT:a\nL:1/8\nM:2/4\nK:G\nGABc|")
    assert "% behind" not in tune.abc
    assert not tune.problems()


@pytest.mark.slow
def test_a_candidate_that_is_not_there_cannot_be_picked() -> None:
    begun = abclm.Tune("X:1\nT:t\nM:2/4\nL:1/8\nK:G\nGABc|d2d2|")
    with pytest.raises(InputError, match="there are candidates 1 to 1"):
        abclm.load().continue_(begun, bars=1, pick=2, seed=3)
