"""What is made of a tune in a file is in the history, and can be made again from there."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from abclm.notation.check.validate import validate
from tests.cli.conftest import Run

HEADER = "X:2\nT:t\nM:2/4\nL:1/8\nK:G\n"
WHOLE = HEADER + "GABc|d2B2|ABcA|G4|]\n"
ODD = (
    b"\xef\xbb\xbf%abc\r\nM:2/4\r\nR:reel\r\n\r\nX:1\r\nT:other\r\nK:D\r\nD4|]\r\n\r\n"
    b'X:2\r\nT:Caf\xc3\xa9\r\nN:mine\r\nL:1/4\r\nK:G\r\n"G"G/A/B|d2|GA|B% \r\n% b\r\n\r\n'
    b"X:3\r\nT:last\r\nK:D\r\nD4|]\r\n"
)
WINDOWS = b"X:1\nT:Caf\xe9\x92s \x81\nM:2/4\nL:1/8\nK:G\nGABc|d2B2|\nGA\n"
SEED = ("--seed", "1")
SPELLING = ("--checkpoint", "spelling", *SEED)


@pytest.fixture(autouse=True)
def _empty_history(folder: Path, spelling: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))


@pytest.fixture
def whole(folder: Path) -> Path:
    path = folder / "whole.abc"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def change(values: str) -> None:
    """Set ``values`` in the ledger behind the back of abclm."""
    connection = sqlite3.connect("data/ledger.sqlite")
    connection.execute(f"UPDATE tunes SET {values}")
    connection.commit()
    connection.close()


def logged(run: Run, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("show", str(number), "--json").stdout)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "args", "done"),
    [
        (WHOLE.encode(), ["redo", "--bars", "2-3", "--pick", "2"], "redo odd.abc --bars 2-3"),
        (WHOLE.encode(), ["redo", "--section", "a", "--bars", "2", "--pick", "1"],
         "redo odd.abc --section a --bars 2"),
        (WHOLE.encode(), ["second-part"], "second-part odd.abc"),
        (WHOLE.encode(), ["second-part", "--bars", "3", "--pick", "2"],
         "second-part odd.abc --bars 3"),
        (WHOLE[:-3].encode(), ["continue"], "continue odd.abc"),
        (WHOLE[:-8].encode(), ["continue", "--bars", "3", "-n", "2"], "continue odd.abc --bars 3"),
        (ODD, ["continue", "--tune", "2"], "continue odd.abc --tune 2"),
        (ODD, ["continue", "--tune", "2", "--bars", "1", "--temperature", "0.5"],
         "continue odd.abc --tune 2 --bars 1"),
        (ODD, ["redo", "--tune", "2", "--bars", "2", "--pick", "1"],
         "redo odd.abc --tune 2 --bars 2"),
        (ODD.replace(b"GA|B", b"GA|B2|]"), ["second-part", "--tune", "2"],
         "second-part odd.abc --tune 2"),
        (WINDOWS, ["continue"], "continue odd.abc"),
        (WINDOWS, ["redo", "--bars", "2", "--pick", "1"], "redo odd.abc --bars 2"),
    ],
)  # fmt: skip
def test_it_is_in_the_history_and_comes_out_the_same_without_the_file(
    run: Run, folder: Path, data: bytes, args: list[str], done: str
) -> None:
    (folder / "odd.abc").write_bytes(data)
    command, *options = args
    first = run(command, "odd.abc", *options, *SEED)
    assert first.exit_code == 0, first.stderr
    assert first.stderr.endswith("id 1\n")
    assert f") {done}, 20" in run("history").stdout
    (folder / "odd.abc").unlink()
    shown = run("show", "1")
    again = run("replay", "1")
    assert (again.exit_code, again.stdout) == (0, shown.stdout)
    assert "the same, byte for byte" in again.stderr
    (row,) = json.loads(run("replay", "1", "--json").stdout)
    assert row["abc"] == shown.stdout
    notes = "".join(first.stdout_bytes.decode("utf-8-sig", "replace").split())
    assert "".join(shown.stdout.partition("K:G\n")[2].split()) in notes


def test_a_tune_by_itself_has_what_its_file_says_of_all(run: Run, folder: Path) -> None:
    (folder / "odd.abc").write_bytes(ODD)
    run("redo", "odd.abc", "--tune", "2", "--bars", "2", "--pick", "1", *SPELLING)
    assert logged(run, 1)["abc"].startswith("T:Café\nM:2/4\nR:reel\nN:mine\nL:1/4\nK:G\n")
    assert run("keep", "1", "Mine").exit_code == 0
    kept = (folder / "kept.abc").read_text(encoding="utf-8")
    assert kept.startswith("X:1\nT:Mine\nM:2/4\nR:reel\nN:mine\nL:1/4\nN:abclm ")
    assert ", redo --tune 2 --bars 2, seed 1 number " in kept
    assert not [one for one in validate(kept) if one.rule != "octave"]


def test_a_title_in_windows_1252_is_read_as_its_author_sees_it(run: Run, folder: Path) -> None:
    (folder / "odd.abc").write_bytes(WINDOWS)
    run("redo", "odd.abc", "--bars", "2", "--pick", "1", "--in-place", *SEED)
    assert logged(run, 1)["abc"].startswith("T:Café\u2019s \x81\n")
    assert (folder / "odd.abc").read_bytes().startswith(WINDOWS[:16])


def test_each_stands_below_what_it_was_made_from(run: Run, whole: Path) -> None:
    args = ("--pick", "1", "--in-place", *SPELLING)
    run("redo", whole, "--bars", "2", *args)
    run("redo", whole, "--bars", "3", *args)
    run("keep", "2", "Kept")
    run("second-part", "kept.abc", "--in-place", *SPELLING)
    run("redo", whole, "--bars", "4", *args)
    assert [logged(run, number)["parent"] for number in range(1, 5)] == [None, 1, 2, 2]
    depths = [len(depth) for depth in re.findall(r"(?m)^ *\d+ +", run("history").stdout)]
    assert [depth - depths[0] for depth in depths] == [0, 2, 4, 4]


@pytest.mark.parametrize(
    ("args", "logs"),
    [
        (["redo", "--bars", "2"], False),
        (["redo", "--bars", "2", "--json"], False),
        (["redo", "--bars", "2", "--json", "--pick", "1"], True),
        (["second-part", "--show"], False),
        (["second-part", "--json"], True),
    ],
)
def test_what_is_only_looked_at_is_not_logged(
    run: Run, whole: Path, args: list[str], logs: bool
) -> None:
    done = run(args[0], whole, *args[1:], *SPELLING)
    assert done.exit_code == 0
    assert bool(run("history").stdout) is logs
    if logs:
        assert json.loads(done.stdout)["id"] == 1


def test_from_standard_input(run: Run) -> None:
    run("second-part", "-", *SPELLING, stdin=WHOLE)
    assert ") second-part -, 20" in run("history").stdout
    assert run("replay", "1").exit_code == 0


def test_another_model_of_the_same_name_is_refused(run: Run, whole: Path, spelling: Path) -> None:
    from abclm.model.checkpoint.checkpoint import load_checkpoint
    from abclm.model.checkpoint.tensor_file import save_tensors

    run("second-part", whole, *SPELLING)
    weights = dict(load_checkpoint(spelling).weights)
    weights["dense/bias"] = weights["dense/bias"] + 1
    save_tensors(spelling / "weights.safetensors", weights)
    done = run("replay", "1")
    assert done.exit_code == 2
    assert "no longer the one that made tune 1" in done.stderr


def test_what_comes_out_otherwise_is_told(run: Run, whole: Path) -> None:
    run("redo", whole, "--bars", "2", "--pick", "1", *SPELLING)
    for values in ("text = text || 'z'", "number = 999"):
        change(values)
        done = run("replay", "1")
        assert done.exit_code == 1
        assert done.stderr == "not the same as tune 1: see abclm show 1\n"


def test_more_and_tweak_say_that_they_go_on_from_a_prompt(run: Run, whole: Path) -> None:
    run("redo", whole, "--bars", "2", "--pick", "1", *SPELLING)
    for args in (("more", "1"), ("tweak", "1", "--seed", "2")):
        done = run(*args)
        assert done.exit_code == 2
        assert done.stderr.startswith("abclm: tune 1 was made by redo whole.abc --bars 2: more and")


@pytest.mark.parametrize("settings", ["json_set(settings, '$.new', 1)", "'{}'"])
def test_settings_of_another_version_are_refused(run: Run, whole: Path, settings: str) -> None:
    run("second-part", whole, *SPELLING)
    change(f"settings = {settings}")
    done = run("replay", "1")
    assert done.exit_code == 2
    assert "settings of this second-part cannot be read" in done.stderr
    assert done.stderr.count("\n") == 1
