"""What abclm wrote says so, unless it is asked not to, and that is read back."""

import json
import re
from pathlib import Path

import pytest

import abclm
from abclm.api.provenance import provenance
from abclm.notation.check.validate import examine
from tests.cli.conftest import Run

MARK = f"abclm {abclm.__version__}"
TUNE = "X:1\nT:t\nM:2/4\nL:1/8\nK:G\nGABc|d4|]\n"
OUTPUTS = {
    "--midi": "t.mid",
    "--svg": "t.svg",
    "--html": "t.html",
    "--wav": "t.wav",
    "--musicxml": "t.musicxml",
    "--roll": "roll.svg",
}


@pytest.mark.parametrize("option", OUTPUTS)
def test_every_kind_of_file_has_the_mark(run: Run, folder: Path, option: str) -> None:
    pytest.importorskip("verovio")
    pytest.importorskip("midirenderer")
    (folder / "t.abc").write_text(TUNE, encoding="utf-8")
    name = OUTPUTS[option]
    assert run("render", "t.abc", option, name).exit_code == 0
    assert [one.mark for one in provenance(name)] == [MARK]
    assert run("show", "--provenance", name).stdout == f"{name}: {MARK}\n"
    assert run("render", "t.abc", option, name, "--no-mark").exit_code == 0
    done = run("show", "--provenance", name)
    assert done.exit_code == 1
    assert "nothing says" in done.stderr
    assert b"abclm" not in (folder / name).read_bytes()


def test_a_compressed_score_has_it_too(run: Run, folder: Path) -> None:
    (folder / "t.abc").write_text(TUNE, encoding="utf-8")
    assert run("render", "t.abc", "--musicxml", "t.mxl").exit_code == 0
    assert [one.mark for one in provenance("t.mxl")] == [MARK]


@pytest.mark.usefixtures("spelling")
def test_a_tune_in_a_book_says_how_it_was_made(run: Run, folder: Path) -> None:
    options = ["generate", "--checkpoint", "spelling", "--seed", "5"]
    done = run(*options, "-n", "2", "-o", "book.abc")
    assert done.exit_code == 0
    (first,) = re.findall(r"ids (\d+) to", done.stderr)
    text = (folder / "book.abc").read_text(encoding="utf-8")
    assert not any(examine(text))
    rows = json.loads(run("show", "--provenance", "book.abc", "--json").stdout)
    assert [row["number"] for row in rows] == ["1", "2"]
    assert all(row["mark"].startswith(f"{MARK} generate checkpoint=spelling:") for row in rows)
    assert [row["mark"][-15:] for row in rows] == ["seed=5 number=0", "seed=5 number=1"]
    assert run("keep", first, "Kept", "-o", "kept.abc").exit_code == 0
    assert f"X:1 Kept: {MARK} generate" in run("show", "--provenance", "kept.abc").stdout
    assert "abclm" not in run(*options).stdout


@pytest.mark.usefixtures("spelling")
def test_no_mark_leaves_it_out(run: Run, folder: Path) -> None:
    options = ["generate", "--checkpoint", "spelling", "--seed", "5", "--no-mark"]
    done = run(*options, "-o", "book.abc", "--midi", "t.mid")
    (first,) = re.findall(r"id (\d+)", done.stderr)
    run("keep", first, "Kept", "-o", "kept.abc", "--no-mark")
    for name in ("book.abc", "t.mid", "kept.abc"):
        assert b"abclm" not in (folder / name).read_bytes()
        assert run("show", "--provenance", name).exit_code == 1


def test_any_file_can_be_asked(run: Run, folder: Path) -> None:
    for name, data in (("a.mxl", b"PK\x03\x04 no zip"), ("b.mid", b"MThd"), ("c.xyz", b"\0\1")):
        (folder / name).write_bytes(data)
        assert run("show", "--provenance", name).exit_code in {1, 2}
    assert run("show", "--provenance").exit_code == 2
    assert run("show", "--provenance", "missing.abc").exit_code == 2
