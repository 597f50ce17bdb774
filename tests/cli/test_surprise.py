import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import SPELT, Run

TUNES = Path(__file__).parents[1] / "tunes" / "valid"
ODD = (
    "free text\n\nX:4\nT:Ünïc\nC:me\nM:6/8\nL:1/8\nK:Am\n"
    '"Am"e2 {^g}a .b [ce]3 | % chord\nw: la la\n~^c3 z3 |\n'
)


def test_notes_and_bits_of_each_bar_where_there_is_no_terminal(run: Run, spelling: Path) -> None:
    done = run("surprise", "-", "--checkpoint", "spelling", stdin="X:1\n" + SPELT)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[:2] == ["bar 1: G 0.0  A 0.0  B 0.0  c 0.0", "bar 2: d2 0.0  d2 0.0"]
    assert lines[3] == "bar 4: d4 0.0"
    assert lines[4:] == ["0.00 bits per character", "0.00 bits per note"]


def test_what_was_expected_is_told_at_its_place(run: Run, spelling: Path) -> None:
    text = ("X:1\n" + SPELT).replace("d2d2", "d2 g2")
    done = run("surprise", "-", "--places", "1", "--checkpoint", "spelling", stdin=text)
    assert re.search(r"^6:9: bar 2: g2 \d+\.\d bits; the model expected d2 \(100%\)$",
                     done.stdout, re.MULTILINE)  # fmt: skip


def test_json_has_every_note_at_its_place_in_the_users_text(run: Run) -> None:
    done = run("surprise", "-", "--json", stdin=ODD)
    table = json.loads(done.stdout)
    places = [(note["text"], note["line"], note["column"]) for note in table["notes"]]
    assert places == [("e2", 9, 5), ("a", 9, 12), ("b", 9, 15), ("[ce]3", 9, 17),
                      ("^c3", 11, 2), ("z3", 11, 6)]  # fmt: skip
    assert table["text"].startswith("T:Ünïc\nM:6/8\nL:1/8\nK:Am\ne2")
    assert (table["left_out"], table["checkpoint"]) == ([], "irish")
    assert not done.stderr
    assert 0 < table["bits_per_character"] < 20


def test_characters_that_the_model_does_not_know_are_left_out_and_named(
    run: Run, spelling: Path
) -> None:
    text = ("X:1\n" + SPELT).replace("d2d2", "~d2d2")
    done = run("surprise", "-", "--json", "--checkpoint", "spelling", stdin=text)
    assert json.loads(done.stdout)["left_out"] == [" ", "~"]
    assert "left out, because the model does not know these characters" in done.stderr


def test_of_a_book_the_first_tune_or_the_one_that_is_named(run: Run) -> None:
    book = TUNES / "several_tunes.abc"
    numbers = [
        json.loads(run("surprise", book, "--json", *args).stdout)["reference_number"]
        for args in ((), ("--tune", "2"))
    ]
    assert numbers == ["1", "2"]


def test_of_several_voices_the_first_is_read(run: Run) -> None:
    text = "X:1\nT:t\nM:2/4\nL:1/8\nK:G\nV:1\nGABc|\nV:2\nd4|\n"
    done = run("surprise", "-", "--json", stdin=text)
    assert [note["text"] for note in json.loads(done.stdout)["notes"]] == list("GABc")
    assert "the tune has several voices: only the first is read" in done.stderr


@pytest.mark.slow
def test_every_note_of_a_tune_is_found_again(run: Run) -> None:
    for path in sorted(TUNES.glob("*.abc")):
        assert run("surprise", path).exit_code == 0, path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_on_a_terminal_the_tune_itself_is_coloured(folder: Path) -> None:
    import pty

    (folder / "odd.abc").write_text(ODD.replace("\n", "\r\n"))
    master, slave = pty.openpty()
    environment = {**os.environ, "COLORTERM": "truecolor", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "abclm", "surprise", "odd.abc"]
    subprocess.run(
        command, cwd=folder, stdout=slave, stderr=subprocess.DEVNULL, env=environment, check=True
    )
    os.close(slave)
    shown = os.read(master, 1 << 16).decode().replace("\r\n", "\n")
    os.close(master)
    assert "\x1b[38;2;" in shown
    assert "\x1b[0m" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert plain.startswith(ODD.partition("\n\n")[2].rstrip("\n") + "\nbits:  0 ")


@pytest.mark.parametrize(
    ("args", "text", "message"),
    [
        ([], "no tune", "no tune found"),
        ([], "X:1\nT:t\nK:G\n", "X:1 has no notes"),
        (["--tune", "3"], "X:1\nT:t\nK:G\nG|\n", "no X:3; there are: 1"),
        (["--places", "-1"], "X:1\nK:G\nG|\n", "--places must be 0 or more"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    run: Run, args: list[str], text: str, message: str
) -> None:
    done = run("surprise", "-", *args, stdin=text)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
