"""Candidates appear on a terminal as they are written; elsewhere and afterwards only the result."""

from collections.abc import Callable
from pathlib import Path

import pytest

from abclm.api.model import load
from abclm.api.task import Task
from abclm.compose.chosen import choose_one
from abclm.notation.syntax.source import Source
from tests.cli.pseudo_terminal import at_terminal

pytestmark = pytest.mark.slow

TUNE = "X:1\nT:t\nM:2/4\nL:1/8\nK:G\nGABc|d2B2|ABcA|G2 z2|\n"

SIXTEENTHS = "X:1\nT:t\nM:2/4\nL:1/16\nK:G\nG2A2B2c2|d4B4|A2B2c2A2|G4 z4|\n"


@pytest.mark.parametrize(
    ("command", "bars", "text"),
    [
        ("redo", "2", TUNE),
        ("continue", 2, TUNE),
        ("second-part", 2, TUNE.replace("z2|", "z2|]")),
        ("continue", 2, SIXTEENTHS),
    ],
)
def test_each_candidate_is_told_once_and_the_result_is_the_same(
    command: str, bars: str | int, text: str
) -> None:
    chosen, model = choose_one(Source.of(text, "t.abc")), load("irish")
    task = Task(command, Path("t.abc"), 1, 3, 3, 0.9, "irish", bars=bars)
    alone = task.carry_out(model.composer, chosen)
    told: list[str] = []
    watched = task.carry_out(model.composer, chosen, on_candidate=told.append)
    assert watched == alone
    assert len(told) >= len(alone.offers)
    music = {" ".join(one.split()).replace("|", "").replace(" ", "") for one in told}
    for offer in alone.offers:
        shown = "".join(offer.lines).replace("|", "").replace(" ", "").replace("]", "")
        assert any(shown in one.replace("]", "") or one in shown for one in music), (shown, music)


def test_a_terminal_shows_them_and_a_file_does_not(
    folder: Path, run: Callable[..., object]
) -> None:
    (folder / "t.abc").write_text(TUNE, encoding="utf-8")
    args = ["redo", "t.abc", "--bars", "2", "-n", "2", "--seed", "1", "--pick", "1"]
    screen = at_terminal([args], folder, {"TERM": "xterm", "COLUMNS": "60"}).decode()
    assert "writing 2 candidates" in screen
    assert "1 of 2: " in screen
    assert "2 of 2: " in screen
