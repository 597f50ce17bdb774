"""``abclm convert``: other files as ABC."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.reading.xml_files import attributes, compressed, note, score

BAR = note("C4", 16)
GOOD = score([attributes() + BAR])
SPLIT = score([attributes() + BAR, note("D4", 12), note("E4", 4), BAR])


@pytest.fixture
def files(folder: Path) -> Path:
    """A folder with two scores, one of them in a folder inside, and a file of another kind."""
    (folder / "in" / "deep").mkdir(parents=True)
    (folder / "in" / "b.mxl").write_bytes(compressed(GOOD))
    (folder / "in" / "deep" / "a.musicxml").write_bytes(SPLIT)
    (folder / "in" / "readme.txt").write_text("no score", encoding="utf-8")
    return folder / "in"


def test_one_file_goes_to_stdout(run: Run, files: Path) -> None:
    done = run("convert", files / "b.mxl")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "X:1\nT:b\nM:4/4\nL:1/8\nK:C\nC8 |]\n"


def test_a_folder_becomes_a_book_in_the_order_of_names(run: Run, files: Path, folder: Path) -> None:
    done = run("convert", files, "-o", "book.abc")
    assert (done.exit_code, done.stdout) == (0, "")
    joined = f"{files}/deep/a.musicxml: a measure that was split at the end of a phrase: joined"
    assert done.stderr == f"{joined}\nwritten: book.abc\n"
    text = (folder / "book.abc").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line[:2] in {"X:", "T:"}] == [
        "X:1",
        "T:b",
        "X:2",
        "T:a",
    ]
    assert run("validate", "--strict", "book.abc").exit_code == 0


def test_broken_files_are_named_and_the_others_converted(run: Run, files: Path) -> None:
    (files / "a.xml").write_bytes(b"<score-partwise>")
    done = run("convert", files, files / "missing.mxl")
    assert done.exit_code == 2
    assert done.stdout.count("X:") == 2
    broken, *_, missing = done.stderr.splitlines()
    assert broken.startswith(f"abclm: {files}/a.xml: is not well-formed XML")
    assert missing == f"abclm: {files}/missing.mxl: cannot be read: no such file or directory"


def test_nothing_is_written_if_nothing_could_be_read(run: Run, folder: Path) -> None:
    (folder / "a.xml").write_bytes(b"")
    assert run("convert", "a.xml", "-o", "book.abc").exit_code == 2
    assert not (folder / "book.abc").exists()


def test_a_report_as_json(run: Run, files: Path) -> None:
    (files / "c.xml").write_bytes(b"")
    rows = json.loads(run("convert", files, "--json").stdout)
    assert [row["path"][len(str(files)) + 1 :] for row in rows] == [
        "b.mxl",
        "c.xml",
        "deep/a.musicxml",
    ]
    assert rows[0]["abc"].startswith("X:1\nT:b\n")
    assert rows[1]["error"] == f"{files}/c.xml: is empty"
    assert rows[2]["number"] == 2
    assert rows[2]["remarks"] == [
        {"text": "a measure that was split at the end of a phrase: joined", "option": None}
    ]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["empty"], "abclm: empty: has no file to read: *.mid, *.midi, *.xml, *.musicxml, *.mxl"),
        (["in/b.mxl", "-o", "in/b.mxl"], "abclm: in/b.mxl: ABC is not written to a .mxl file"),
        (["in/b.mxl", "-o", "no/b.abc"], "abclm: no/b.abc: cannot be written: no folder no"),
    ],
)
def test_wrong_use(run: Run, files: Path, folder: Path, args: list[str], message: str) -> None:
    (folder / "empty").mkdir()
    done = run("convert", *args)
    assert done.exit_code == 2
    assert done.stderr.startswith(message)
    assert (files / "b.mxl").exists()
