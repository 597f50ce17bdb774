"""Tunes of the shipped model, new ones and those that it works on, to the byte."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.goldens import golden, subject
from tests.goldens.orders import ORDERS, Order

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).parent / "fixtures"
UNFINISHED = {
    "reel": "cAFA|GABc",
    "jig": "\nB|",
    "waltz": "/e/f/ed",
    "air": "BA ^G2A2|B6E2",
    "polka": "c/ dB|c2 F2|",
}
"""Where each tune is cut to be gone on from: before the last such text."""
REDONE = {
    "reel": ["--section", "B", "--bars", "2-3"],
    "jig": ["--bars", "3-4"],
    "waltz": ["--bars", "5"],
    "air": ["--bars", "9-12"],
    "polka": ["--section", "A"],
}


def made(orders: tuple[Order, ...]) -> tuple[str, dict[str, Any]]:
    """The tunes that are ordered as one tunebook, and the table of what is known beside."""
    texts: list[str] = []
    table: dict[str, Any] = {}
    for order in orders:
        tunes = subject.generated(
            order.prompt,
            order.options,
            seed=order.seed,
            numbers=range(order.first, order.first + order.count),
            rivals=order.rivals,
        )
        for tune in tunes:
            name = f"{order.name}, {order.seed}-{tune.number}"
            texts.append(f"X:{len(texts) + 1}\n% {name}\n{tune.text}")
            table[name] = subject.generated_row(tune)
    return "\n".join(texts), table


@pytest.mark.parametrize("raw", [False, True], ids=["in_metre", "raw"])
def test_a_hundred_tunes_come_out_as_they_did(raw: bool) -> None:
    orders = tuple(order for order in ORDERS if order.options.get("raw", False) is raw)
    texts, table = made(orders)
    name = "raw" if raw else "in_metre"
    assert len(table) == 100
    golden.check_text(f"tunes/{name}.abc", texts)
    golden.check_table(f"tunes/{name}.json", table)


@pytest.fixture(params=sorted(UNFINISHED))
def tune(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a tune whose file, whole and cut, lies in the current folder."""
    name = str(request.param)
    text = (FIXTURES / f"{name}.abc").read_text(encoding="utf-8")
    Path(tmp_path / f"{name}.abc").write_text(text, encoding="utf-8")
    cut = text[: text.rindex(UNFINISHED[name])]
    Path(tmp_path / f"{name}-begun.abc").write_text(cut, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ABCLM_DATA", str(tmp_path / "data"))
    return name


def printed(*args: str) -> Any:
    """What a command prints as JSON, or why it does nothing."""
    done = subject.run_command([*args, "--json"])
    return done.stderr if done.exit_code else json.loads(done.stdout)


def test_what_is_made_of_a_tune_is_what_it_was(tune: str) -> None:
    """The candidates of ``continue``, ``second-part`` and ``redo``, with all that is said of them,
    and the whole file with the first one.
    """
    whole, begun = f"{tune}.abc", f"{tune}-begun.abc"
    seed = ["--seed", "5"]
    commands = {
        "continue": ["continue", begun, *seed, "-n", "3"],
        "continue by two bars": ["continue", begun, *seed, "-n", "2", "--bars", "2"],
        "second part": ["second-part", whole, *seed, "-n", "3"],
        "second part of four bars": ["second-part", whole, *seed, "-n", "2", "--bars", "4"],
        "redo": ["redo", whole, *REDONE[tune], *seed],
        "redo at temperature 0.5": [
            "redo", whole, *REDONE[tune], *seed, "-n", "2", "--temperature", "0.5"
        ],
    }  # fmt: skip
    table: dict[str, Any] = {name: printed(*args) for name, args in commands.items()}
    for name in ("continue", "second part", "redo"):
        done = subject.run_command([*commands[name], "--pick", "1"])
        table[f"{name}, the file"] = [*done.stdout.splitlines(keepends=True), done.stderr]
    golden.check_table(f"work/{tune}.json", table)


def test_a_tune_is_as_surprising_as_it_was(tune: str) -> None:
    text = Path(f"{tune}.abc").read_text(encoding="utf-8")
    done = subject.run_command(["surprise", f"{tune}.abc"])
    table = {
        "notes": subject.note_surprises(text),
        "as JSON": printed("surprise", f"{tune}.abc"),
        "as text": len(done.stdout.splitlines()),
        "remarks": done.stderr,
    }
    golden.check_table(f"surprise/{tune}.json", table)
