"""``abclm suggest-set``."""

import json
from pathlib import Path

import pytest

import abclm
from tests.cli.conftest import Run

BOOK = "".join(
    f"X:{n}\nT:{title}\nR:{rhythm}\nM:6/8\nL:1/8\nK:{key}\n{body}\n\n"
    for n, title, rhythm, key, body in (
        (1, "High", "jig", "D", "dfa dfa|agf d3|"),
        (2, "Low", "jig", "G", "D3 E3|G3 D3|"),
        (3, "Middle", "double jig", "D", "DFA DFA|AGF D3|"),
        (4, "Other", "slide", "D", "DFA DFA|AGF D3|"),
    )
)


@pytest.fixture
def book(folder: Path) -> Path:
    path = folder / "book.abc"
    path.write_text(BOOK, encoding="utf-8")
    return path


def test_three_tunes_and_why(run: Run, book: Path) -> None:
    result = run("suggest-set", book)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "1: jig, G - D - D"
    assert lines[1] == "  X:2 Low (G)"
    assert lines[2].startswith("  X:3 Middle (D): up a fifth (G to D), higher by 1")
    assert "--tune 2,3,1" in result.stderr
    assert run("render", book, "--tune", "2,3,1", "--midi", "set.mid").exit_code == 0


def test_as_json_and_from_python(run: Run, book: Path) -> None:
    (row,) = json.loads(run("suggest-set", book, "--json", "--start", "High").stdout)
    assert row["tunes"][0]["title"] == "High"
    assert row["tune"].startswith("1,")
    (found,) = abclm.read(book).suggest_sets(start="High")
    assert found.as_dict() == row


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--rhythm", "polka"], "no tune is a polka; there are: jig, slide"),
        (["--start", "4"], "a set needs three tunes"),
        (["--start", "None"], "no tune is called 'None'"),
        (["--rhythm", "slide"], "a set needs three tunes"),
        (["-n", "0"], "--count must be 1 or more"),
    ],
)
def test_what_cannot_be_suggested(run: Run, book: Path, options: list[str], message: str) -> None:
    result = run("suggest-set", book, *options)
    assert result.exit_code == 2
    assert message in result.stderr
