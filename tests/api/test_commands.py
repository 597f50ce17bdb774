"""Each command has its call in the API, and what it does can be done there."""

import re
from pathlib import Path
from typing import get_type_hints

import pytest

import abclm
from abclm.api.training_values import TrainingValues
from abclm.cli.table import COMMANDS, load_command
from abclm.cli.train import train
from abclm.errors import InputError
from tests.cli.conftest import SPELT, Run
from tests.pages import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z -]+)` \| (.*) \|$", PAGE, re.MULTILINE))
OBJECTS = {"model": abclm.Model, "tune": abclm.Tune, "book": abclm.Tunebook}
OBJECTS["history"] = abclm.History
BEGUN = "X:1\nM:2/4\nL:1/8\nK:G\nGABc|d2d2|"


def test_the_page_has_a_row_for_each_command() -> None:
    wanted: list[str] = []
    for name in COMMANDS:
        parts = getattr(load_command(name), "commands", {})
        wanted += [f"{name} {part}" for part in parts] or [name]
    assert sorted(ROWS) == sorted(wanted)


@pytest.mark.parametrize("command", ROWS)
def test_the_calls_of_a_row_exist(command: str) -> None:
    calls = re.findall(r"`(?:(abclm|model|tune|book|history)\.([a-z_]+))?[^`]*`", ROWS[command])
    assert calls
    for holder, name in filter(all, calls):
        assert hasattr(OBJECTS.get(holder, abclm), name), f"{holder}.{name}"


def test_train_takes_all_options_of_the_command() -> None:
    own = {"corpus", "out", "start", "resume", "return"}
    assert get_type_hints(TrainingValues).keys() == get_type_hints(train).keys() - own


def test_what_is_made_from_the_history_is_what_the_commands_make(
    model: abclm.Model, run: Run
) -> None:
    model.generate(seed=5, log=True)
    history = abclm.History()
    assert history[1].abc == run("show", "1").stdout == f"X:1\n{SPELT}"
    assert history.replay(1) == history[1]
    more = history.more(1, 2, seed=4, log=True)
    assert [tune.id for tune in more] == [2, 3]
    assert "\n".join(tune.abc for tune in more) == run("more", "1", "-n", "2", "--seed", "4").stdout
    tweaked = history.tweak(1, key="A")
    assert tweaked.abc == run("tweak", "1", "--key", "A").stdout
    assert tweaked.id is None
    assert [(depth, one.id) for depth, one in history.tree(number=1)][:2] == [(0, 1), (1, 2)]
    with pytest.raises(InputError, match="nothing to change"):
        history.tweak(1)


def test_a_reworked_tune_can_be_logged_and_made_again(model: abclm.Model) -> None:
    tune = model.continue_(abclm.Tune(BEGUN), seed=2)
    history = abclm.History()
    logged = history.add(tune)
    assert (tune.id, logged.id) == (None, 1)
    assert logged == tune == history[1] == history.replay(1)
    with pytest.raises(InputError, match="continued or reworked"):
        history.add(abclm.Tune(BEGUN))


def test_a_history_without_tunes_says_so() -> None:
    history = abclm.History()
    assert history.tree() == []
    for what in (history.logged, history.__getitem__, history.replay):
        with pytest.raises(InputError, match="no tunes yet"):
            what(1)


def test_a_tune_is_shown_as_it_is_written(model: abclm.Model) -> None:
    pieces: list[str] = []
    tune = model.generate(seed=1, on_character=pieces.append)
    assert f"X:1\n{''.join(pieces)}" == tune.abc


def test_a_book_is_moved_and_fixed_as_the_commands_do(folder: Path, run: Run) -> None:
    text = "X:2\nT:a\nM:2/4\nL:1/8\nK:G\nGABc|d4|]\n\nX:2\nT:b\nM:2/4\nL:1/8\nK:D\nDEFG|A4\n"
    (folder / "book.abc").write_text(text)
    book = abclm.read("book.abc")
    book.transpose("A")
    assert book.text == run("transpose", "book.abc", "--key", "A").stdout
    book = abclm.read("book.abc")
    mended = book.fix()
    assert run("validate", "--fix", "book.abc").stderr.count("book.abc:") >= len(mended)
    assert book.text == (folder / "book.abc").read_text()


def test_a_tune_is_played_as_wished(model: abclm.Model, folder: Path, run: Run) -> None:
    tune = model.generate(seed=1)
    tune.save("tune.abc")
    tune.save("tune.mid", tempo=90, instrument="flute", swing=True)
    args = ["--tempo", "90", "--instrument", "flute", "--swing"]
    assert run("render", "tune.abc", "--midi", "other.mid", *args).exit_code == 0
    assert (folder / "tune.mid").read_bytes() == (folder / "other.mid").read_bytes()
    with pytest.raises(InputError, match="tempo"):
        tune.save("tune.mid", tempo=1)


def test_corpora_and_checkpoints_are_listed_with_their_reports(
    model: abclm.Model, folder: Path
) -> None:
    assert abclm.corpora()["irish"] is None
    checkpoints = abclm.checkpoints()
    assert {path.name: config for path, config in checkpoints.items()}["spelling"] == model.config
