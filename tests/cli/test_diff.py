"""``abclm diff``: what differs musically."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

Compare = Callable[..., tuple[int, str]]

HEADER = "X:1\nT:One\nM:2/4\nL:1/8\nK:G\n"
TUNE = HEADER + "GABc|d2B2|f2 ef|G4|]\n"


@pytest.fixture
def compare(run: Run, folder: Path) -> Compare:
    def of(new: str, old: str = TUNE, *options: str) -> tuple[int, str]:
        (folder / "old.abc").write_text(old, encoding="utf-8")
        (folder / "new.abc").write_text(new, encoding="utf-8")
        done = run("diff", "old.abc", "new.abc", *options)
        return done.exit_code, done.stdout

    return of


@pytest.mark.parametrize(
    "new",
    [
        TUNE,
        TUNE.replace("|d2B2|", " | d2 B2\n|"),
        TUNE.replace("f2", "^f2") + "\n% a comment\n",
        HEADER.replace("1/8", "1/16") + "G2A2B2c2|d4B4|f4 e2f2|G8|]\n",
    ],
)
def test_the_same_music_in_other_writing_is_the_same(compare: Compare, new: str) -> None:
    code, out = compare(new)
    assert out.replace("  L: 1/8 -> 1/16\n", "").replace("X:1 One\n", "") == ""
    assert code == ("1/16" in new)


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        (TUNE.replace("d2B2", "d2c2"), ["  bar 2", "    - d2B2", "    + d2c2"]),
        (TUNE.replace("f2", "=f2"), ["  bar 3", "    - f2 ef", "    + =f2 ef"]),
        (TUNE.replace("G4", "z4|G4"), ["  bar 4", "    + z4"]),
        (TUNE.replace("d2B2|", ""), ["  bar 2", "    - d2B2"]),
        (
            TUNE.replace("G4", '"G"G4'),
            ["  bar 4: the same notes, with other signs", "    - G4", "    + G4"],
        ),
        (TUNE.replace("T:One", "T:Uno"), ["  T: One -> Uno"]),
        (TUNE.replace("M:2/4", "M:2/4\nR:polka"), ["  R: (none) -> polka"]),
    ],
)
def test_what_differs_is_shown(compare: Compare, new: str, lines: list[str]) -> None:
    code, out = compare(new)
    assert code == 1
    assert out.splitlines()[1:] == lines


def test_a_tune_in_another_key_is_one_line(run: Run, folder: Path) -> None:
    (folder / "tune.abc").write_text(TUNE, encoding="utf-8")
    run("transpose", "tune.abc", "--key", "A", "--in-place")
    done = run("diff", "tune.abc")
    assert done.stdout.splitlines() == [
        "X:1 One",
        "  K: G -> A",
        "  all notes moved up by 2 semitones",
    ]
    assert done.exit_code == 1


def test_tunes_that_only_one_has(compare: Compare) -> None:
    other = TUNE.replace("X:1", "X:2").replace("One", "Two")
    assert compare(TUNE + "\n" + other)[1] == "X:2 Two: only in new.abc\n"
    assert compare(other)[1].splitlines() == [
        "X:2 Two: only in new.abc",
        "X:1 One: only in old.abc",
    ]


def test_voices_are_compared_one_by_one(compare: Compare) -> None:
    two = HEADER + "V:1\nGABc|d4|]\nV:2\nG4|D4|]\n"
    assert compare(two.replace("D4", "E4"), two)[1].splitlines()[1:] == [
        "  bar 2 of voice 2",
        "    - D4",
        "    + E4",
    ]


def test_as_json(compare: Compare) -> None:
    code, out = compare(TUNE.replace("d2B2", "d2c2"), TUNE, "--json")
    (row,) = json.loads(out)
    assert code == 1
    assert row["bars"] == [
        {"bar": 2, "voice": None, "old": ["d2B2"], "new": ["d2c2"], "notes_differ": True}
    ]
    assert compare(TUNE, TUNE, "--json") == (0, "[]\n")


def test_without_an_old_version_there_is_one_line(run: Run, folder: Path) -> None:
    (folder / "tune.abc").write_text(TUNE, encoding="utf-8")
    for args in (["tune.abc"], ["-"], ["missing.abc", "tune.abc"]):
        done = run("diff", *args)
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1
